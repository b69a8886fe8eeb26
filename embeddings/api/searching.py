"""REST of what is near: to a vector, to a track, to words."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, FiniteFloat

from core.api import FAULTS
from core.doors import Needs
from core.errors import InvalidInput
from core.schemas import Strict
from embeddings.schemas.vectors import EmbeddingStatistics, Kind, SearchIn, SimilarTrack
from embeddings.selectors.requests import request_vector
from embeddings.selectors.searching import Found, find_similar, find_similar_by_track_id
from embeddings.selectors.vectors import get_models_statistics
from library.api.asking import Number
from library.selectors.outs import track_outs
from library.selectors.tracks import track_rows

searching = Router(tags=["embeddings"])
near_tracks = Router(tags=["embeddings"])


class AlikeIn(Strict):
    embedding_type: Kind = "text"
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    min_similarity: Annotated[FiniteFloat, Field(ge=-1, le=1)] = -1.0


@searching.post("/search", response={200: list[SimilarTrack], **FAULTS}, auth=Needs("read"))
def search_vectors(request: HttpRequest, data: SearchIn) -> list[SimilarTrack]:
    """Tracks near to a vector, to a track, or to what a text means, the nearest first."""
    if sum((data.vector is not None, data.track_id is not None, bool(data.text.strip()))) != 1:
        raise InvalidInput("Give one of vector, track_id and text.", field="vector")
    given = {"embedding_type": data.embedding_type, "limit": data.limit, "min_similarity": data.min_similarity}
    if data.track_id is not None:
        return shown(find_similar_by_track_id(data.track_id, **given))  # type: ignore[arg-type]
    vector = data.vector
    if vector is None:
        if data.embedding_type != "text":
            raise InvalidInput("Words are near to vectors of type text alone.", field="embedding_type")
        vector = request_vector(data.text).vector
    return [] if vector is None else shown(find_similar(vector, **given))  # type: ignore[arg-type]


@searching.get("/statistics", response={200: EmbeddingStatistics, **FAULTS}, auth=Needs("read"))
def get_statistics(request: HttpRequest) -> EmbeddingStatistics:
    """How many vectors each model has made, which of them answer, and what is still to be done."""
    return get_models_statistics()


@near_tracks.post(
    "/{int:track_id}/embeddings/search-similar", response={200: list[SimilarTrack], **FAULTS}, auth=Needs("read")
)
def search_similar(request: HttpRequest, track_id: Number, data: AlikeIn) -> list[SimilarTrack]:
    """Tracks whose vector is near to that of this one."""
    return shown(find_similar_by_track_id(track_id, **data.model_dump()))


def shown(found: list[Found]) -> list[SimilarTrack]:
    """With their tracks; one that has gone meanwhile is left out."""
    rows = {row.pk: row for row in track_rows().filter(pk__in=[track for track, _score in found])}
    there = [(track, score) for track, score in found if track in rows]
    outs = track_outs([rows[track] for track, _score in there])
    return [
        SimilarTrack(track=out, similarity=round(score, 6), distance=round(1 - score, 6))
        for out, (_track, score) in zip(outs, there, strict=True)
    ]
