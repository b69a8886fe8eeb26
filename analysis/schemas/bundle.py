"""A bundle of analyses: what is known of recordings, by what they are and not by where they lie.

Lines of JSON, compressed with gzip: a head, then one for each recording, under the `audio_hash` of its sound alone.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, Field

from analysis.schemas.features import KeyCandidate, TempoCandidate
from analysis.schemas.fields import Source

FORMAT = "soniquebay-analysis"
LONGEST_LINE = 1_000_000
Blob = Annotated[Base64Bytes, Field(max_length=20_000)]


class Head(BaseModel):
    format: Literal["soniquebay-analysis"]
    version: Literal[1]
    analyzer_version: int
    made_at: datetime


class Said(BaseModel):
    """What one source says of one feature."""

    value: float | str | None
    confidence: float | None = None
    version: int | None = None
    at: datetime | None = None


class Held(BaseModel):
    """A fact that a person holds fast, as it is shown."""

    values: dict[str, float | str | None]
    provenance: dict[str, Any] | None = None


class Recording(BaseModel):
    audio_hash: Annotated[str, Field(min_length=8, max_length=200)]
    title: str = ""
    """for whoever reads it; nothing is matched by it"""
    analyzer_version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    analyzed_at: datetime | None = None
    duration_ms: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    partial: Annotated[str, Field(max_length=2_000)] = ""
    claims: dict[str, dict[Source, Said]] = Field(default_factory=dict)
    locked: dict[str, Held] = Field(default_factory=dict)
    tempo_candidates: Annotated[list[TempoCandidate], Field(max_length=20)] = Field(default_factory=list)
    key_candidates: Annotated[list[KeyCandidate], Field(max_length=24)] = Field(default_factory=list)
    waveform: Blob = b""
    waveform_channels: Annotated[int, Field(ge=1, le=2)] = 1
    descriptors: Blob = b""
    descriptors_version: int = 0
    loudness_histogram: Blob = b""


class ImportReport(BaseModel):
    """What an import has come to."""

    recordings: int = 0
    """in the bundle"""
    matched: int = 0
    """that this library has too"""
    unknown: int = 0
    changed: int = 0
    """tracks of which something is known now that was not before"""
    unchanged: int = 0
    unreadable: int = 0
    """lines that are none of ours"""
