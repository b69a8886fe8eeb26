"""GraphQL's writes of the embeddings: asking for vectors, giving one, taking it away."""

import strawberry
from strawberry.types import Info

from core.graphql import JobType, identity_in
from core.selectors import job_out
from embeddings.graphql.queries import TrackEmbedding
from embeddings.schemas.vectors import EmbeddingIn
from embeddings.schemas.work import VectorizeIn
from embeddings.selectors.vectors import embedding_out
from embeddings.services import writing
from embeddings.services.vectorizing import start_vectorizing
from library.graphql.inputs import understood


@strawberry.type
class EmbeddingsMutation:
    @strawberry.mutation
    def vectorize(self, info: Info, what: str = "outstanding") -> JobType | None:
        """Queues vectors for what is missing or has changed, or for all; no job where there is nothing to do."""
        identity = identity_in(info)
        identity.require("write")
        asked = understood(VectorizeIn, {"what": what})
        job, _tracks = start_vectorizing(what=asked.what, requested_by=identity.user)
        return JobType.of(job_out(job)) if job else None

    @strawberry.mutation
    def put_track_embedding(
        self,
        info: Info,
        track_id: int,
        vector: list[float],
        embedding_type: str = "semantic",
        embedding_model: str = "",
        embedding_source: str = "api",
    ) -> TrackEmbedding:
        """Creates or updates."""
        identity_in(info).require("write")
        given = {"vector": vector, "embedding_type": embedding_type, "embedding_source": embedding_source}
        data = understood(EmbeddingIn, {**given, "embedding_model": embedding_model})
        row = embedding_out(writing.create_or_update(track_id=track_id, data=data))
        return TrackEmbedding(**row.model_dump(exclude={"date_modified"}))

    @strawberry.mutation
    def delete_track_embeddings(self, info: Info, track_id: int, embedding_type: str | None = None) -> int:
        """How many there were."""
        identity_in(info).require("write")
        return writing.delete(track_id=track_id, embedding_type=embedding_type)
