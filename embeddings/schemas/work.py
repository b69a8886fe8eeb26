"""What a worker that makes vectors asks, is told and delivers."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Base64Bytes, BaseModel, Field

from core.schemas import Attempt, JobOut, Strict, without_nul
from embeddings.schemas.encoder import AUDIO, TEXT, WhenAway
from library.schemas.texts import RowId

VECTORIZE_KIND = "embeddings.vectorize"
TEND_KIND = "embeddings.tend"
MOST_AT_ONCE = 500
"""tracks of one batch"""
VECTOR_BYTES = 512 * 4

What = Literal["outstanding", "missing", "stale", "all"]
OurType = Literal["text", "audio"]
Digest = Annotated[str, Field(max_length=80), AfterValidator(without_nul)]
Model = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(without_nul)]
Reason = Annotated[str, Field(max_length=500), AfterValidator(without_nul)]


class VectorizeParams(Strict):
    """Of a job; who asks for all means from then on."""

    what: What = "outstanding"
    since: Annotated[str, Field(max_length=40)] = ""


class NextIn(Strict):
    job_id: UUID
    attempt: Attempt
    type: OurType
    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = MOST_AT_ONCE
    instead: bool = False
    """the chosen encoder is away: what the built-in one has not done yet, where it was said that it stands in"""
    count: bool = False


class Encoder(BaseModel):
    """Who makes the vectors, and where it is."""

    model: str
    source: str
    url: str = ""
    name: str = ""
    """what Ollama calls the model"""
    token: str = ""
    when_away: WhenAway = "wait"


class TrackWords(BaseModel):
    """What is known of a track, and the digest of what its vector was made from."""

    track_id: int
    digest: str
    facts: dict[str, Any]


class TrackSound(BaseModel):
    track_id: int
    digest: str
    descriptors: str
    """little-endian float16, in base64"""
    version: int


class NextOut(BaseModel):
    at: datetime
    """when the facts were read: to be sent back with what was made of them"""
    encoder: Encoder
    words: list[TrackWords] = Field(default_factory=list)
    sounds: list[TrackSound] = Field(default_factory=list)
    remaining: int | None = None
    cancel: bool = False


class Made(Strict):
    track_id: RowId
    digest: Digest
    vector: Annotated[Base64Bytes, Field(max_length=2 * VECTOR_BYTES)]
    """512 little-endian float32"""


class NotMade(Strict):
    track_id: RowId
    digest: Digest = ""
    reason: Reason


class ResultsIn(Strict):
    job_id: UUID
    attempt: Attempt
    type: OurType
    model: Model
    source: Annotated[str, Field(max_length=40), AfterValidator(without_nul)]
    at: AwareDatetime
    made: Annotated[list[Made], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)
    same: Annotated[list[RowId], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)
    """of these the words are the same as before"""
    none: Annotated[list[NotMade], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)
    """there is nothing to make a vector of"""


class ResultsOut(BaseModel):
    kept: int
    refused: dict[int, str]
    cancel: bool


class VectorizeIn(Strict):
    what: What = "outstanding"


class VectorizingStarted(BaseModel):
    """What asking for vectors has come to; no job where there is nothing to do."""

    job: JobOut | None
    tracks: int


TYPES: tuple[OurType, ...] = (TEXT, AUDIO)  # type: ignore[assignment]
