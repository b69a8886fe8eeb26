"""Finds the albums that files belong to, and makes those that are new.

An album is known by its MusicBrainz id, else by its artists, title, version and date. Dates are what taggers agree on
least: within one folder (the discs of one album count as one) the same artists and title are the same album.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from library.engine.names import album_stem, as_mbid
from library.models import LibraryRoot
from library.services.intake.album_rows import AlbumRow, write_albums
from library.services.intake.artists import Named
from library.services.intake.incoming import Incoming, short_name
from library.services.statements import execute

DISC = re.compile(r"(?:cd|dis[ck]|disque|vol(?:ume)?)[ ._-]*\d{1,3}[^/]*/$", re.IGNORECASE)
COLUMN_LIST = """
    a.id, a.title, a.sort_title, a.album_artist_id, a.artist_credit, a.version, a.release_year, a.year,
    a.original_year, a.compilation, a.support, a.release_type, a.label, a.catalog_number, a.barcode,
    a.musicbrainz_albumid, a.musicbrainz_releasegroupid, a.locked_fields
"""
KNOWN = f"""
    SELECT k.key, {COLUMN_LIST} FROM album_keys k JOIN albums a ON a.id = k.album_id WHERE k.key = ANY(%(keys)s)
"""  # noqa: S608
BY_ID = f"SELECT '', {COLUMN_LIST} FROM albums a WHERE a.id = ANY(%(ids)s)"  # noqa: S608
IN_FOLDERS = """
    SELECT DISTINCT t.folder, k.key FROM tracks t JOIN album_keys k ON k.album_id = t.album_id
    WHERE t.root_id = %(root)s AND t.folder = ANY(%(folders)s) AND t.available AND k.key LIKE 'tags:%%'
"""
LEFT = "SELECT album_id, count(*) FROM tracks WHERE album_id = ANY(%(ids)s) AND available GROUP BY album_id"


@dataclass(slots=True)
class Group:
    """The rows of a batch that are of one album."""

    stem: str
    mbid: str
    rows: list[Incoming] = field(default_factory=list)
    date: str = ""
    row: AlbumRow | None = None

    @property
    def keys(self) -> list[str]:
        """The better one first."""
        by_tags = f"{self.stem}{self.date}"
        return [f"mb:{self.mbid}", by_tags] if self.mbid else [by_tags]


def albums_for(root: LibraryRoot, rows: list[Incoming], artists: dict[Named, int]) -> set[int]:
    """Gives each row the number of its album; says which albums they are."""
    with_album = [row for row in rows if row.album]
    if not with_album:
        return set()
    finder = Finder(root, _groups(with_album))
    finder.find()
    write_albums([(group.row, group.rows, group.keys) for group in finder.groups if group.row], artists, finder.spent)
    for group in finder.groups:
        for row in group.rows:
            row.album_id = group.row.id if group.row else None
    return {row.album_id for row in with_album if row.album_id}


def _groups(rows: list[Incoming]) -> list[Group]:
    """Without an id: by folder first, so that the files of one album agree on one date."""
    by_place: dict[tuple[str, str, str], Group] = {}
    for row in rows:
        album = row.album
        if album is None:
            continue
        mbid = as_mbid(album.musicbrainz_albumid)
        names = [short_name(credit.name) for credit in album.artists]
        stem = album_stem(names, short_name(album.title), version=album.version)
        place = (mbid, "", "") if mbid else ("", stem, album_folder(row.tags.folder))
        by_place.setdefault(place, Group(stem, mbid)).rows.append(row)
    for group in by_place.values():
        group.date = _date(group.rows)
    return list(by_place.values())


def album_folder(folder: str) -> str:
    """The folder that holds the whole album: the discs of one are folders within it."""
    return DISC.sub("", folder)


def _date(rows: list[Incoming]) -> str:
    dates = Counter((row.album.release_date or row.album.year or "").strip()[:20] for row in rows if row.album)
    return min(dates, key=lambda date: (-dates[date], date))


class Finder:
    """Looks for each group's album, from the surest way to the least."""

    def __init__(self, root: LibraryRoot, groups: list[Group]) -> None:
        self.root = root
        self.groups = groups
        self.by_key: dict[str, AlbumRow] = {}
        self.by_id: dict[int, AlbumRow] = {}
        self.spent: list[int] = []
        """albums whose old keys lead nowhere any more, because all of their files say something else now"""

    def find(self) -> None:
        self._load(KNOWN, {"keys": [key for group in self.groups for key in group.keys]})
        for group in self.groups:
            group.row = self._by_keys(group)
        self._by_folder()
        self._by_tracks()
        for group in self.groups:
            group.row = group.row or self._shared(group) or AlbumRow()
            for key in group.keys:
                self.by_key.setdefault(key, group.row)

    def _load(self, statement: str, values: dict[str, object]) -> None:
        for key, number, *columns, locked in execute(statement, values):
            row = self.by_id.get(number) or AlbumRow.loaded(number, columns, locked)
            self.by_id[number] = row
            if key:
                self.by_key[key] = row

    def _by_keys(self, group: Group) -> AlbumRow | None:
        best, *rest = group.keys
        row = self.by_key.get(best)
        return row or (self._adoptable(self.by_key.get(rest[0]), group) if rest else None)

    def _adoptable(self, row: AlbumRow | None, group: Group) -> AlbumRow | None:
        """What was known by its tags alone takes the id that its files have now."""
        if row is None or row.mbid or row.adopted_by not in {"", group.mbid}:
            return None
        row.adopted_by = group.mbid
        self.by_key[group.keys[0]] = row
        return row

    def _shared(self, group: Group) -> AlbumRow | None:
        """What another group of this batch has just found or made: the same album in two folders."""
        row = self.by_key.get(group.keys[0])
        return row if row else None

    def _by_folder(self) -> None:
        """The album that lies there already, under another date."""
        open_ = [group for group in self.groups if group.row is None]
        folders = {row.tags.folder for group in open_ for row in group.rows}
        if not folders:
            return
        there: dict[str, set[str]] = defaultdict(set)
        for folder, key in execute(IN_FOLDERS, {"root": self.root.pk, "folders": list(folders)}):
            there[folder].add(key)
        if not there:
            return
        found: dict[int, str] = {}
        for number, group in enumerate(open_):
            keys = {key for row in group.rows for key in there[row.tags.folder] if key.startswith(group.stem)}
            if keys:
                found[number] = min(keys)
        self._load(KNOWN, {"keys": list(found.values())})
        for number, key in found.items():
            group, row = open_[number], self.by_key.get(key)
            if row and group.mbid:
                row = self._adoptable(row, group)
            group.row = row

    def _by_tracks(self) -> None:
        """An album all of whose files say something else now is still that album: it was retagged."""
        leaving: dict[int, list[tuple[Group, int]]] = defaultdict(list)
        for group in self.groups:
            if group.row is None:
                came_from = Counter(row.known.album_id for row in group.rows if row.known and row.known.album_id)
                for album_id, count in came_from.items():
                    leaving[album_id].append((group, count))
        if not leaving:
            return
        taken = {group.row.id for group in self.groups if group.row}
        counts = dict(execute(LEFT, {"ids": list(leaving)}))
        renamed = {
            album_id: groups[0][0]
            for album_id, groups in leaving.items()
            if len(groups) == 1 and groups[0][1] >= counts.get(album_id, 0) and album_id not in taken
        }
        self._load(BY_ID, {"ids": list(renamed)})
        for album_id, group in renamed.items():
            row = self.by_id.get(album_id)
            if row and group.row is None:
                group.row = row
                row.renamed = True
                self.spent.append(album_id)
