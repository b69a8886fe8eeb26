"""What a search field offers while somebody types: three queries at most, one as a rule."""

from typing import Any

from django.db import connection

from library.engine.asked import Asked, understood
from library.schemas.search import Suggestion, SuggestOut
from library.selectors.search.ranking import given_of, names_statement, row_of, track_arms, tracks_order
from library.selectors.search.vocabulary import what_was_meant

MOST = 12
# ruff: noqa: S608  (the statement is made of our own pieces; what is asked is given beside it)
# Of each kind, so that a hundred songs called Love leave room for the artist of that name.
SHARES = {"artist": 4, "album": 3, "genre": 2, "track": 5}
CANDIDATES = 40

COVER = "(SELECT image_id FROM covers WHERE entity_type = '{kind}' AND entity_id = {pk} AND shown)"
STATEMENT = f"""
    {names_statement()}, songs AS MATERIALIZED ({track_arms(sung=False)}), placed_songs AS (
      SELECT d.track_id AS id, row_number() OVER (ORDER BY {tracks_order()}) AS place
      FROM songs, {row_of("search_documents", "track_id", "songs")} d
    ), best AS MATERIALIZED (SELECT kind, entity_id AS id, place FROM named WHERE place <= {max(SHARES.values())})
    (SELECT n.kind, a.id, a.name, '', {COVER.format(kind="artist", pk="a.id")}, 1 AS kinds_place, n.place
     FROM best n, {row_of("artists", "id", "n")} a WHERE n.kind = 'artist' AND n.place <= {SHARES["artist"]})
    UNION ALL
    (SELECT n.kind, b.id, b.title, coalesce(nullif(b.artist_credit, ''), a.name),
       {COVER.format(kind="album", pk="b.id")}, 2, n.place
     FROM best n, {row_of("albums", "id", "n")} b,
       LATERAL (SELECT name FROM artists WHERE id = b.album_artist_id OFFSET 0) a
     WHERE n.kind = 'album' AND n.place <= {SHARES["album"]})
    UNION ALL
    (SELECT n.kind, g.id, g.name, '', NULL, 4, n.place
     FROM best n, {row_of("genres", "id", "n")} g WHERE n.kind = 'genre' AND n.place <= {SHARES["genre"]})
    UNION ALL
    (SELECT 'track', t.id, t.title, coalesce(nullif(t.artist_credit, ''), a.name),
       {COVER.format(kind="album", pk="t.album_id")}, 3, p.place
     FROM placed_songs p, {row_of("tracks", "id", "p")} t,
       LATERAL (SELECT name FROM artists WHERE id = t.track_artist_id OFFSET 0) a
     WHERE p.place <= {SHARES["track"]})
    ORDER BY kinds_place, place
"""


def suggest(typed: str) -> SuggestOut:
    """Artists, albums, songs and genres, the likeliest of each."""
    asked = understood(typed)
    if not asked:
        return SuggestOut(query=asked.text)
    items = _suggestions(asked)
    if not items and (meant := what_was_meant(asked)):
        items = _suggestions(meant)
        return SuggestOut(query=asked.text, meant=meant.meant if items else None, items=items)
    return SuggestOut(query=asked.text, items=items)


def _suggestions(asked: Asked) -> list[Suggestion]:
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, given_of(asked, asked.all_words(), CANDIDATES))
        return [_suggestion(row) for row in cursor.fetchall()][:MOST]


def _suggestion(row: tuple[Any, ...]) -> Suggestion:
    kind, pk, text, detail, cover = row[:5]
    return Suggestion(kind=kind, id=pk, text=text, detail=detail, cover=cover)
