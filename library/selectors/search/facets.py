"""Where what was found lies: artists, genres, decades and supports with their counts."""

from collections.abc import Sequence

from django.db import connection

from library.schemas.search import Facets, FacetValue

MOST_VALUES = 12

FACETS = """
    WITH found AS MATERIALIZED (
      SELECT t.id, coalesce(t.year_number, a.year) / 10 * 10 AS decade, a.support
      FROM unnest(%(tracks)s::bigint[]) AS asked (id) JOIN tracks t USING (id) LEFT JOIN albums a ON a.id = t.album_id
    )
    (SELECT 'artist', l.artist_id::text, min(artists.name), count(DISTINCT l.track_id) AS tracks
     FROM found JOIN track_artists l ON l.track_id = found.id AND l.role = 'artist'
       JOIN artists ON artists.id = l.artist_id GROUP BY l.artist_id ORDER BY tracks DESC, l.artist_id LIMIT %(most)s)
    UNION ALL
    (SELECT 'genre', l.genre_id::text, min(genres.name), count(*) AS tracks
     FROM found JOIN track_genres l ON l.track_id = found.id JOIN genres ON genres.id = l.genre_id
     GROUP BY l.genre_id ORDER BY tracks DESC, l.genre_id LIMIT %(most)s)
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
