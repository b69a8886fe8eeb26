"""Finds the artists that files name, by their keys, and makes those that are new."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from library.engine.names import artist_key, as_mbid, folded, sort_key
from library.models import ArtistSplit
from library.schemas.scan import AlbumTags, Credit
from library.services.intake.incoming import UNKNOWN, Incoming, short_name
from library.services.statements import Record, execute, new_ids

KNOWN = """
    SELECT k.key, a.id, a.name, a.sort_name, coalesce(a.musicbrainz_artistid, ''), a.locked_fields
    FROM artist_keys k JOIN artists a ON a.id = k.artist_id WHERE k.key = ANY(%(keys)s)
"""
MADE = Record("r", {"id": "bigint", "name": "text", "sort_name": "text", "mbid": "text"})
INSERT = f"""
    INSERT INTO artists (id, name, sort_name, musicbrainz_artistid, locked_fields, date_added, date_modified)
    SELECT id, name, sort_name, nullif(mbid, ''), '{{}}', now(), now()
    FROM {MADE}
"""  # noqa: S608
CHANGED = Record("r", {"id": "bigint", "sort_name": "text", "mbid": "text"})
UPDATE = f"""
    UPDATE artists a SET sort_name = r.sort_name, musicbrainz_artistid = nullif(r.mbid, ''), date_modified = now()
    FROM {CHANGED} WHERE a.id = r.id
"""  # noqa: S608
KEYS = Record("r", {"key": "text", "id": "bigint"})
INSERT_KEYS = f"""
    INSERT INTO artist_keys (key, artist_id) SELECT key, id FROM {KEYS}
    ON CONFLICT DO NOTHING
"""  # noqa: S608


class Named(NamedTuple):
    """An artist as a file names it; equal when a scan takes both for one.

    A tuple, for thousands are looked up, and the hash of a data class is a function in Python.
    """

    folded: str
    mbid: str = ""


@dataclass(slots=True)
class Row:
    """An artist's row, there or to come."""

    id: int
    name: str
    sort_name: str
    mbid: str
    locked: frozenset[str]
    made: bool = False
    changed: bool = False


@lru_cache(maxsize=8_192)
def named(name: str, mbid: str | None) -> Named:
    return Named(folded(short_name(name)), as_mbid(mbid))


def named_credit(credit: Credit) -> Named:
    return named(credit.name, credit.musicbrainz_id)


def apply_splits(rows: list[Incoming]) -> None:
    """A person's word that one name in files stands for several people comes before everything that is found."""
    splits = {
        split.key: [Credit(name=part["name"], join=part.get("join", "")) for part in split.parts]
        for split in ArtistSplit.objects.exclude(parts=[])
    }
    if not splits:
        return
    for row in rows:
        row.artists = _taken_apart(row.artists, splits)
        if row.album:
            row.album = row.album.model_copy(update={"artists": _taken_apart(row.album.artists, splits)})


def _taken_apart(credits: list[Credit], splits: dict[str, list[Credit]]) -> list[Credit]:
    found: list[Credit] = []
    for credit in credits:
        parts = splits.get(folded(short_name(credit.name)), [credit])
        found += parts[:-1]
        found.append(parts[-1].model_copy(update={"join": credit.join}) if parts[-1] is not credit else credit)
    return found


def artists_for(rows: list[Incoming], albums: Iterable[AlbumTags]) -> dict[Named, int]:
    """The number of every artist that these rows name."""
    wanted: dict[Named, Credit] = {}
    for row in rows:
        for credit in row.artists or [UNKNOWN]:
            _note(wanted, credit)
        for role in row.roles:
            name = named(role.name, role.musicbrainz_id)
            if name not in wanted:
                wanted[name] = Credit(name=role.name, musicbrainz_id=role.musicbrainz_id)
    for album in albums:
        for credit in album.artists:
            _note(wanted, credit)
    return Finder(wanted).found()


def _note(wanted: dict[Named, Credit], credit: Credit) -> None:
    """By the first of its names, with the first word on how to sort it."""
    name = named_credit(credit)
    known = wanted.setdefault(name, credit)
    if credit.sort and not known.sort:
        wanted[name] = known.model_copy(update={"sort": credit.sort})


class Finder:
    """Those with a MusicBrainz id first: a bare name then means one of them, if it can."""

    def __init__(self, wanted: dict[Named, Credit]) -> None:
        self.wanted = dict(sorted(wanted.items(), key=lambda item: (not item[0].mbid, item[0].folded, item[0].mbid)))
        self.keys: dict[str, Row] = {}
        self.new: list[Row] = []
        self.new_keys: list[tuple[str, Row]] = []

    def found(self) -> dict[Named, int]:
        self._load()
        rows = {name: self._row(name, credit) for name, credit in self.wanted.items()}
        self._write()
        return {name: row.id for name, row in rows.items()}

    def _load(self) -> None:
        keys = {key for name, credit in self.wanted.items() for key in self._keys(name, credit)}
        rows: dict[int, Row] = {}
        for key, number, name, sort_name, mbid, locked in execute(KNOWN, {"keys": list(keys)}):
            self.keys[key] = rows.setdefault(number, Row(number, name, sort_name, mbid, frozenset(locked)))

    def _keys(self, name: Named, credit: Credit) -> tuple[str, ...]:
        by_name = artist_key(short_name(credit.name))
        return (artist_key("", name.mbid), by_name) if name.mbid else (by_name,)

    def _row(self, name: Named, credit: Credit) -> Row:
        best, *rest = self._keys(name, credit)
        row = self.keys.get(best)
        if row is None and rest:
            row = self._adopted(self.keys.get(rest[0]), name.mbid)
        if row is None:
            row = self._made(name, credit)
        for key in (best, *(rest if row.made else ())):
            if key not in self.keys:
                self.keys[key] = row
                self.new_keys.append((key, row))
        self._note_sort_name(row, credit)
        return row

    def _adopted(self, namesake: Row | None, mbid: str) -> Row | None:
        """Whoever was known by name alone, and has no other id, is the one whose id is told now."""
        if namesake is None or namesake.mbid or "musicbrainz_artistid" in namesake.locked:
            return None
        namesake.mbid = mbid
        namesake.changed = True
        return namesake

    def _made(self, name: Named, credit: Credit) -> Row:
        text = short_name(credit.name)
        row = Row(0, text, sort_key(text, credit.sort), name.mbid, frozenset(), made=True)
        self.new.append(row)
        return row

    def _note_sort_name(self, row: Row, credit: Credit) -> None:
        """A tag may say how a name is sorted that was sorted as it is written until now."""
        if credit.sort and row.sort_name == sort_key(row.name) and not row.locked & {"sort_name", "name"}:
            sort_name = sort_key(row.name, credit.sort)
            row.changed = row.changed or sort_name != row.sort_name
            row.sort_name = sort_name

    def _write(self) -> None:
        for row, number in zip(self.new, new_ids("artists", len(self.new)), strict=True):
            row.id = number
        if self.new:
            execute(INSERT, MADE.of([_columns(row) for row in self.new]))
        changed = {row.id: row for row in self.keys.values() if row.changed and not row.made}
        if changed:
            execute(UPDATE, CHANGED.of([_columns(row) for row in changed.values()]))
        if self.new_keys:
            keys = [{"key": key, "id": row.id} for key, row in self.new_keys]
            execute(INSERT_KEYS, KEYS.of(keys))


def _columns(row: Row) -> dict[str, object]:
    return {"id": row.id, "name": row.name, "sort_name": row.sort_name, "mbid": row.mbid}
