"""Brings tracks into a queue: beside those that are there, or in their stead."""

from collections.abc import Sequence
from random import SystemRandom
from typing import Any

from core.errors import Conflict, NotFound
from player.models import PlayQueue
from player.schemas.queue import MOST_ENTRIES, Add, Bringing, Replace, Shuffle
from player.selectors.sources import tracks_meant
from player.services.queue.entries import Row, following, held, present, put_in
from player.services.queue.playing import start
from player.services.queue.removing import empty, note_as_it_is
from player.services.queue.shuffling import shuffle
from player.services.queue.work import Work


def add(work: Work, asked: Add) -> None:
    queue = work.queue
    count = queue.entries.count()
    rows = _rows(work, asked, most=MOST_ENTRIES - count)
    before = _before(work, asked)
    work.made = _put(work, rows, before, remembered_before=_remembered(queue, asked, before))
    if not count:
        queue.origin = rows[0].origin
    if asked.where == "now" and asked.before is None:
        work.go_to(work.made[0])
        start(work)
    elif queue.current_id is None:
        work.go_to(work.made[0])


def replace(work: Work, asked: Replace) -> None:
    """Everything that was there goes; it can be taken back."""
    queue = work.queue
    rows = _rows(work, asked, most=MOST_ENTRIES)
    note_as_it_is(work)
    empty(work)
    work.made = _put(work, rows, None, remembered_before=None)
    work.before = {**(work.before or {}), "made": work.made}
    queue.origin = rows[0].origin
    work.go_to(_first(rows, work.made, asked))
    if asked.shuffled:
        shuffle(work, Shuffle(command="shuffle"))
    start(work)


def _rows(work: Work, asked: Bringing, *, most: int) -> list[Row]:
    origin: dict[str, Any] | None = None
    tracks: Sequence[int] = asked.tracks or []
    if asked.source is not None:
        tracks, origin = tracks_meant(asked.source)
    if asked.origin is not None:
        origin = asked.origin.model_dump()
    known = held(tracks)
    work.gone = sorted(set(tracks) - known)
    rows = [Row(track, origin) for track in tracks if track in known]
    if not rows:
        raise NotFound("There is no such track.")
    if len(rows) > most:
        raise Conflict(f"A queue holds {MOST_ENTRIES:,} entries at most.", hint="Take some out, or replace it.")
    return rows


def _put(work: Work, rows: Sequence[Row], before: int | None, *, remembered_before: int | None) -> list[int]:
    made = put_in(work.queue, rows, before=before, remembered_before=remembered_before)
    entries = [[entry, row.track_id] for entry, row in zip(made, rows, strict=True)]
    work.ops.append({"op": "insert", "before": before, "entries": entries})
    return made


def _before(work: Work, asked: Add) -> int | None:
    """The entry before which they go; one that is gone is as if it had been the end."""
    queue = work.queue
    if asked.before is not None:
        if present(queue, [asked.before]):
            return asked.before
        work.gone.append(asked.before)
        return None
    if asked.where == "last" or queue.current_id is None:
        return None
    return following(queue, queue.current_id)


def _remembered(queue: PlayQueue, asked: Add, before: int | None) -> int | None:
    """The same place in the order to which unshuffling returns: there too what comes next follows what plays."""
    if not queue.shuffled or asked.before is not None or asked.where == "last" or queue.current_id is None:
        return before if asked.before is not None else None
    return following(queue, queue.current_id, column="unshuffled_place")


def _first(rows: Sequence[Row], made: Sequence[int], asked: Replace) -> int:
    if asked.start is not None:
        found = (entry for entry, row in zip(made, rows, strict=True) if row.track_id == asked.start)
        return next(found, made[0])
    return SystemRandom().choice(made) if asked.shuffled else made[0]
