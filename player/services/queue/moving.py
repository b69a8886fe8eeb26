"""Moves entries: those that are named, before another or to the end; the others stay where they are."""

from player.models import PlayQueue
from player.schemas.queue import Move
from player.services.queue.entries import following, present, put_at, room
from player.services.queue.work import Work


def move(work: Work, asked: Move) -> None:
    """In the order in which they are named."""
    queue = work.queue
    there = present(queue, [*asked.entries, *([asked.before] if asked.before else [])])
    moved = [entry for entry in dict.fromkeys(asked.entries) if entry in there]
    work.gone = [entry for entry in asked.entries if entry not in there]
    if not moved:
        return
    before = asked.before
    if before is not None and before not in there:
        work.gone.append(before)
        before = None
    before = _that_stays(queue, before, moved)
    places = room(queue, before, len(moved), without=moved)
    put_at(queue, dict(zip(moved, places, strict=True)))
    work.ops.append({"op": "move", "entries": moved, "before": before})


def _that_stays(queue: PlayQueue, before: int | None, moved: list[int]) -> int | None:
    """Before one that is moved itself means before the first behind it that is not."""
    return following(queue, before, without=moved) if before in moved and before is not None else before
