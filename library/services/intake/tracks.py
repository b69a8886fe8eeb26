"""The rows of tracks: which are there already, which a person has locked, which are new or changed."""

from collections.abc import Collection, Iterable
from typing import Any

from library.models import LibraryRoot
from library.services.intake.incoming import Incoming, Known
from library.services.intake.track_columns import COLUMNS, TAG_COLUMNS, columns_of, kept_by_lock
from library.services.statements import Record, array, execute, new_ids

NAMES = ", ".join(COLUMNS)
OURS = ", ".join(f"t.{name}" for name in COLUMNS)
THEIRS = ", ".join(f"r.{name}" for name in COLUMNS)
ROWS = Record("r", {"id": "bigint", **COLUMNS})
# A row without a root may be what a removed folder has left behind, or a path that somebody wrote down.
LOOK_UP = """
    SELECT path, cue_index, id, audio_hash, album_id, available, locked_fields, root_id FROM tracks
    WHERE path = ANY(%(paths)s::text[])
      AND (root_id = %(root)s OR root_id IS NULL)
"""
LOCKED = f"SELECT id, {', '.join(TAG_COLUMNS)} FROM tracks WHERE id = ANY(%(ids)s)"  # noqa: S608
INSERT = f"""
    INSERT INTO tracks (id, {NAMES}, available, locked_fields, date_added, date_modified)
    SELECT r.id, {THEIRS}, true, '{{}}', now(), now() FROM {ROWS}
"""  # noqa: S608
UPDATE = f"""
    UPDATE tracks t SET ({NAMES}, available, missing_since, date_modified) = ({THEIRS}, true, NULL, now())
    FROM {ROWS} WHERE t.id = r.id
      AND (({OURS}) IS DISTINCT FROM ({THEIRS}) OR NOT t.available OR t.missing_since IS NOT NULL)
    RETURNING t.id
"""  # noqa: S608


def look_up(root: LibraryRoot, rows: Iterable[Incoming]) -> list[int]:
    """Notes for each row which track it is, if its path is known; names tracks of these files that are none of them."""
    by_place = {row.place: row for row in rows}
    values = {"paths": array({path for path, _cue in by_place}), "root": root.pk}
    stale = []
    for path, cue_index, number, audio_hash, album_id, available, locked, root_id in execute(LOOK_UP, values):
        row = by_place.get((path, cue_index))
        if row is None:
            if available and root_id is not None:
                stale.append(number)
        elif row.known is None or root_id is not None:
            # The root's own row comes before one without a root.
            row.known = Known(number, audio_hash, album_id, available, frozenset(locked), elsewhere=root_id is None)
            row.track_id = number
    return stale


def respect_locks(rows: Iterable[Incoming]) -> None:
    """What is locked is not even looked at: no artist and no album is made for a word that does not count."""
    for row in rows:
        if row.known and row.known.locked:
            if row.is_locked("artists"):
                row.artists, row.roles = [], []
            if row.is_locked("album"):
                row.album, row.album_id = None, row.known.album_id


def write_tracks(root: LibraryRoot, rows: list[Incoming]) -> set[int]:
    """Inserts the new ones, updates those that differ; says which known ones did."""
    new = [row for row in rows if row.known is None]
    for row, number in zip(new, new_ids("tracks", len(new)), strict=True):
        row.track_id = number
    if new:
        execute(INSERT, ROWS.of([columns_of(row, root.pk) for row in new]))
    known = {row.track_id: columns_of(row, root.pk) for row in rows if row.known}
    locked = {row.track_id: row.known.locked for row in rows if row.known and row.known.locked}
    return update_tracks(known, locked)


def update_tracks(known: dict[int, dict[str, Any]], locked: dict[int, frozenset[str]]) -> set[int]:
    """Makes rows be as told, except where a person has locked them; a row that is so already is not touched."""
    if not known:
        return set()
    _keep_locked(known, locked)
    return {number for (number,) in execute(UPDATE, ROWS.of(list(known.values())))}


def _keep_locked(known: dict[int, dict[str, Any]], locked: dict[int, frozenset[str]]) -> None:
    if not locked:
        return
    for number, *values in execute(LOCKED, {"ids": list(locked)}):
        kept = kept_by_lock(locked[number])
        there = dict(zip(TAG_COLUMNS, values, strict=True))
        known[number] |= {column: there[column] for column in kept}


def forget_absences(ids: Collection[int]) -> None:
    """What was found is not absent."""
    execute("DELETE FROM scan_absences WHERE track_id = ANY(%(ids)s)", {"ids": list(ids)})
