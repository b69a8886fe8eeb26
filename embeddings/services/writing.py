"""Vectors written: one by hand, many by a worker; each with length one, and none that stays the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from core.cache import invalidate
from core.errors import Conflict, InvalidInput, NotFound
from embeddings.models import EmbeddingState, TrackEmbeddings
from embeddings.schemas.vectors import EmbeddingIn
from embeddings.selectors.encoders import GROUP
from embeddings.selectors.searching import vector_text
from embeddings.selectors.vectors import embedding_by_id
from embeddings.services.artists import settle_artists_of
from library.models import Track
from library.services.statements import Record, execute

ROWS = Record("r", {"track_id": "bigint", "vector": "text"})
WRITE = f"""
    INSERT INTO track_embeddings AS kept (track_id, embedding_type, embedding_model, embedding_source, vector,
      created_at, date_added, date_modified)
    SELECT r.track_id, %(kind)s, %(model)s, %(source)s, l2_normalize(r.vector::vector(512)), now(), now(), now()
    FROM {ROWS} JOIN tracks ON tracks.id = r.track_id ORDER BY r.track_id
    ON CONFLICT (track_id, embedding_type, embedding_model) DO UPDATE SET vector = excluded.vector,
      embedding_source = excluded.embedding_source, date_modified = excluded.date_modified
    WHERE kept.vector IS DISTINCT FROM excluded.vector OR kept.embedding_source <> excluded.embedding_source
    RETURNING kept.track_id
"""  # noqa: S608  (its columns are our own)


def write_vectors(*, vectors: Mapping[int, str], kind: str, model: str, source: str) -> list[int]:
    """Of tracks that are there; answers with those whose vector is another one now."""
    if not vectors:
        return []
    rows: list[dict[str, Any]] = [{"track_id": track, "vector": text} for track, text in vectors.items()]
    given = {**ROWS.of(rows), "kind": kind, "model": model, "source": source}
    return [track for (track,) in execute(WRITE, given)]


@transaction.atomic
def create(*, track_id: int, data: EmbeddingIn) -> TrackEmbeddings:
    """409 where this track has a vector of that type and model."""
    if _rows(track_id, data.embedding_type, data.embedding_model).exists():
        raise Conflict("This track has a vector of that type and model already.", hint="Change it instead (PUT).")
    return create_or_update(track_id=track_id, data=data)


@transaction.atomic
def create_or_update(*, track_id: int, data: EmbeddingIn) -> TrackEmbeddings:
    """One vector a type and model; an older one gives way."""
    if not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
    vectors = {track_id: vector_text(data.vector)}
    write_vectors(vectors=vectors, kind=data.embedding_type, model=data.embedding_model, source=data.embedding_source)
    _after([track_id])
    row: TrackEmbeddings = _rows(track_id, data.embedding_type, data.embedding_model).get()
    return row


@transaction.atomic
def update(*, embedding_id: int, data: EmbeddingIn) -> TrackEmbeddings:
    """The vector of that number; its track, type and model stay what they are."""
    row = embedding_by_id(embedding_id)
    if (data.embedding_type, data.embedding_model) != (row.embedding_type, row.embedding_model):
        raise InvalidInput(
            "A vector keeps its type and model.", hint="Delete it, and send a new one.", field="embedding_type"
        )
    return create_or_update(track_id=row.track_id, data=data)


@transaction.atomic
def delete(*, track_id: int, embedding_type: str | None = None) -> int:
    """All vectors of a track, or those of one type; how many there were. Our own come again, if they can."""
    rows = TrackEmbeddings.objects.filter(track=track_id)
    states = EmbeddingState.objects.filter(track=track_id)
    if embedding_type:
        rows, states = rows.filter(embedding_type=embedding_type), states.filter(embedding_type=embedding_type)
    gone, _by_table = rows.delete()
    if not gone:
        raise NotFound("This track has no such vector.")
    states.delete()
    _after([track_id])
    return gone


@transaction.atomic
def delete_one(*, embedding_id: int) -> None:
    row = embedding_by_id(embedding_id)
    row.delete()
    states = EmbeddingState.objects.filter(track=row.track_id, embedding_type=row.embedding_type)
    states.filter(embedding_model=row.embedding_model).delete()
    _after([row.track_id])


def _rows(track_id: int, kind: str, model: str) -> Any:
    return TrackEmbeddings.objects.filter(track=track_id, embedding_type=kind, embedding_model=model)


def _after(track_ids: Sequence[int]) -> None:
    settle_artists_of(track_ids=track_ids)
    invalidate(GROUP)
