"""Takes back a remove, a clear or a replace; what has happened since stays as it is."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from core.errors import Conflict, NotFound
from player.models import PlayQueue, QueueCommand
from player.schemas.queue import MOST_ENTRIES, Restore
from player.services.queue.entries import entries_of, first_of, held, in_order, present, room, write
from player.services.queue.removing import take
from player.services.queue.work import Op, Work

MOST_RUNS = 20
Rows = Sequence[dict[str, Any]]


def restore(work: Work, asked: Restore) -> None:
    queue = work.queue
    command = QueueCommand.objects.filter(queue=queue, key=asked.of).first()
    if command is None or command.before is None:
        raise NotFound(
            "This cannot be taken back any more.", hint="A remove, a clear or a replace can be, once, for a while."
        )
    was = command.before
    _take_made(work, was.get("made", []))
    if not entries_of(queue).exists():
        queue.shuffled, queue.origin = was["shuffled"], was["origin"]
    _put_back(work, _still_possible(work, was["removed"]), was["spacing"])
    _stand_as_before(work, was)
    QueueCommand.objects.filter(pk=command.pk).update(before=None)


def _take_made(work: Work, made: Sequence[int]) -> None:
    """What a replace has brought."""
    queue = work.queue
    there = present(queue, made)
    if queue.current_id in there:
        queue.current_id = None
    if there:
        take(work, [entry for entry in made if entry in there])


def _still_possible(work: Work, rows: Rows) -> Rows:
    """Without tracks that were deleted since."""
    known = held(row["track_id"] for row in rows)
    found = [row for row in rows if row["track_id"] in known]
    if not found and not work.ops:
        raise Conflict("There is nothing left to be taken back.")
    if len(found) + work.queue.entries.count() > MOST_ENTRIES:
        raise Conflict(f"A queue holds {MOST_ENTRIES:,} entries at most.", hint="Take some out first.")
    return found


def _put_back(work: Work, rows: Rows, spacing: int) -> None:
    """At their places, if places still mean what they meant; at the end otherwise."""
    queue = work.queue
    if not rows:
        return
    free = not entries_of(queue).filter(place__in=[row["place"] for row in rows]).exists()
    same = spacing == queue.spacing or not entries_of(queue).exists()
    places = [row["place"] for row in rows] if same and free else room(queue, None, len(rows))
    put = [{**row, "place": place} for row, place in zip(rows, places, strict=True)]
    write(queue, _remembering(queue, put))
    work.ops += put_back_ops(in_order(queue), {row["id"]: row["track_id"] for row in rows})


def _remembering(queue: PlayQueue, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A queue that is shuffled knows of each entry where it stands when it is not."""
    if not queue.shuffled:
        return [{**row, "unshuffled_place": None} for row in rows]
    lost = [row for row in rows if row["unshuffled_place"] is None]
    for row, place in zip(lost, room(queue, None, len(lost), column="unshuffled_place"), strict=True):
        row["unshuffled_place"] = place
    return rows


def put_back_ops(order: Sequence[int], tracks: dict[int, int]) -> list[Op]:
    """Each run of them before the entry that stands behind it; where these are many, at the end and in order."""
    pairs = [[entry, tracks[entry]] for entry in order if entry in tracks]
    runs = [(new, list(members)) for new, members in groupby(order, key=lambda entry: entry in tracks)]
    if sum(new for new, _members in runs) > MOST_RUNS:
        return [{"op": "insert", "before": None, "entries": pairs}, {"op": "order", "order": list(order)}]
    return [
        {
            "op": "insert",
            "before": runs[number + 1][1][0] if number + 1 < len(runs) else None,
            "entries": [[entry, tracks[entry]] for entry in members],
        }
        for number, (new, members) in enumerate(runs)
        if new
    ]


def _stand_as_before(work: Work, was: dict[str, Any]) -> None:
    """Where nothing is current any more; what has begun to play meanwhile goes on."""
    queue = work.queue
    if queue.current_id is not None:
        return
    entry, position_ms = was["current"], was["position_ms"]
    if entry is None or not present(queue, [entry]):
        entry, position_ms = first_of(queue), 0
    work.go_to(entry, position_ms)
    if entry is not None and queue.state == PlayQueue.State.STOPPED:
        queue.state = PlayQueue.State.PAUSED
