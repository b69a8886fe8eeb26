"""Vectors as the API shows and takes them, and what is found by them."""

import math
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field, FiniteFloat

from core.schemas import Strict, without_nul
from library.schemas.search import TrackHit
from library.schemas.texts import RowId

DIMENSIONS = 512
# Larger numbers overflow where their squares are added up.
LARGEST = 1e15


def directed(vector: list[float]) -> list[float]:
    """Zeros have no direction, and so no neighbours: what failed is left out instead."""
    if not math.isfinite(sum(value * value for value in vector)) or not any(abs(value) > 1e-15 for value in vector):
        raise ValueError("a vector needs a length: leave a track out rather than send zeros")
    return vector


Vector = Annotated[
    list[Annotated[FiniteFloat, Field(ge=-LARGEST, le=LARGEST)]],
    Field(min_length=DIMENSIONS, max_length=DIMENSIONS),
    AfterValidator(directed),
]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Named = Annotated[str, Field(max_length=120), AfterValidator(without_nul)]


class EmbeddingIn(Strict):
    """A vector that somebody else has made; it is kept with length one."""

    vector: Vector
    embedding_type: Kind = "semantic"
    embedding_source: Named = "api"
    embedding_model: Named = ""


class TrackVectorIn(EmbeddingIn):
    track_id: RowId


class EmbeddingOut(BaseModel):
    id: int
    track_id: int
    embedding_type: str
    embedding_source: str
    embedding_model: str
    created_at: datetime
    date_modified: datetime
    serving: bool
    """this model answers for its type now"""
    vector: list[float] | None
    """left out of lists"""


class EmbeddingPage(BaseModel):
    items: list[EmbeddingOut]
    next_cursor: str | None


class SearchIn(Strict):
    """One of vector, track_id and text says what is near."""

    vector: Vector | None = None
    track_id: RowId | None = None
    text: Annotated[str, Field(max_length=200)] = ""
    embedding_type: Kind = "text"
    filters: Annotated[dict[Named, Named], Field(max_length=10)] = Field(default_factory=dict)
    """as lists of tracks know them: {"genre": "…", "year_from": "1990"}"""
    limit: Annotated[int, Field(ge=1, le=200)] = 20
    min_similarity: Annotated[FiniteFloat, Field(ge=-1, le=1)] = -1.0


class SimilarTrack(BaseModel):
    track: TrackHit
    similarity: float
    """cosine: 1 is the same direction"""
    distance: float


class ModelStatistics(BaseModel):
    embedding_type: str
    embedding_model: str
    embedding_source: str
    vectors: int
    serving: bool
    wanted: bool
    indexed: bool
    first: datetime | None
    last: datetime | None


class EmbeddingStatistics(BaseModel):
    tracks: int
    models: list[ModelStatistics]
    missing: dict[str, int]
    """by type, tracks that have no vector of the wanted model yet, and could have one"""
    stale: dict[str, int]
    """tracks that have changed since"""
    without: dict[str, int]
    """tracks of which nothing could be said"""
    artists: int
