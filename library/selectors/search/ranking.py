"""Which tracks, artists, albums and genres answer a request, the nearest first; bounded whatever is asked.

Three ways lead to a candidate, each through an index and each with a limit: it bears the very name, its name begins so,
its document has the words. Only candidates are ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from library.engine.asked import Asked
from library.engine.words import namesakes
from library.models import SearchName
from library.schemas.search import SearchFilters
from library.selectors.search.vocabulary import what_was_meant

MOST_TRACKS = 300
MOST_NAMES = 100
# Of names that merely begin so: enough for what is looked at first.
MOST_BEGINNING = 100
# So few that something else may have been meant.
FEW = 3
LAST_LETTER = "\U0010ffff"
KINDS = tuple(SearchName.Kind.values)

# Of lyrics, of genres and tags, of the album, of title and artists.
WEIGHTS = "'{0.05, 0.2, 0.4, 1.0}'"
NEARNESS = """
    CASE WHEN {name} = %(name)s THEN 4 WHEN {name} = ANY(%(same)s) THEN 3
      WHEN {name} >= %(name)s AND {name} < %(after)s THEN 2
      WHEN {name} >= %(article)s AND {name} < %(article_after)s THEN 2 ELSE 0 END
"""
# ruff: noqa: S608  (the pieces of these statements are our own; what is asked is given beside them)


@dataclass
class Ranking:
    """Ids by group, the nearest first; small enough to be kept in the cache."""

    tracks: list[int] = field(default_factory=list)
    artists: list[int] = field(default_factory=list)
    albums: list[int] = field(default_factory=list)
    genres: list[int] = field(default_factory=list)
    more: bool = False
    meant: str | None = None
    loosely: bool = False

    @property
    def count(self) -> int:
        return len(self.tracks) + len(self.artists) + len(self.albums) + len(self.genres)


def ranked(asked: Asked, filters: SearchFilters) -> tuple[Ranking, Asked]:
    """All words; else what was meant by them; else any of them. With the request as it was answered."""
    found = _answer(asked, asked.all_words(), filters)
    if found.count >= FEW:
        return found, asked
    meant = what_was_meant(asked)
    if meant:
        better = _answer(meant, meant.all_words(), filters)
        if better.count > found.count:
            better.meant = meant.meant
            return better, meant
    if found.count or len(asked.wanted) < 2:
        return found, asked
    loose = meant or asked
    found = _answer(loose, loose.any_word(), filters)
    found.loosely = found.count > 0
    found.meant = loose.meant if meant and found.count else None
    return found, loose


def _answer(asked: Asked, words: str, filters: SearchFilters) -> Ranking:
    names = ranked_names(asked, words, filters)
    tracks = ranked_tracks(asked, words, filters)
    return Ranking(
        tracks=tracks[:MOST_TRACKS],
        artists=names[SearchName.Kind.ARTIST],
        albums=names[SearchName.Kind.ALBUM],
        genres=names[SearchName.Kind.GENRE],
        more=len(tracks) > MOST_TRACKS,
    )


def given_of(asked: Asked, words: str, most: int) -> dict[str, Any]:
    """What the statements are given."""
    name = asked.name
    article = f"the {name}"
    return {
        "words": words,
        "name": name,
        "after": name + LAST_LETTER if name else "",
        "same": namesakes(name) if name else [],
        "article": article,
        "article_after": article + LAST_LETTER if name else article,
        "most": most,
        "beginning": min(most, MOST_BEGINNING),
    }


def ranked_tracks(asked: Asked, words: str, filters: SearchFilters, most: int = MOST_TRACKS + 1) -> list[int]:
    """Ids of tracks; one more than can be paged through, where there are more."""
    narrowed, given = conditions(filters, "d.track_id")
    return _ids(
        f"""
        WITH found AS MATERIALIZED ({track_arms(narrowed)})
        SELECT d.track_id FROM found, {row_of("search_documents", "track_id")} d
        ORDER BY {tracks_order()} LIMIT %(most)s
        """,
        given | given_of(asked, words, most),
    )


def track_arms(narrowed: str = "", *, sung: bool = True) -> str:
    """A query for the ids of candidates. Lyrics are asked where names do not suffice: they hold every common word."""

    def arm(condition: str, most: str) -> str:
        return f"(SELECT d.track_id FROM search_documents d WHERE {condition} {narrowed} LIMIT {most})"

    rest = "(SELECT greatest(%(most)s - count(*), 0) FROM said)"
    lyrics = "d.lyrics @@ %(words)s::tsquery AND NOT d.document @@ %(words)s::tsquery"
    return f"""
        WITH said AS MATERIALIZED {arm("d.document @@ %(words)s::tsquery", "%(most)s")}
        SELECT track_id FROM said
        UNION {arm("d.title = ANY(%(same)s)", "%(beginning)s")}
        UNION {arm("d.title >= %(name)s AND d.title < %(after)s", "%(beginning)s")}
        {f"UNION {arm(lyrics, rest)}" if sung else ""}
    """


def row_of(table: str, key: str, of: str = "found") -> str:
    """The row of each candidate by its key: a planner that overrates their number would read the whole table."""
    return f"LATERAL (SELECT * FROM {table} r WHERE r.{key} = {of}.{key} OFFSET 0)"


def tracks_order() -> str:
    """The order of candidates, in a query that calls their documents d."""
    rank = f"ts_rank_cd({WEIGHTS}, d.document, %(words)s::tsquery)"
    return f"{NEARNESS.format(name='d.title')} DESC, {rank} DESC, d.track_id"


def ranked_names(asked: Asked, words: str, filters: SearchFilters, most: int = MOST_NAMES) -> dict[str, list[int]]:
    """Ids of artists, albums and genres."""
    with connection.cursor() as cursor:
        cursor.execute(f"{names_statement()} SELECT kind, entity_id FROM named", given_of(asked, words, most))
        rows = cursor.fetchall()
    found = {kind: [pk for of, pk in rows if of == kind] for kind in KINDS}
    return _narrowed(found, filters) if filters else found


def names_statement() -> str:
    """A table "named" of kind, entity_id, place and tracks, in order."""
    arms = (
        "n.name = ANY(%(same)s)",
        "n.name >= %(name)s AND n.name < %(after)s AND n.kind = '{kind}'",
        "n.name >= %(article)s AND n.name < %(article_after)s AND n.kind = '{kind}'",
        "n.document @@ %(words)s::tsquery AND n.kind = '{kind}'",
    )
    found = " UNION ".join(
        f"(SELECT n.id FROM search_names n WHERE {arm.format(kind=kind)} LIMIT %(most)s)"
        for arm in arms
        for kind in (KINDS if "{kind}" in arm else KINDS[:1])
    )
    return f"""
        WITH found AS MATERIALIZED ({found}), placed AS (
          SELECT n.kind, n.entity_id, n.tracks, row_number() OVER (PARTITION BY n.kind ORDER BY
            {NEARNESS.format(name="n.name")} DESC, ts_rank(n.document, %(words)s::tsquery) DESC, n.tracks DESC,
            n.entity_id) AS place
          FROM found, {row_of("search_names", "id")} n
        ), named AS (SELECT * FROM placed WHERE place <= %(most)s ORDER BY kind, place)
    """


def _ids(statement: str, given: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row[0] for row in cursor.fetchall()]


def conditions(filters: SearchFilters, track: str) -> tuple[str, dict[str, Any]]:
    """What narrows tracks, to be added to a WHERE; `track` is the column of their ids."""
    parts: list[str] = []
    if filters.artist is not None:
        parts.append(
            f"EXISTS (SELECT 1 FROM track_artists l WHERE l.track_id = {track} AND l.artist_id = %(filter_artist)s)"
        )
    if filters.genre is not None:
        parts.append(
            f"EXISTS (SELECT 1 FROM track_genres l WHERE l.track_id = {track} AND l.genre_id = %(filter_genre)s)"
        )
    if filters.decade is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM tracks t LEFT JOIN albums a ON a.id = t.album_id WHERE"
            f" t.id = {track} AND coalesce(t.year_number, a.year) BETWEEN %(filter_decade)s AND %(filter_decade)s + 9)"
        )
    if filters.support is not None:
        parts.append(
            "EXISTS (SELECT 1 FROM tracks t JOIN albums a ON a.id = t.album_id"
            f" WHERE t.id = {track} AND a.support = %(filter_support)s)"
        )
    given = {f"filter_{name}": value for name, value in filters.model_dump().items() if value is not None}
    return "".join(f" AND {part}" for part in parts), given


def _narrowed(found: dict[str, list[int]], filters: SearchFilters) -> dict[str, list[int]]:
    """Of the names found: those with a track that the filters let through."""
    narrowed, given = conditions(filters, "l.track_id")
    has_track = {
        SearchName.Kind.ARTIST: f"SELECT 1 FROM track_artists l WHERE l.artist_id = asked.id {narrowed}",
        SearchName.Kind.ALBUM: (
            f"SELECT 1 FROM (SELECT id AS track_id, album_id FROM tracks) l WHERE l.album_id = asked.id {narrowed}"
        ),
        SearchName.Kind.GENRE: f"SELECT 1 FROM track_genres l WHERE l.genre_id = asked.id {narrowed}",
    }
    return {
        kind: _ids(
            f"SELECT asked.id FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS asked (id, place)"
            f" WHERE EXISTS ({has_track[SearchName.Kind(kind)]}) ORDER BY asked.place",
            given | {"ids": ids},
        )
        for kind, ids in found.items()
    }


def page_of(ids: Sequence[int], start: int, size: int) -> tuple[list[int], str | None]:
    """A page of what was ranked, and where the next one begins."""
    end = start + size
    return list(ids[start:end]), str(end) if end < len(ids) else None
