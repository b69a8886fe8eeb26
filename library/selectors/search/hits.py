"""What was found, as it is shown: ids become artists, albums, tracks and genres, in the order of their ranks.

One statement each, in plain SQL: this is read at every key that is pressed. What has gone meanwhile is left out.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from library.engine.asked import Asked
from library.engine.words import words_of
from library.schemas.search import AlbumHit, ArtistHit, GenreHit, TrackHit

SOURCES = ("title", "artists", "album", "genres", "tags")

ASKED = "unnest(%s::bigint[]) WITH ORDINALITY AS asked (id, place)"
SHOWN = "(SELECT c.image_id FROM covers c WHERE c.entity_type = '{kind}' AND c.entity_id = {pk} AND c.shown)"
COUNTED = """
    coalesce((SELECT n.tracks FROM search_names n WHERE n.kind = '{kind}' AND n.entity_id = {pk}), 0) AS tracks
"""
# ruff: noqa: S608  (the pieces of these statements are our own)
ARTISTS = f"""
    SELECT a.id, a.name, (SELECT count(*) FROM album_artist l WHERE l.artist_id = a.id) AS albums,
      {COUNTED.format(kind="artist", pk="a.id")},
      coalesce({SHOWN.format(kind="artist", pk="a.id")}, (
        SELECT c.image_id FROM albums b, LATERAL (
          SELECT image_id FROM covers WHERE entity_type = 'album' AND entity_id = b.id AND shown OFFSET 0) c
        WHERE b.album_artist_id = a.id ORDER BY b.year DESC NULLS LAST, b.id DESC LIMIT 1)) AS cover
    FROM {ASKED} JOIN artists a USING (id) ORDER BY asked.place
"""
ALBUMS = f"""
    SELECT b.id, b.title, b.album_artist_id AS artist_id, coalesce(nullif(b.artist_credit, ''), a.name) AS artist,
      b.year, b.support, {COUNTED.format(kind="album", pk="b.id")}, {SHOWN.format(kind="album", pk="b.id")} AS cover
    FROM {ASKED} JOIN albums b USING (id) JOIN artists a ON a.id = b.album_artist_id ORDER BY asked.place
"""
GENRES = f"""
    SELECT g.id, g.name, {COUNTED.format(kind="genre", pk="g.id")}
    FROM {ASKED} JOIN genres g USING (id) ORDER BY asked.place
"""
TRACKS = f"""
    SELECT{{said}} t.id, t.title, t.track_artist_id AS artist_id, t.album_id, b.title AS album,
      coalesce(nullif(t.artist_credit, ''), a.name) AS artist, coalesce(t.year_number, b.year) AS year,
      t.duration_ms, t.available,
      coalesce({SHOWN.format(kind="track", pk="t.id")}, {SHOWN.format(kind="album", pk="t.album_id")}) AS cover
    FROM {ASKED} JOIN tracks t USING (id) JOIN artists a ON a.id = t.track_artist_id
      LEFT JOIN albums b ON b.id = t.album_id ORDER BY asked.place
"""
WITH_WORDS = TRACKS.format(said=" (SELECT d.words FROM search_documents d WHERE d.track_id = t.id) AS said,")
WITHOUT_WORDS = TRACKS.format(said="")


def artist_hits(ids: Sequence[int]) -> list[ArtistHit]:
    return [ArtistHit(**row) for row in _rows(ARTISTS, ids)]


def album_hits(ids: Sequence[int]) -> list[AlbumHit]:
    return [AlbumHit(**row) for row in _rows(ALBUMS, ids)]


def genre_hits(ids: Sequence[int]) -> list[GenreHit]:
    return [GenreHit(**row) for row in _rows(GENRES, ids)]


def track_hits(ids: Sequence[int], asked: Asked | None = None) -> list[TrackHit]:
    """Where words were asked for, with where they were found: that takes as long as all the rest."""
    if asked is None:
        return [TrackHit(found_in=[], **row) for row in _rows(WITHOUT_WORDS, ids)]
    return [TrackHit(found_in=found_in(row.pop("said") or {}, asked), **row) for row in _rows(WITH_WORDS, ids)]


def _rows(statement: str, ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    if not ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        names = [column[0] for column in cursor.description]
        for row in cursor.fetchall():
            yield dict(zip(names, row, strict=True))


def found_in(said: dict[str, Any] | str, asked: Asked) -> list[str]:
    """In which of its sources a track has words that were asked for; in its lyrics, when in none of the others."""
    words = json.loads(said) if isinstance(said, str) else said
    sources = [source for source in SOURCES if source in words and _has(str(words[source]), asked)]
    return sources or (["lyrics"] if words.get("lyrics") else [])


def _has(text: str, asked: Asked) -> bool:
    words = {word.text for word in words_of(text)}
    for place, piece in enumerate(asked.wanted):
        for way in (*piece.ways, *asked.others.get(place, ())):
            *first, last = way
            if words.issuperset(first) and (
                last in words or (piece.open and any(word.startswith(last) for word in words))
            ):
                return True
    return False
