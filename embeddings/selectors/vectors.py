"""Vectors of tracks as they are kept: of one, of many, their mean, how many there are, and who has none."""

import struct
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from core.errors import NotFound
from embeddings.models import DIMENSIONS, ArtistEmbedding, EmbeddingState, TrackEmbeddings
from embeddings.schemas.encoder import BUILT_IN
from embeddings.schemas.vectors import EmbeddingOut, EmbeddingStatistics, ModelStatistics
from embeddings.schemas.work import TYPES
from embeddings.selectors.encoders import encoder_settings, known_models, serving, serving_by_type, wanted_model
from library.models import Track

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# What vector_send says before the numbers themselves.
HEAD = 4
MEAN = """
    SELECT vector_send(l2_normalize(mean)) FROM (
      SELECT avg(vector) AS mean FROM track_embeddings
      WHERE track_id = ANY(%(tracks)s::bigint[]) AND embedding_type = %(kind)s AND embedding_model = %(model)s
    ) made WHERE vector_norm(mean) > 1e-6
"""
ROWS = """
    SELECT track_id, vector_send(vector) FROM track_embeddings
    WHERE track_id = ANY(%(ids)s::bigint[]) AND embedding_type = %(kind)s AND embedding_model = %(model)s
"""


def floats_of(sent: bytes | memoryview) -> list[float]:
    return list(struct.unpack(f">{DIMENSIONS}f", bytes(sent)[HEAD:]))


def embeddings_rows() -> QuerySet[TrackEmbeddings]:
    """Of lists: without the vectors themselves."""
    return TrackEmbeddings.objects.defer("vector")


def embedding_by_id(pk: int) -> TrackEmbeddings:
    row = TrackEmbeddings.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such vector.")
    return row


def get_by_track_id(track_id: int, embedding_type: str | None = None) -> list[TrackEmbeddings]:
    """All vectors of a track, or those of one type; those of the model that answers now come first."""
    if not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
    rows = TrackEmbeddings.objects.filter(track=track_id).order_by("embedding_type", "embedding_model")
    found = list(rows.filter(embedding_type=embedding_type) if embedding_type else rows)
    return sorted(found, key=lambda row: (row.embedding_type, not is_serving(row), row.embedding_model))


def is_serving(row: TrackEmbeddings) -> bool:
    one = serving_by_type().get(row.embedding_type)
    return one is not None and one.model == row.embedding_model


def embedding_out(row: TrackEmbeddings, *, with_vector: bool = True) -> EmbeddingOut:
    return EmbeddingOut(
        id=row.pk,
        track_id=row.track_id,
        embedding_type=row.embedding_type,
        embedding_source=row.embedding_source,
        embedding_model=row.embedding_model,
        created_at=row.created_at,
        date_modified=row.date_modified,
        serving=is_serving(row),
        vector=[float(value) for value in row.vector] if with_vector else None,
    )


def vectors_of(track_ids: Sequence[int], *, kind: str, model: str | None = None) -> "dict[int, NDArray[np.float32]]":
    """As numpy has them, of the model that answers now; a track without one is left out."""
    import numpy as np

    found = _sent(ROWS, {"ids": list(track_ids), "kind": kind, "model": serving(kind, model).model})
    return {pk: np.frombuffer(bytes(sent), ">f4", offset=HEAD).astype(np.float32) for pk, sent in found}


def get_average_vector(
    track_ids: Sequence[int], embedding_type: str = "text", model: str | None = None
) -> list[float] | None:
    """The mean direction, of length one; None where none of them has a vector, or they cancel each other out."""
    given = {"tracks": list(track_ids), "kind": embedding_type, "model": serving(embedding_type, model).model}
    found = _sent(MEAN, given)
    return floats_of(found[0][0]) if found else None


def most_used_model(kind: str) -> str:
    rows = TrackEmbeddings.objects.filter(embedding_type=kind).values("embedding_model")
    found = rows.annotate(count=Count("pk")).order_by("-count", "embedding_model").first()
    return str(found["embedding_model"]) if found else ""


def get_tracks_without_embeddings(
    limit: int = 100, *, embedding_type: str = "text", model: str | None = None
) -> list[Track]:
    """Tracks that have no vector of that type, the newest first."""
    return list(tracks_without(embedding_type, model).order_by("-date_added", "-id")[:limit])


def tracks_without(kind: str, model: str | None = None) -> QuerySet[Track]:
    has = TrackEmbeddings.objects.filter(embedding_type=kind, embedding_model=serving(kind, model).model)
    return Track.objects.exclude(pk__in=has.values("track"))


COUNTS = """
    SELECT embedding_type, embedding_model, max(embedding_source), count(*), min(created_at), max(date_modified)
    FROM track_embeddings GROUP BY embedding_type, embedding_model ORDER BY embedding_type, embedding_model
"""


def get_models_statistics() -> EmbeddingStatistics:
    """How much each model has made, which of them answers, and what is still to be done."""
    from embeddings.selectors.work import count_to_do

    chosen = encoder_settings()
    wanted: dict[str, str] = {kind: wanted_model(kind, chosen) for kind in TYPES}
    answering = {kind: one.model for kind, one in serving_by_type().items()}
    indexed = {(one.kind, one.model) for one in known_models() if one.indexed}
    made: list[tuple[str, str, str, int, datetime, datetime]] = _sent(COUNTS, {})
    return EmbeddingStatistics(
        tracks=Track.objects.count(),
        models=[
            ModelStatistics(
                embedding_type=kind,
                embedding_model=model,
                embedding_source=source or BUILT_IN,
                vectors=count,
                serving=answering.get(kind) == model,
                wanted=wanted.get(kind) == model,
                indexed=(kind, model) in indexed,
                first=first,
                last=last,
            )
            for kind, model, source, count, first, last in made
        ],
        missing={kind: count_to_do(kind, wanted[kind], "missing") for kind in TYPES},
        stale={kind: count_to_do(kind, wanted[kind], "stale") for kind in TYPES},
        without={kind: _without(kind, wanted[kind]) for kind in TYPES},
        artists=ArtistEmbedding.objects.values("artist").distinct().count(),
    )


def _without(kind: str, model: str) -> int:
    rows = EmbeddingState.objects.filter(embedding_type=kind, embedding_model=model)
    return rows.filter(~Q(problem="")).count()


def _sent(statement: str, given: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found: list[Any] = cursor.fetchall()
    return found
