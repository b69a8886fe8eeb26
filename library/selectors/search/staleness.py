"""What search does not know yet, or not any more: found by comparing dates, without reading a word."""

from datetime import UTC, datetime

from django.db import connection

# What was written so is to be written anew, see library.services.search_documents.
STALE = datetime(1970, 1, 1, tzinfo=UTC)

MISSING = """
    SELECT t.id FROM tracks t LEFT JOIN search_documents d ON d.track_id = t.id
    WHERE d.track_id IS NULL OR d.date_modified < t.date_modified
"""
OUTDATED = """
    SELECT d.track_id FROM lyrics l JOIN search_documents d USING (track_id) WHERE d.date_modified < l.date_modified
    UNION
    SELECT t.id FROM albums a JOIN tracks t ON t.album_id = a.id JOIN search_documents d ON d.track_id = t.id
    WHERE d.date_modified < a.date_modified
    UNION
    SELECT l.track_id FROM artists a JOIN track_artists l ON l.artist_id = a.id
      JOIN search_documents d ON d.track_id = l.track_id WHERE d.date_modified < a.date_modified
    UNION
    SELECT l.track_id FROM genres g JOIN track_genres l ON l.genre_id = g.id
      JOIN search_documents d ON d.track_id = l.track_id WHERE d.date_modified < g.date_modified
"""
NAMELESS = """
    SELECT there.kind, there.id FROM (
      SELECT 'artist' AS kind, id FROM artists UNION ALL SELECT 'album', id FROM albums
      UNION ALL SELECT 'genre', id FROM genres
    ) there LEFT JOIN search_names n ON n.kind = there.kind AND n.entity_id = there.id WHERE n.id IS NULL
"""
STATE = """
    SELECT count(*)::text, max(date_modified)::text, (SELECT count(*) FROM search_names)::text,
      (SELECT count(*) FROM artists)::text, (SELECT count(*) FROM albums)::text FROM search_documents
"""


def stale_tracks(*, thoroughly: bool) -> list[int]:
    """Tracks whose words are missing or old; `thoroughly` also looks at what they name."""
    return _ids(f"{MISSING} UNION {OUTDATED}" if thoroughly else MISSING)


def nameless() -> dict[str, list[int]]:
    """Artists, albums and genres whose names cannot be found yet."""
    found: dict[str, list[int]] = {"artist": [], "album": [], "genre": []}
    with connection.cursor() as cursor:
        cursor.execute(NAMELESS)
        for kind, pk in cursor.fetchall():
            found[kind].append(pk)
    return found


def state_of_search() -> str:
    """Another text whenever documents or names were written or have gone."""
    with connection.cursor() as cursor:
        cursor.execute(STATE)
        return str(cursor.fetchone())


def _ids(statement: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]
