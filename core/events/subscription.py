"""One listener's view of the events: where it stands, what it has missed, and how much it may be told at a time."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from core.events.access import Credential
from core.events.channels import Position
from core.events.listener import READY_S, Listener, current
from core.events.recent import Recent
from core.events.storage import Stored
from core.schemas import Channel

# Proxies and routers cut connections on which nothing happens; most wait for half a minute at least.
KEEP_ALIVE_S = 15.0
# Between two looks: what happens meanwhile is told together, and of each task only the last when it is much.
PAUSE_S = 0.25
BYTES_PER_S = 128 * 1024


@dataclass(frozen=True)
class Batch:
    """What to tell next; nothing at all means that it is time for a sign of life."""

    start: Position
    reset: list[Channel] = field(default_factory=list)
    events: list[Stored] = field(default_factory=list)
    away: bool = False
    """nothing can be heard for now; a reset follows when it can again"""

    @property
    def size(self) -> int:
        return sum(len(event.data) for event in self.events)


class Subscription:
    """To be iterated over once; ends when its credential is refused."""

    def __init__(self, channels: Sequence[Channel], credential: Credential, brought: Position) -> None:
        self.credential = credential
        self.ended = False
        self.must_reset = False
        self._said_away = False
        self._channels = channels
        # Where this listener stands in each channel: the age of what it was told, and the number it was told last.
        # A number that it brought along has no age: it counts only when nothing is missing after it.
        self._cursor: dict[Channel, tuple[int | None, int]] = {name: (None, id_) for name, id_ in brought.items()}
        self._listener: Listener = current()
        self._listener.join(self)

    async def stand(self) -> None:
        """Fixes where this listener begins, before it is told that it listens; without Redis it will be reset later."""
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                await self._listener.ready.wait()
            for channel in self._channels:
                recent = self._listener.recent[channel]
                self._cursor.setdefault(channel, (recent.age, recent.last))

    async def batches(self) -> AsyncIterator[Batch]:
        """The first comes at once and says where this listener stands, the others when there is something to say."""
        batch = self._look()
        try:
            while not self.ended:
                yield batch
                if batch.events or batch.reset:
                    await asyncio.sleep(max(PAUSE_S, batch.size / BYTES_PER_S))
                batch = await self._next()
        finally:
            self._listener.subscribers.discard(self)

    async def _next(self) -> Batch:
        batch = self._look()
        while not (batch.events or batch.reset or batch.away or self.ended):
            happened = await self._listener.wait(KEEP_ALIVE_S)
            batch = self._look()
            if not happened:
                break
        return batch

    def _look(self) -> Batch:
        batch = Batch(start={}, away=self._listener.away and not self._said_away)
        self._said_away = self._listener.away
        if self._listener.ready.is_set():
            for channel in self._channels:
                self._look_at(self._listener.recent[channel], batch)
            batch.events.sort(key=lambda event: event.id)
            self.must_reset = False
        return batch

    def _look_at(self, recent: Recent, batch: Batch) -> None:
        age, number = self._cursor.get(recent.channel, (None, -1))
        news = recent.since(number) if age is None else recent.news(number) if age == recent.age else None
        if news is None or self.must_reset:
            batch.reset.append(recent.channel)
            batch.start[recent.channel] = recent.last
        else:
            batch.events.extend(news)
            batch.start[recent.channel] = number
        self._cursor[recent.channel] = (recent.age, recent.last)
