"""Rows of a queue, by sets: put in, taken out, moved, given places anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Subquery

from library.services.statements import Record, execute, new_ids
from player.engine.places import GAP, behind, between
from player.models import PlayQueue, QueueEntry

ENTRIES = Record(
    "n", {"id": "bigint", "track_id": "bigint", "place": "bigint", "unshuffled_place": "bigint", "origin": "jsonb"}
)
PLACES = Record("n", {"id": "bigint", "place": "bigint"})
NEW = f"""
    INSERT INTO queue_entries (id, queue_id, track_id, place, unshuffled_place, origin)
    SELECT n.id, %(queue)s, n.track_id, n.place, n.unshuffled_place, n.origin
    FROM {ENTRIES}
"""  # noqa: S608
MOVED = f"""
    UPDATE queue_entries e SET place = n.place FROM {PLACES}
    WHERE e.id = n.id AND e.queue_id = %(queue)s
"""  # noqa: S608
SPACED = """
    UPDATE queue_entries e SET {column} = n.number * %(gap)s
    FROM (
      SELECT id, row_number() OVER (ORDER BY {column}, id) AS number FROM queue_entries WHERE queue_id = %(queue)s
    ) n WHERE e.id = n.id
"""
# The place of an entry, and the one before it.
AROUND = """
    SELECT (SELECT max(b.{column}) FROM queue_entries b
      WHERE b.queue_id = e.queue_id AND b.{column} < e.{column} AND b.id <> ALL(%(without)s)), e.{column}
    FROM queue_entries e WHERE e.queue_id = %(queue)s AND e.id = %(id)s
"""
OUT = """
    DELETE FROM queue_entries WHERE queue_id = %(queue)s AND id = ANY(%(ids)s)
    RETURNING id, track_id, place, unshuffled_place, origin
"""
# Held until the end, so that none of them is deleted in between.
HELD = "SELECT id FROM tracks WHERE id = ANY(%(ids)s) FOR KEY SHARE"


@dataclass(frozen=True)
class Row:
    """An entry to be."""

    track_id: int
    origin: dict[str, Any] | None = None


def entries_of(queue: PlayQueue) -> QuerySet[QueueEntry]:
    return QueueEntry.objects.filter(queue=queue)


def present(queue: PlayQueue, ids: Iterable[int]) -> set[int]:
    return set(entries_of(queue).filter(pk__in=list(ids)).values_list("pk", flat=True))


def in_order(queue: PlayQueue) -> list[int]:
    return list(entries_of(queue).order_by("place").values_list("pk", flat=True))


def held(track_ids: Iterable[int]) -> set[int]:
    """Those of these tracks that there are."""
    return {number for (number,) in execute(HELD, {"ids": list(track_ids)})}


def following(queue: PlayQueue, entry_id: int, *, without: Sequence[int] = (), column: str = "place") -> int | None:
    """The entry behind this one."""
    rows = entries_of(queue).filter(**{f"{column}__gt": _place(queue, entry_id, column)})
    rows = rows.exclude(pk__in=without) if without else rows
    return rows.order_by(column).values_list("pk", flat=True).first()


def preceding(queue: PlayQueue, entry_id: int) -> int | None:
    rows = entries_of(queue).filter(place__lt=_place(queue, entry_id, "place"))
    return rows.order_by("-place").values_list("pk", flat=True).first()


def _place(queue: PlayQueue, entry_id: int, column: str) -> Subquery:
    return Subquery(entries_of(queue).filter(pk=entry_id).values(column))


def first_of(queue: PlayQueue) -> int | None:
    return entries_of(queue).order_by("place").values_list("pk", flat=True).first()


def last_of(queue: PlayQueue) -> int | None:
    return entries_of(queue).order_by("-place").values_list("pk", flat=True).first()


def put_in(queue: PlayQueue, rows: Sequence[Row], *, before: int | None, remembered_before: int | None) -> list[int]:
    """Before an entry, or at the end; where the queue is shuffled, also where they stand once it is not."""
    if not rows:
        return []
    ids = new_ids("queue_entries", len(rows))
    places = room(queue, before, len(rows))
    remembered: Sequence[int | None] = [None] * len(rows)
    if queue.shuffled:
        remembered = room(queue, remembered_before, len(rows), column="unshuffled_place")
    write(queue, [
        {"id": pk, "track_id": row.track_id, "place": place, "unshuffled_place": other, "origin": row.origin}
        for pk, row, place, other in zip(ids, rows, places, remembered, strict=True)
    ])  # fmt: skip
    return ids


def write(queue: PlayQueue, rows: Sequence[dict[str, Any]]) -> None:
    execute(NEW, {"queue": queue.pk, **ENTRIES.of(rows)})


def put_at(queue: PlayQueue, places: Mapping[int, int]) -> None:
    """Entries that are there already."""
    rows = [{"id": pk, "place": place} for pk, place in places.items()]
    execute(MOVED, {"queue": queue.pk, **PLACES.of(rows)})


def take_out(queue: PlayQueue, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Those that were there, by their places."""
    names = ("id", "track_id", "place", "unshuffled_place", "origin")
    rows = [dict(zip(names, row, strict=True)) for row in execute(OUT, {"queue": queue.pk, "ids": list(ids)})]
    return sorted(rows, key=lambda row: row["place"])


def room(
    queue: PlayQueue, before: int | None, count: int, *, column: str = "place", without: Sequence[int] = ()
) -> list[int]:
    """So many places before an entry, or at the end; without those of entries that are about to move."""
    found = _room(queue, before, count, column, without)
    if found is None:
        space(queue, column)
        found = _room(queue, before, count, column, without)
    if found is None:
        raise OverflowError("A queue has no room, however its places are given.")
    return found


def _room(queue: PlayQueue, before: int | None, count: int, column: str, without: Sequence[int]) -> list[int] | None:
    if before is None:
        rows = entries_of(queue).exclude(pk__in=without) if without else entries_of(queue)
        return behind(rows.aggregate(most=Max(column))["most"] or 0, count)
    values = {"queue": queue.pk, "id": before, "without": list(without)}
    ((low, high),) = execute(AROUND.format(column=column), values)
    return between(high - 2 * GAP if low is None else low, high, count)


def space(queue: PlayQueue, column: str = "place") -> None:
    """Gives all of them places anew, in the order in which they stand."""
    execute(SPACED.format(column=column), {"queue": queue.pk, "gap": GAP})
    queue.spacing += 1
