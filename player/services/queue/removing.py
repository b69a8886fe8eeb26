"""Takes entries out, and notes what it takes to put them back."""

from collections.abc import Sequence

from player.models import PlayQueue
from player.schemas.queue import Clear, Remove
from player.services.queue.entries import following, in_order, present, take_out
from player.services.queue.work import Work


def remove(work: Work, asked: Remove) -> None:
    """What plays is followed by what stood behind it."""
    queue = work.queue
    there = present(queue, asked.entries)
    work.gone = [entry for entry in asked.entries if entry not in there]
    if not there:
        return
    note_as_it_is(work)
    if queue.current_id in there:
        _go_behind(work, there)
    take(work, [entry for entry in asked.entries if entry in there])


def clear(work: Work, asked: Clear) -> None:
    queue = work.queue
    note_as_it_is(work)
    if asked.keep_current and queue.current_id is not None:
        others = [entry for entry in in_order(queue) if entry != queue.current_id]
        if others:
            take(work, others)
    else:
        empty(work)


def empty(work: Work) -> None:
    """Of everything, the order to which unshuffling returned included."""
    queue = work.queue
    entries = in_order(queue)
    queue.shuffled = False
    queue.origin = None
    work.go_to(None)
    queue.state = PlayQueue.State.STOPPED
    if entries:
        take(work, entries)


def note_as_it_is(work: Work) -> None:
    """What taking back needs to know besides the entries themselves."""
    queue = work.queue
    work.before = {
        "current": queue.current_id,
        "position_ms": queue.position_ms,
        "shuffled": queue.shuffled,
        "origin": queue.origin,
        "spacing": queue.spacing,
        "removed": [],
    }


def take(work: Work, entries: Sequence[int]) -> None:
    rows = take_out(work.queue, entries)
    if work.before is not None:
        work.before["removed"] = rows
    work.ops.append({"op": "remove", "entries": [row["id"] for row in rows]})


def _go_behind(work: Work, going: set[int]) -> None:
    queue = work.queue
    after = following(queue, queue.current_id, without=list(going)) if queue.current_id else None
    if after is None:
        queue.state = PlayQueue.State.STOPPED
        after = next((entry for entry in in_order(queue) if entry not in going), None)
    work.go_to(after)
