"""What is said to one person alone: an ear at an address hears it while it is open, and is told when it missed some."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from core.events.access import Credential
from core.events.listener import READY_S, Listener, current

MOST_UNHEARD = 200
"""further behind than this, one asks anew"""


@dataclass(frozen=True)
class Heard:
    """What was said since the last time; nothing at all is a sign of life."""

    said: list[dict[str, Any]]
    missed: bool = False
    """something may have been said that was not heard"""


class Ear:
    """To be iterated over once; ends when its credential is refused."""

    def __init__(self, address: str, credential: Credential) -> None:
        self.address = address
        self.credential = credential
        self.ended = False
        self.must_reset = False
        self._unheard: deque[dict[str, Any]] = deque()
        self._rung = asyncio.Event()
        self._listener: Listener = current()
        self._listener.join(self)
        self._listener.ears.add(self)

    async def open(self) -> None:
        """Returns once nothing can fall between what is read now and what is heard; without Redis it is told later."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self._listener.ready.wait()

    def hear(self, said: dict[str, Any]) -> None:
        if len(self._unheard) >= MOST_UNHEARD:
            self._unheard.clear()
            self.must_reset = True
        self._unheard.append(said)
        self._rung.set()

    def wake(self) -> None:
        if self.must_reset or self.ended:
            self._rung.set()

    async def words(self, patience_s: Callable[[], float]) -> AsyncIterator[Heard]:
        """When there is something to hear, and when nothing was said for so many seconds."""
        try:
            while not self.ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience_s()):
                        await self._rung.wait()
                self._rung.clear()
                heard = Heard(list(self._unheard), self.must_reset)
                self._unheard.clear()
                self.must_reset = False
                if not self.ended:
                    yield heard
        finally:
            self.close()

    def close(self) -> None:
        self._listener.ears.discard(self)
        self._listener.subscribers.discard(self)
