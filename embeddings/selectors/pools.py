"""What recommending needs to know of tracks: facts, vectors, how near each usually is; two queries for any number."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from django.utils import timezone

from embeddings.engine.recommending.facts import Facts
from embeddings.engine.recommending.scoring import Pool
from embeddings.engine.recommending.vectors import Direction, Floats, Vectors
from embeddings.models import DIMENSIONS
from embeddings.selectors.neighbours import named, rows_of, served

DAY_S = 86_400
# vector_send and halfvec_send: the number of dimensions, nothing, then the values in the order of networks.
HEAD_BYTES = 4

FACTS = """
    SELECT t.id, t.title, t.track_artist_id, t.album_id, t.audio_hash, coalesce(t.duration_ms, f.duration_ms),
      f.bpm, f.camelot_key, f.energy, f.valence, f.acoustic, f.instrumental, t.year_number,
      ARRAY(SELECT g.name FROM track_genres l JOIN genres g ON g.id = l.genre_id WHERE l.track_id = t.id
            UNION SELECT g.name FROM track_genre_tags l JOIN genre_tags g ON g.id = l.tag_id WHERE l.track_id = t.id),
      ARRAY(SELECT m.name FROM track_mood_tags l JOIN mood_tags m ON m.id = l.tag_id WHERE l.track_id = t.id
            ORDER BY m.name),
      coalesce(u.plays, 0), u.last_played, coalesce(u.loved, false),
      p.sound_usual, p.sound_spread, p.meaning_usual, p.meaning_spread
    FROM tracks t
    LEFT JOIN track_audio_features f ON f.track_id = t.id
    LEFT JOIN track_uses u ON u.track_id = t.id AND u.user_id = %(user)s
    LEFT JOIN map_points p ON p.track_id = t.id AND p.layout_id = (SELECT id FROM map_layouts WHERE shown)
    WHERE t.id = ANY(%(ids)s) AND (t.available OR NOT %(playable)s)
"""
VECTORS = """
    SELECT track_id, embedding_type, halfvec_send(vector::halfvec(512)) FROM track_embeddings
    WHERE track_id = ANY(%(ids)s) AND (embedding_type, embedding_model)
      IN (SELECT * FROM unnest(%(kinds)s::text[], %(models)s::text[]))
"""


def pool_of(user_id: int | None, track_ids: Iterable[int], *, playable: bool = False) -> Pool:
    """In the order in which they are named, each once; what does not exist, or cannot be played, is left out."""
    wanted = list(dict.fromkeys(track_ids))
    rows = {row[0]: row for row in rows_of(FACTS, {"ids": wanted, "user": user_id, "playable": playable})}
    ids = [number for number in wanted if number in rows]
    sound, meaning = vectors_of(ids)
    found = [rows[number] for number in ids]
    usual = np.array([row[18:22] for row in found], dtype=np.float32).reshape(len(ids), 4)
    return Pool(
        [_facts(row) for row in found],
        Vectors.of(sound, usual[:, 0], usual[:, 1]),
        Vectors.of(meaning, usual[:, 2], usual[:, 3]),
    )


def vectors_of(track_ids: Sequence[int]) -> tuple[Floats, Floats]:
    """Sound and meaning; rows of zeros where there is none."""
    places = {number: place for place, number in enumerate(track_ids)}
    halves = {kind: np.zeros((len(places), DIMENSIONS), np.float32) for kind in ("sound", "meaning")}
    serves = served()
    kinds = {one.kind: name for name, one in serves.items()}
    given = {"ids": list(track_ids), **named(serves)}
    for track_id, kind, sent in rows_of(VECTORS, given) if places else []:
        halves[kinds[kind]][places[track_id]] = np.frombuffer(sent, dtype=">f2", offset=HEAD_BYTES)
    return halves["sound"], halves["meaning"]


def direction(vectors: Vectors, place: int) -> Direction | None:
    if not vectors.known[place]:
        return None
    return Direction(vectors.rows[place], float(vectors.usual[place]), float(vectors.spread[place]))


def _facts(row: Sequence[Any]) -> Facts:
    last = row[16]
    return Facts(
        track_id=row[0],
        title=row[1],
        artist_id=row[2],
        album_id=row[3],
        audio_hash=row[4],
        duration_ms=row[5],
        bpm=row[6],
        camelot=row[7],
        energy=row[8],
        valence=row[9],
        acoustic=row[10],
        instrumental=row[11],
        year=row[12],
        genres=tuple(row[13]),
        moods=tuple(row[14]),
        plays=row[15],
        days_since=None if last is None else max(0.0, (timezone.now() - last).total_seconds() / DAY_S),
        loved=row[17],
    )
