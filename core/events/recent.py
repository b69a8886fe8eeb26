"""What this process remembers of a channel, so that a hundred listeners cost Redis one subscription and no reading."""

import json
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from core.events.storage import KEPT, Stored
from core.schemas import Channel

# A listener that is no more than this behind gets every event; one that is further behind, the last of each task.
PLENTY = 32


@dataclass
class Recent:
    """The last events one by one, and the last event of each task (a notification stands for itself)."""

    channel: Channel
    last: int = 0
    # Changes whenever what was handed out before cannot be continued from: every cursor of an earlier age is void.
    age: int = 0
    forgotten: int = 0
    tail: deque[Stored] = field(default_factory=lambda: deque(maxlen=KEPT))
    latest: OrderedDict[str, Stored] = field(default_factory=OrderedDict)

    def load(self, last: int, stored: list[Stored]) -> None:
        """Takes over what Redis holds; continues seamlessly where that contains the past that we know."""
        if last < self.last:
            # Redis lost its data and the clock went back, or an old copy was restored: our past is not its past.
            self.begin_at(0)
        for event in stored:
            self.add(event)
        if self.last != last:
            self.begin_at(last)

    def add(self, event: Stored) -> None:
        """Takes the next event; one that is known already (published while we were reading) changes nothing."""
        if event.id <= self.last:
            return
        if event.prev != self.last:
            self.begin_at(event.prev)
        self.last = event.id
        self.tail.append(event)
        subject = _subject(event)
        self.latest.pop(subject, None)
        self.latest[subject] = event
        if len(self.latest) > KEPT:
            self.forgotten = self.latest.popitem(last=False)[1].id

    def begin_at(self, number: int) -> None:
        """Nothing from before this number can be continued."""
        self.tail.clear()
        self.latest.clear()
        self.last = self.forgotten = number
        self.age += 1

    def since(self, number: int) -> list[Stored] | None:
        """Each event after a number that somebody brings along; None when something between is missing."""
        if number == self.last:
            return []
        found = _newer(reversed(self.tail), number)
        return found if found and found[0].prev == number else None

    def news(self, number: int) -> list[Stored] | None:
        """What a listener of this age should be told, as short as it can be while ending with the true state."""
        if number >= self.last:
            return []
        exact = self.since(number) if self._is_near(number) else None
        if exact is not None:
            return exact
        return _newer(reversed(self.latest.values()), number) if number >= self.forgotten else None

    def _is_near(self, number: int) -> bool:
        return len(self.tail) <= PLENTY or self.tail[-PLENTY - 1].id <= number


def _newer(events: Iterator[Stored], number: int) -> list[Stored]:
    return list(takewhile(lambda event: event.id > number, events))[::-1]


def _subject(event: Stored) -> str:
    """What a later event of the same subject makes superfluous."""
    if event.channel is Channel.PROGRESS:
        try:
            return str(json.loads(event.data)["task_id"])
        except (ValueError, KeyError, TypeError):
            pass
    return str(event.id)
