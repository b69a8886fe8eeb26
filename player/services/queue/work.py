"""A command at work: the queue whose row it holds, and what becomes of it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from player.models import Device, PlayQueue
from player.selectors.queue import as_text, position_now

Op = dict[str, Any]


@dataclass
class Work:
    """What handlers change: the queue's own columns, and beside them the operations on its entries."""

    queue: PlayQueue
    now: datetime
    sender: Device | None
    ops: list[Op] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    before: dict[str, Any] | None = None
    """what it takes to take it back"""

    def go_to(self, entry_id: int | None, position_ms: int = 0) -> None:
        self.queue.current_id = entry_id
        self.stand_at(position_ms)

    def stand_at(self, position_ms: int) -> None:
        self.queue.position_ms = position_ms
        self.queue.at = self.now

    def halt(self, state: PlayQueue.State, position_ms: int | None = None) -> None:
        """Where it is just now, unless somebody knows better."""
        self.stand_at(position_now(self.queue, self.now) if position_ms is None else position_ms)
        self.queue.state = state


def standing(queue: PlayQueue) -> dict[str, Any]:
    """What of the queue itself is told, as it is told."""
    return {
        "current": queue.current_id,
        "position_ms": queue.position_ms,
        "at": as_text(queue.at),
        "state": str(queue.state),
        "repeat": str(queue.repeat),
        "shuffled": queue.shuffled,
        "device": queue.device.key if queue.device else None,
        "origin": queue.origin,
    }


def change_of(was: dict[str, Any], queue: PlayQueue) -> Op | None:
    """Position and moment are one thing, and nothing where nothing else happened to them than time."""
    now = standing(queue)
    changed = {name: value for name, value in now.items() if value != was[name]}
    if not changed:
        return None
    if {"position_ms", "at", "current", "state"} & changed.keys():
        changed |= {"position_ms": now["position_ms"], "at": now["at"]}
    return {"op": "set", **changed}
