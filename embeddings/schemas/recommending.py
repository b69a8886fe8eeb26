"""Recommendations as they are asked for and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat

from core.schemas import Strict
from library.schemas.artists import ArtistOut
from library.schemas.texts import RowId
from library.schemas.tracks import TrackOut

SeedKind = Literal["track", "artist", "album", "genre", "mood"]
Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
MOST_ORDERED = 500
MOST_BLENDED = 50
# So many of what was heard count: a radio without an end is not an address without one.
MOST_HEARD = 1_000


class Weighed(BaseModel):
    """How much each part counts; what is left out counts as usual."""

    sound: Share | None = None
    meaning: Share | None = None
    harmony: Share | None = None
    tempo: Share | None = None
    novelty: Share | None = None
    familiarity: Share | None = None


class ReasonOut(BaseModel):
    """One reason: what kind it is, its values, and how it is said in the listener's language."""

    kind: str
    values: dict[str, str | int | float | list[str]]
    text: str


class RecommendedOut(BaseModel):
    """A track that goes with what was asked for."""

    track: TrackOut
    score: float | None
    """1 is the same, 0 nothing in common; none where nothing was compared"""
    parts: dict[str, float | None]
    """what the score is made of; null is unknown"""
    reasons: list[ReasonOut]
    sentence: str


class SimilarArtistOut(BaseModel):
    """An artist whose music lies near another's."""

    artist: ArtistOut
    score: float
    parts: dict[str, float | None]
    reasons: list[ReasonOut]
    sentence: str


class OrderIn(Strict):
    """A list and how it is to be ordered."""

    tracks: Annotated[list[RowId], Field(min_length=1, max_length=MOST_ORDERED)]
    order: Literal["harmonic", "energy"] = "harmonic"
    arc: Literal["rise", "fall", "wave", "level"] = "rise"
    """of an order by energy"""
    start: RowId | None = None
    end: RowId | None = None


class BlendIn(Weighed, Strict):
    """What is wanted more of, and what less."""

    plus: Annotated[list[RowId], Field(min_length=1, max_length=MOST_BLENDED)]
    minus: Annotated[list[RowId], Field(max_length=MOST_BLENDED)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1, le=100)] = 20
