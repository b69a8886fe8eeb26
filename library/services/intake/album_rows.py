"""Writes albums, their artists in order, and their keys."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from library.services.intake.album_facts import COLUMNS, facts_of, is_empty, kept_by_lock
from library.services.intake.artists import Named, named_credit
from library.services.intake.incoming import Incoming, joins
from library.services.statements import Record, execute, new_ids

NAMES = ", ".join(COLUMNS)
ROWS = Record("r", {"id": "bigint", **COLUMNS})
KEYS = Record("r", {"key": "text", "id": "bigint"})
CREDITS = Record("r", {"album": "bigint", "artist": "bigint", "position": "smallint", "join_phrase": "text"})
INSERT = f"""
    INSERT INTO albums (id, {NAMES}, locked_fields, date_added, date_modified)
    SELECT id, {NAMES}, '{{}}', now(), now() FROM {ROWS}
"""  # noqa: S608
UPDATE = f"""
    UPDATE albums a SET ({NAMES}, date_modified) = ({", ".join(f"r.{name}" for name in COLUMNS)}, now())
    FROM {ROWS} WHERE a.id = r.id
"""  # noqa: S608
FORGET_KEYS = "DELETE FROM album_keys WHERE album_id = ANY(%(ids)s)"
INSERT_KEYS = f"""
    INSERT INTO album_keys (key, album_id) SELECT key, id FROM {KEYS}
    ON CONFLICT DO NOTHING
"""  # noqa: S608
FORGET_CREDITS = f"""
    DELETE FROM album_artist c WHERE c.album_id = ANY(%(albums)s) AND NOT EXISTS (
        SELECT 1 FROM {CREDITS} WHERE r.album = c.album_id AND r.artist = c.artist_id
    )
"""  # noqa: S608
INSERT_CREDITS = f"""
    INSERT INTO album_artist (album_id, artist_id, position, join_phrase)
    SELECT album, artist, position, join_phrase FROM {CREDITS}
    ON CONFLICT (album_id, artist_id) DO UPDATE SET position = excluded.position, join_phrase = excluded.join_phrase
    WHERE (album_artist.position, album_artist.join_phrase) IS DISTINCT FROM (excluded.position, excluded.join_phrase)
"""  # noqa: S608


@dataclass(slots=True, eq=False)
class AlbumRow:
    """An album's row, there or to come."""

    id: int = 0
    columns: dict[str, Any] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    adopted_by: str = ""
    renamed: bool = False

    @classmethod
    def loaded(cls, number: int, columns: Sequence[Any], locked: Sequence[str]) -> "AlbumRow":
        return cls(number, dict(zip(COLUMNS, columns, strict=True)), frozenset(locked))

    @property
    def mbid(self) -> str:
        return str(self.columns.get("musicbrainz_albumid") or "")


def write_albums(
    found: Sequence[tuple[AlbumRow, list[Incoming], list[str]]], artists: dict[Named, int], spent: list[int]
) -> None:
    """Makes the new ones, changes those of which the files say something else now, notes the keys of all."""
    rows: dict[AlbumRow, list[Incoming]] = defaultdict(list)
    for album, incoming, _keys in found:
        rows[album] += incoming
    made = [album for album in rows if not album.id]
    for album, number in zip(made, new_ids("albums", len(made)), strict=True):
        album.id = number
    facts = {album: facts_of(incoming, artists) for album, incoming in rows.items()}
    if made:
        execute(INSERT, ROWS.of([{"id": album.id, **facts[album]} for album in made]))
    new = set(made)
    changed = [{"id": album.id, **wanted} for album in rows if album not in new and (wanted := _changed(album, facts))]
    if changed:
        execute(UPDATE, ROWS.of(changed))
    _write_credits(rows, new, artists)
    if spent:
        execute(FORGET_KEYS, {"ids": spent})
    _write_keys(found, new)


def _changed(album: AlbumRow, facts: dict[AlbumRow, dict[str, Any]]) -> dict[str, Any] | None:
    """What the album's columns become; a file that is silent about something does not unsay it."""
    kept = kept_by_lock(album.locked)
    wanted = {
        column: album.columns[column] if column in kept or is_empty(column, value) else value
        for column, value in facts[album].items()
    }
    return wanted if wanted != album.columns else None


def _write_credits(rows: dict[AlbumRow, list[Incoming]], new: set[AlbumRow], artists: dict[Named, int]) -> None:
    credits, known = [], []
    for album, incoming in rows.items():
        if album.locked & {"artists", "album_artist", "album_artist_id"}:
            continue
        if album not in new:
            known.append(album.id)
        credits += _credits(album, incoming, artists)
    if not credits:
        return
    values = CREDITS.of(credits)
    if known:
        execute(FORGET_CREDITS, {**values, "albums": known})
    execute(INSERT_CREDITS, values)


def _credits(album: AlbumRow, incoming: list[Incoming], artists: dict[Named, int]) -> list[dict[str, Any]]:
    tags = next(row.album for row in incoming if row.album)
    found: dict[int, dict[str, Any]] = {}
    for place, (credit, join) in enumerate(zip(tags.artists, joins(tags.artists), strict=True)):
        artist = artists[named_credit(credit)]
        found.setdefault(artist, {"album": album.id, "artist": artist, "position": place, "join_phrase": join})
    return list(found.values())


def _write_keys(found: Sequence[tuple[AlbumRow, list[Incoming], list[str]]], new: set[AlbumRow]) -> None:
    """A new album is found by its tags as well as by its id; one that is there already only by what was told now."""
    keys = [
        {"key": key, "id": album.id}
        for album, _incoming, (best, *rest) in found
        for key in (best, *(rest if album in new else ()))
    ]
    execute(INSERT_KEYS, KEYS.of(keys))
