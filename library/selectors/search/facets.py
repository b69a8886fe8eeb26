"""Where what was found lies: artists, genres, decades and supports with their counts."""

from collections.abc import Sequence

from django.db import connection

from library.schemas.search import Facets, FacetValue

MOST_VALUES = 12

# Each row by its key, see `row_of`.
FACETS = """
    WITH found AS MATERIALIZED (
      SELECT t.id, coalesce(t.year_number, a.year) / 10 * 10 AS decade, a.support
      FROM unnest(%(tracks)s::bigint[]) AS asked (id)
        JOIN LATERAL (SELECT * FROM tracks WHERE tracks.id = asked.id OFFSET 0) t ON true
        LEFT JOIN LATERAL (SELECT * FROM albums WHERE albums.id = t.album_id OFFSET 0) a ON true
    )
    (SELECT 'artist', most.id::text, artists.name, most.tracks FROM (
       SELECT l.artist_id AS id, count(*) AS tracks FROM found, LATERAL (
         SELECT artist_id FROM track_artists WHERE track_id = found.id AND role = 'artist' OFFSET 0) l
       GROUP BY l.artist_id ORDER BY tracks DESC, l.artist_id LIMIT %(most)s
     ) most, LATERAL (SELECT name FROM artists WHERE artists.id = most.id OFFSET 0) artists
     ORDER BY most.tracks DESC, most.id)
    UNION ALL
    (SELECT 'genre', most.id::text, genres.name, most.tracks FROM (
       SELECT l.genre_id AS id, count(*) AS tracks FROM found, LATERAL (
         SELECT genre_id FROM track_genres WHERE track_id = found.id OFFSET 0) l
       GROUP BY l.genre_id ORDER BY tracks DESC, l.genre_id LIMIT %(most)s
     ) most, LATERAL (SELECT name FROM genres WHERE genres.id = most.id OFFSET 0) genres
     ORDER BY most.tracks DESC, most.id)
    UNION ALL
    (SELECT 'decade', decade::text, decade::text, count(*) FROM found WHERE decade IS NOT NULL
     GROUP BY decade ORDER BY decade DESC LIMIT %(most)s)
    UNION ALL
    (SELECT 'support', support, support, count(*) AS tracks FROM found WHERE support IS NOT NULL
     GROUP BY support ORDER BY tracks DESC, support)
"""


def facets_of(tracks: Sequence[int]) -> Facets:
    """Of these tracks, in one query."""
    found: dict[str, list[FacetValue]] = {"artist": [], "genre": [], "decade": [], "support": []}
    if tracks:
        with connection.cursor() as cursor:
            cursor.execute(FACETS, {"tracks": list(tracks), "most": MOST_VALUES})
            for facet, key, label, count in cursor.fetchall():
                found[facet].append(FacetValue(key=key, label=label, count=count))
    return Facets(**found)
