"""Threads for requests: each request has one to itself, and leaves it to the next one when it needs it no more.

A thread for each request, and another one that waits for its end, as asgiref makes them by itself, cost more than many
a request.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from threading import Lock
from typing import Any

from asgiref.sync import SyncToAsync, ThreadSensitiveContext

MOST_IDLE = 8


class RequestThread(ThreadPoolExecutor):
    """One thread. A request that was given up may leave it while its view still runs: it is idle after that."""

    def __init__(self) -> None:
        super().__init__(max_workers=1, thread_name_prefix="request")
        self._lock = Lock()
        self._open = 0
        self._then: Callable[[], None] | None = None

    def when_idle(self, then: Callable[[], None]) -> None:
        with self._lock:
            if self._open:
                self._then = then
                return
        then()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        with self._lock:
            self._open += 1
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._note_done)
        return future

    def _note_done(self, _future: "Future[Any]") -> None:
        with self._lock:
            self._open -= 1
            then = None if self._open else self._then
            if then:
                self._then = None
        if then:
            then()


class Lease:
    """A request's hold on its thread, which ends once."""

    def __init__(self, thread: RequestThread, at_rest: Callable[[RequestThread], None]) -> None:
        self.thread, self._at_rest = thread, at_rest
        self._ended = False

    def end(self) -> None:
        if not self._ended:
            self._ended = True
            self.thread.when_idle(lambda: self._at_rest(self.thread))


_lease: ContextVar[Lease | None] = ContextVar("lease", default=None)


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
            thread = RequestThread()
        lease = Lease(thread, self._at_rest)
        before = _lease.set(lease)
        try:
            async with ThreadSensitiveContext(executor=thread):
                yield
        finally:
            _lease.reset(before)
            lease.end()

    def _at_rest(self, thread: RequestThread) -> None:
        if len(self.idle) < MOST_IDLE:
            self.idle.append(thread)
        else:
            thread.shutdown(wait=False)


def leave_thread() -> None:
    """Before the request is over, whose answer lasts: what it asks of Django from here on is done in another thread."""
    lease, context = _lease.get(), SyncToAsync.thread_sensitive_context.get(None)
    if lease and context and SyncToAsync.context_to_thread_executor.get(context) is lease.thread:
        del SyncToAsync.context_to_thread_executor[context]
        lease.end()
