"""The library's map as workers draw it and pages read it."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, FiniteFloat, model_validator

from core.schemas import Strict
from library.schemas.texts import RowId

MAP_KIND = "embeddings.map"
DIMENSIONS = 512
# Numbers, then the sound of each, then its meaning, as half floats in the order of Intel: whatever is unknown is zeros.
TRACK_BYTES = 8 + 2 * 2 * DIMENSIONS
# So many tracks are laid out; all others lie beside them.
LANDMARKS = 2_500
MOST_AT_ONCE = 5_000
MOST_VECTORS = 1_000
Place = Annotated[int, Field(ge=-32_767, le=32_767)]
Which = Literal["landmarks", "rest"]


class MapPlan(BaseModel):
    """What a worker is to draw."""

    layout_id: int
    anew: bool
    """the landmarks are to be laid out; otherwise only what is not on the map yet is to be placed"""
    landmarks: int
    to_place: int
    ids: list[int]
    """where landmarks lie, or where they lay on the map before"""
    x: list[int]
    y: list[int]


class PlanIn(Strict):
    anew: bool = False


class PointsIn(Strict):
    """Places of tracks, in columns of one length; and how near each usually is to others, where that was measured."""

    layout_id: RowId
    ids: Annotated[list[RowId], Field(min_length=1, max_length=MOST_AT_ONCE)]
    x: list[Place]
    y: list[Place]
    sound_usual: list[FiniteFloat | None]
    sound_spread: list[FiniteFloat | None]
    meaning_usual: list[FiniteFloat | None]
    meaning_spread: list[FiniteFloat | None]

    @model_validator(mode="after")
    def of_one_length(self) -> "PointsIn":
        lengths = {len(value) for value in self.model_dump(exclude={"layout_id"}).values()}
        if len(lengths) > 1:
            raise ValueError("its columns are of different lengths")
        return self


class PointsTaken(BaseModel):
    taken: int


class SettleIn(Strict):
    """All is placed: the map may be shown."""

    layout_id: RowId


class RegionOut(BaseModel):
    """A place with a name: its middle, how far it reaches, how many tracks lie there."""

    name: str
    also: list[str]
    x: int
    y: int
    reach: int
    tracks: int


class Legend(BaseModel):
    """What the numbers of the columns mean: each is a place in one of these lists, 255 is unknown."""

    genres: list[str]
    moods: list[str]
    decades: list[int]
    keys: list[str]


class MapOut(BaseModel):
    """Every track that can be played, in columns; x and y are whole numbers from -32767 to 32767."""

    layout: int
    version: int
    count: int
    legend: Legend
    ids: list[int]
    x: list[int]
    y: list[int]
    genre: list[int]
    mood: list[int]
    decade: list[int]
    key: list[int]
