"""GraphQL's questions to the embeddings: vectors of a track, what is near, how many there are."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from core.errors import InvalidInput
from core.graphql import identity_in
from core.pagination import MOST
from embeddings.schemas.asking import AskOut
from embeddings.schemas.vectors import SearchIn
from embeddings.selectors.requests import request_vector
from embeddings.selectors.searching import Found, find_similar, find_similar_by_track_id
from embeddings.selectors.vectors import (
    embedding_out,
    get_by_track_id,
    get_models_statistics,
    get_tracks_without_embeddings,
)
from library.graphql import Track, together
from library.graphql.inputs import understood
from library.selectors.tracks import track_rows


@strawberry.type
class TrackEmbedding:
    """One vector of a track."""

    id: int
    track_id: int
    embedding_type: str
    embedding_source: str
    embedding_model: str
    created_at: datetime
    serving: bool
    vector: list[float]


@strawberry.type
class SimilarByVector:
    """A track, and the cosine of the angle to what was asked."""

    track: Track
    similarity: float


@strawberry.type
class EmbeddingModelStatistics:
    embedding_type: str
    embedding_model: str
    embedding_source: str
    vectors: int
    serving: bool
    wanted: bool
    indexed: bool


@strawberry.type
class EmbeddingStatistics:
    tracks: int
    artists: int
    models: list[EmbeddingModelStatistics]
    missing: JSON
    stale: JSON
    without: JSON


@strawberry.type
class AskChip:
    """One thing that was understood; its id, sent as `without`, takes it away."""

    id: str
    kind: str
    value: str
    text: str
    negated: bool
    proposed: bool


@strawberry.type
class AskReason:
    kind: str
    value: str
    text: str


@strawberry.type
class AskAnswer:
    track: Track
    score: float
    reasons: list[AskReason]


@strawberry.type
class Asked:
    """A question, what was understood of it, and what answers it."""

    query: str
    chips: list[AskChip]
    without: list[str]
    rest: str
    meant: str | None
    notes: list[str]
    count: int
    next_cursor: str | None
    facets: JSON
    items: list[AskAnswer]


@strawberry.type
class EmbeddingsQuery:
    @strawberry.field
    def ask(
        self, info: Info, query: str, without: list[str] | None = None, cursor: str | None = None, limit: int = 50
    ) -> Asked:
        """Tracks that answer a question in French or English."""
        from embeddings.selectors.asking import ask as answered

        identity = identity_in(info)
        identity.require("read")
        return _asked(answered(identity.user, query, without=(without or [])[:40], cursor=cursor, limit=limit))

    @strawberry.field
    def track_embeddings(self, info: Info, track_id: int, embedding_type: str | None = None) -> list[TrackEmbedding]:
        """All vectors of a track, or those of one type."""
        identity_in(info).require("read")
        rows = [
            embedding_out(row).model_dump(exclude={"date_modified"})
            for row in get_by_track_id(track_id, embedding_type)
        ]
        return [TrackEmbedding(**row) for row in rows]

    @strawberry.field
    def search_embeddings(
        self,
        info: Info,
        track_id: int | None = None,
        text: str = "",
        vector: list[float] | None = None,
        embedding_type: str = "text",
        limit: int = 20,
        min_similarity: float = -1.0,
    ) -> list[SimilarByVector]:
        """Tracks near to a track, to what a text means, or to a vector."""
        identity_in(info).require("read")
        given = {"track_id": track_id, "text": text, "vector": vector, "embedding_type": embedding_type}
        asked = understood(SearchIn, {**given, "limit": limit, "min_similarity": min_similarity})
        return _shown(_found(asked))

    @strawberry.field
    def embeddings_statistics(self, info: Info) -> EmbeddingStatistics:
        identity_in(info).require("read")
        found = get_models_statistics().model_dump()
        models = [
            EmbeddingModelStatistics(**{name: one[name] for name in EmbeddingModelStatistics.__annotations__})
            for one in found.pop("models")
        ]
        return EmbeddingStatistics(models=models, **found)

    @strawberry.field
    def tracks_without_embeddings(self, info: Info, embedding_type: str = "text", limit: int = 50) -> list[Track]:
        """The newest first."""
        identity_in(info).require("read")
        if not 1 <= limit <= MOST:
            raise InvalidInput(f"limit is 1 to {MOST}.", field="limit")
        rows: Any = together(get_tracks_without_embeddings(limit, embedding_type=embedding_type))
        return rows


def _asked(out: AskOut) -> Asked:
    rows: dict[int, Any] = {row.pk: row for row in track_rows().filter(pk__in=[one.track.id for one in out.items])}
    together(rows.values())
    facets: Any = out.facets.model_dump()
    return Asked(
        chips=[AskChip(**chip.model_dump()) for chip in out.chips],
        facets=facets,
        items=[
            AskAnswer(
                track=rows[one.track.id],
                score=one.score,
                reasons=[AskReason(**why.model_dump()) for why in one.reasons],
            )
            for one in out.items
            if one.track.id in rows
        ],
        **out.model_dump(include={"query", "without", "rest", "meant", "notes", "count", "next_cursor"}),
    )


def _found(asked: SearchIn) -> list[Found]:
    if sum((asked.vector is not None, asked.track_id is not None, bool(asked.text.strip()))) != 1:
        raise InvalidInput("Give one of vector, track_id and text.", field="vector")
    given: dict[str, Any] = asked.model_dump(include={"embedding_type", "limit", "min_similarity"})
    if asked.track_id is not None:
        return find_similar_by_track_id(asked.track_id, **given)
    vector = asked.vector or request_vector(asked.text).vector
    return find_similar(vector, **given) if vector is not None else []


def _shown(found: list[Found]) -> list[SimilarByVector]:
    rows: dict[int, Any] = {row.pk: row for row in track_rows().filter(pk__in=[track for track, _score in found])}
    together(rows.values())
    return [SimilarByVector(track=rows[track], similarity=score) for track, score in found if track in rows]
