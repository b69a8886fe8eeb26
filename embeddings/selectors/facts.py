"""What is known of tracks, as an encoder is told it: one statement for any number of them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from embeddings.engine.codes import language_named

MEASURED = {"mood_happy": "happy", "mood_aggressive": "aggressive", "mood_relaxed": "relaxed"}
FACTS = """
    SELECT t.id AS track_id, t.title, coalesce(nullif(t.artist_credit, ''), artists.name) AS artist,
      coalesce(b.title, '') AS album, coalesce(b.compilation, false) AS compilation,
      coalesce(genres.names, '{}') AS genres, coalesce(tags.names, '{}') AS tags, coalesce(moods.names, '{}') AS moods,
      coalesce(t.year_number, b.original_year, b.year) AS year, t.language, t.duration_ms,
      f.bpm, coalesce(f.camelot_key, '') AS camelot, f.energy, f.valence, f.danceability, f.acoustic, f.instrumental,
      f.mood_happy, f.mood_aggressive, f.mood_relaxed
    FROM unnest(%(ids)s::bigint[]) AS asked (id)
      JOIN LATERAL (SELECT * FROM tracks WHERE tracks.id = asked.id OFFSET 0) t ON true
      LEFT JOIN LATERAL (SELECT * FROM albums WHERE albums.id = t.album_id OFFSET 0) b ON true
      LEFT JOIN LATERAL (SELECT name FROM artists WHERE artists.id = t.track_artist_id OFFSET 0) artists ON true
      LEFT JOIN LATERAL (SELECT * FROM track_audio_features r WHERE r.track_id = t.id OFFSET 0) f ON true
      LEFT JOIN LATERAL (SELECT array_agg(g.name ORDER BY l.id) AS names FROM track_genres l
        JOIN genres g ON g.id = l.genre_id WHERE l.track_id = t.id) genres ON true
      LEFT JOIN LATERAL (SELECT array_agg(g.name ORDER BY l.id) AS names FROM track_genre_tags l
        JOIN genre_tags g ON g.id = l.tag_id WHERE l.track_id = t.id) tags ON true
      LEFT JOIN LATERAL (SELECT array_agg(g.name ORDER BY l.id) AS names FROM track_mood_tags l
        JOIN mood_tags g ON g.id = l.tag_id WHERE l.track_id = t.id) moods ON true
    ORDER BY t.id
"""
DESCRIPTORS = """
    SELECT track_id, vector, version FROM track_descriptors WHERE track_id = ANY(%(ids)s::bigint[]) ORDER BY track_id
"""


def facts_of(track_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By track, under the names that `embeddings.engine.documents.TrackFacts` has for them."""
    with connection.cursor() as cursor:
        cursor.execute(FACTS, {"ids": list(track_ids)})
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row.pop("track_id"): _as_facts(row) for row in rows}


def _as_facts(row: dict[str, Any]) -> dict[str, Any]:
    """Scores of the analysis by the ontology's names of moods."""
    measured = {mood: row.pop(column) for column, mood in MEASURED.items()}
    row["mood_scores"] = {mood: score for mood, score in measured.items() if score is not None}
    row["language"] = language_named(row["language"])
    return row


def descriptors_of(track_ids: Sequence[int]) -> list[tuple[int, bytes, int]]:
    """Of each track that has them: the numbers, and the version of their analyser."""
    with connection.cursor() as cursor:
        cursor.execute(DESCRIPTORS, {"ids": list(track_ids)})
        return [(pk, bytes(held), version) for pk, held, version in cursor.fetchall()]
