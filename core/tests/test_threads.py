"""Threads of requests: one for each, left to the next, and never to two at once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async

from core.threads import MOST_IDLE, Threads, leave_thread


async def ask(threads: Threads, do: Callable[[], Any] = threading.get_ident) -> Any:
    async with threads.one():
        return await sync_to_async(do)()


async def test_one_request_after_the_other_has_the_same_thread() -> None:
    threads = Threads()
    assert len({await ask(threads) for _ in range(5)}) == 1


async def test_requests_at_the_same_time_wait_for_nobody() -> None:
    threads, together = Threads(), threading.Barrier(3, timeout=10)
    await asyncio.gather(*(ask(threads, together.wait) for _ in range(3)))
    assert len(threads.idle) == 3


async def test_all_of_a_request_is_in_one_thread_and_another_within_it_has_its_own() -> None:
    threads = Threads()
    async with threads.one():
        outer = [await sync_to_async(threading.get_ident)() for _ in range(3)]
        inner = await asyncio.create_task(ask(threads))
    assert len(set(outer)) == 1
    assert inner not in outer


async def test_a_thread_that_was_left_in_the_middle_is_nobody_elses_until_it_is_done() -> None:
    threads, begun, go_on = Threads(), threading.Event(), threading.Event()

    def linger() -> int:
        begun.set()
        go_on.wait(10)
        return threading.get_ident()

    seen: list[int] = []
    given_up = asyncio.create_task(ask(threads, lambda: seen.append(linger())))
    await asyncio.to_thread(begun.wait, 10)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    other = await ask(threads)
    assert len(threads.idle) == 1
    go_on.set()
    while len(threads.idle) < 2:
        await asyncio.sleep(0.01)
    assert other not in seen


async def test_a_thread_that_is_left_before_the_end_is_the_next_ones_and_left_once() -> None:
    threads = Threads()
    async with threads.one():
        first = await sync_to_async(threading.get_ident)()
        leave_thread()
        leave_thread()
        assert await asyncio.create_task(ask(threads)) == first
        assert await sync_to_async(threading.get_ident)() != first
    assert len(threads.idle) == 1


async def test_few_are_kept() -> None:
    threads, together = Threads(), threading.Barrier(MOST_IDLE + 3, timeout=10)
    await asyncio.gather(*(ask(threads, together.wait) for _ in range(MOST_IDLE + 3)))
    assert len(threads.idle) == MOST_IDLE
