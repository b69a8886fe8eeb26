"""What a worker of the analysis asks, is told and delivers."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Base64Bytes, BaseModel, Field, FiniteFloat

from analysis.schemas.features import KeyCandidate, TempoCandidate
from core.schemas import Attempt, JobOut, Strict, without_nul
from library.schemas.texts import RowId

ANALYZE_KIND = "analysis.analyze"
MOST_AT_ONCE = 100
"""tracks of one batch"""

Reason = Annotated[str, Field(max_length=2_000), AfterValidator(without_nul)]
Whole = Annotated[int, Field(ge=0, le=2**63 - 1)]
Fraction = Annotated[FiniteFloat, Field(ge=0, le=1)]
LARGEST_OUTLINE = 10_000
What = Literal["missing", "stale", "all", "some"]


class AnalyzeParams(Strict):
    """Of a job. Several parts do the same thing side by side; who asked for `all` or `some` meant from then on."""

    what: What = "missing"
    part: Annotated[int, Field(ge=1, le=64)] = 1
    since: Annotated[str, Field(max_length=40)] = ""
    track_ids: Annotated[list[RowId], Field(max_length=1_000)] = Field(default_factory=list)


class NextIn(Strict):
    job_id: UUID
    attempt: Attempt
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    """of its analyser: an older one than the server's would only make work for a newer one"""
    limit: Annotated[int, Field(ge=0, le=MOST_AT_ONCE)] = 10
    holding: Annotated[list[RowId], Field(max_length=1_000)] = Field(default_factory=list)
    """what it still has in hand: whatever else was given to it goes back"""


class Governor(BaseModel):
    """How much of a machine the analysis may use just now."""

    processes: int | None
    """none: as many as the worker's machine has processors, but one"""
    nice: int
    max_temperature_c: int | None
    pause: str | None
    """why not now: paused, hours, listening; older where the worker's analyser is older than the server's"""
    retry_in_s: float


class TrackToDo(BaseModel):
    """Where a file lies, and how to know it again."""

    track_id: int
    title: str
    location: str | None
    """on the server's disk, escaped as the library escapes names"""
    address: str
    """under which the API sends it"""
    file_size: int
    file_mtime_ns: int
    duration_ms: int | None
    start_ms: int | None
    """a part of its file only, from here …"""
    end_ms: int | None
    """… to there"""


class NextOut(BaseModel):
    tracks: list[TrackToDo]
    governor: Governor
    remaining: int
    """in all, with what others have in hand, without what this job holds"""
    parts: int
    """how many jobs share them"""
    cancel: bool


class OfTrack(Strict):
    """What is said of a track, and of which state of its file."""

    track_id: RowId
    file_size: Whole
    file_mtime_ns: Whole
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]


class AnalysedTrack(OfTrack):
    values: dict[str, Any]
    """by feature; none is honest"""
    confidence: dict[str, Fraction] = Field(default_factory=dict)
    tempo_candidates: Annotated[list[TempoCandidate], Field(max_length=20)] = Field(default_factory=list)
    key_candidates: Annotated[list[KeyCandidate], Field(max_length=24)] = Field(default_factory=list)
    waveform: Annotated[Base64Bytes, Field(max_length=LARGEST_OUTLINE)] = b""
    waveform_channels: Annotated[int, Field(ge=1, le=2)] = 1
    descriptors: Annotated[Base64Bytes, Field(max_length=LARGEST_OUTLINE)] = b""
    """little-endian float16"""
    descriptors_version: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    loudness_histogram: Annotated[Base64Bytes, Field(max_length=LARGEST_OUTLINE)] = b""
    decoded_ms: Annotated[int, Field(ge=0, le=2**31 - 1)] = 0
    partial: Reason = ""
    took_s: Annotated[FiniteFloat, Field(ge=0)] = 0.0


class FailedTrack(OfTrack):
    reason: Annotated[str, Field(min_length=1, max_length=2_000), AfterValidator(without_nul)]


class ResultsIn(Strict):
    job_id: UUID
    attempt: Attempt
    analysed: Annotated[list[AnalysedTrack], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)
    failed: Annotated[list[FailedTrack], Field(max_length=MOST_AT_ONCE)] = Field(default_factory=list)


class Figures(BaseModel):
    """What a job has done in all of its attempts: counted where it is kept, whoever is killed."""

    analysed: int = 0
    errors: int = 0
    partial: int = 0
    music_s: float = 0.0

    @property
    def done(self) -> int:
        return self.analysed + self.errors


class ResultsOut(BaseModel):
    kept: int
    figures: Figures
    outdated: list[int]
    """tracks whose file has changed since it was given out: they are given out again"""
    refused: dict[int, str]
    """by track, what of it was not usable"""
    cancel: bool


class Started(BaseModel):
    """What asking for an analysis has come to."""

    jobs: list[JobOut]
    tracks: int
