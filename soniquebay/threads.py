"""Threads for requests: each request has one to itself, and leaves it to the next one when all is done.

A thread for each request, and another one that waits for its end, as asgiref makes them by itself, cost more than many
a request.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from threading import Lock
from typing import Any

from asgiref.sync import ThreadSensitiveContext

MOST_IDLE = 8


class RequestThread(ThreadPoolExecutor):
    """One thread. A request that was given up may leave it while its view still runs: it is free after that."""

    def __init__(self, at_rest: Callable[["RequestThread"], None]) -> None:
        super().__init__(max_workers=1, thread_name_prefix="request")
        self._at_rest = at_rest
        self._lock = Lock()
        self._open = 0
        self._left = False

    def take(self) -> None:
        self._left = False

    def leave(self) -> None:
        with self._lock:
            self._left = True
            free = not self._open
        if free:
            self._at_rest(self)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        with self._lock:
            self._open += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._note_done)
        return future

    def _note_done(self, _future: "Future[Any]") -> None:
        with self._lock:
            self._open -= 1
            free = self._left and not self._open
        if free:
            self._at_rest(self)


class Threads:
    """Those that rest, the last used first, for what it needs is still near."""

    def __init__(self) -> None:
        self.idle: deque[RequestThread] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """For what is asked of Django inside of the block.

        It is of this block alone, also where another block's context was brought along: a connection that is kept
        alive is watched in the context of the request before, and brings the next one in it.
        """
        try:
            thread = self.idle.pop()
        except IndexError:
            thread = RequestThread(self._at_rest)
        thread.take()
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            thread.leave()

    def _at_rest(self, thread: RequestThread) -> None:
        if len(self.idle) < MOST_IDLE:
            self.idle.append(thread)
        else:
            thread.shutdown(wait=False)
