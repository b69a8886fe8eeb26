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
from library.filters import TRACKS
from library.models import Track
from library.selectors.search.hits import track_hits

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
    given = data.model_dump(include={"embedding_type", "limit", "min_similarity"})
    given["where"] = TRACKS.narrowed(Track.objects.all(), data.filters) if data.filters else None
    if data.track_id is not None:
        return shown(find_similar_by_track_id(data.track_id, **given))
    vector = data.vector
    if vector is None:
        if data.embedding_type != "text":
            raise InvalidInput("Words are near to vectors of type text alone.", field="embedding_type")
        vector = request_vector(data.text).vector
    return [] if vector is None else shown(find_similar(vector, **given))


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
    scores = dict(found)
    return [
        SimilarTrack(track=hit, similarity=round(scores[hit.id], 6), distance=round(1 - scores[hit.id], 6))
        for hit in track_hits(list(scores))
    ]
