"""Features of a track as they are sent and answered."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, FiniteFloat

from analysis.schemas.fields import Source
from core.schemas import Strict
from library.schemas.texts import Line, RowId

Score = Annotated[FiniteFloat, Field(ge=0, le=1)] | None
Bpm = Annotated[FiniteFloat, Field(ge=1, le=1_000)]
Decibels = Annotated[FiniteFloat, Field(ge=-200, le=200)] | None
Peak = Annotated[FiniteFloat, Field(ge=0, le=100_000)] | None
Milliseconds = Annotated[int, Field(ge=0, le=2**31 - 1)] | None
FieldName = Annotated[str, Field(min_length=1, max_length=40)]
Lockable = Annotated[list[FieldName], Field(max_length=50)]


class FeatureValues(Strict):
    """What somebody says of a track; what is left out stays as it is, null says that there is none."""

    bpm: Bpm | None = None
    key: Line | None = None
    """C, F#m, A minor, 8A"""
    scale: Literal["major", "minor"] | None = None
    camelot_key: Line | None = None
    danceability: Score = None
    mood_happy: Score = None
    mood_aggressive: Score = None
    mood_party: Score = None
    mood_relaxed: Score = None
    instrumental: Score = None
    acoustic: Score = None
    tonal: Score = None
    energy: Score = None
    valence: Score = None
    genre_main: Line | None = None
    loudness: Annotated[FiniteFloat, Field(ge=-200, le=50)] | None = None
    loudness_range: Annotated[FiniteFloat, Field(ge=0, le=200)] | None = None
    true_peak: Annotated[FiniteFloat, Field(ge=-300, le=100)] | None = None
    sample_peak: Peak = None
    replaygain_track_gain: Decibels = None
    replaygain_track_peak: Peak = None
    replaygain_album_gain: Decibels = None
    replaygain_album_peak: Peak = None
    leading_silence_ms: Milliseconds = None
    trailing_silence_ms: Milliseconds = None
    tuning_cents: Annotated[FiniteFloat, Field(ge=-100, le=100)] | None = None
    beat_offset_ms: Annotated[FiniteFloat, Field(ge=0, le=2**31 - 1)] | None = None


class FeaturesIn(FeatureValues):
    """A person's word is locked at once; what another program has measured is not."""

    analysis_source: Literal["manual", "acoustid", "librosa"] = "manual"
    confidence: Score = None
    lock: Lockable = Field(default_factory=list)
    """fields that are held as they are"""
    unlock: Lockable = Field(default_factory=list)
    """fields that the next best source may say again"""


class ClaimOut(BaseModel):
    """What one source says."""

    source: Source
    value: float | str | None
    confidence: float | None = None
    version: int | None = None
    at: datetime | None = None


class FeatureOut(BaseModel):
    """One value with where it comes from, and what others say of it."""

    value: float | str | None
    source: Source | None
    confidence: float | None
    version: int | None
    at: datetime | None
    locked: bool
    others: list[ClaimOut]
    """of other sources, also where they say the same"""
    contradicted: bool
    """somebody else says something that is not the same"""


class TempoCandidate(BaseModel):
    bpm: Bpm
    ratio: Literal["1/2", "2/3", "3/4", "1", "4/3", "3/2", "2"]
    confidence: Score = None


class KeyCandidate(BaseModel):
    key: Line
    scale: Literal["major", "minor"]
    camelot: Annotated[str, Field(pattern=r"^(1[0-2]|[1-9])[AB]$")]
    confidence: Score = None


class Flat(BaseModel):
    """The values alone."""

    bpm: float | None
    key: str | None
    scale: str | None
    camelot_key: str | None
    danceability: float | None
    mood_happy: float | None
    mood_aggressive: float | None
    mood_party: float | None
    mood_relaxed: float | None
    instrumental: float | None
    acoustic: float | None
    tonal: float | None
    energy: float | None
    valence: float | None
    genre_main: str | None
    loudness: float | None
    loudness_range: float | None
    true_peak: float | None
    sample_peak: float | None
    replaygain_track_gain: float | None
    replaygain_track_peak: float | None
    replaygain_album_gain: float | None
    replaygain_album_peak: float | None
    leading_silence_ms: int | None
    trailing_silence_ms: int | None
    tuning_cents: float | None
    beat_offset_ms: float | None


class AudioFeaturesOut(Flat):
    """A track's features, each with its sources under `features`."""

    track_id: int
    analysis_source: str
    analyzed_at: datetime | None
    analyzer_version: int | None
    stale: bool
    """of an older analyser, or of a recording that has been replaced: it is done again in the background"""
    duration_ms: int | None
    partial: str
    error: str
    """why the file could not be analysed"""
    locked_fields: list[str]
    features: dict[str, FeatureOut]
    tempo_candidates: list[TempoCandidate]
    key_candidates: list[KeyCandidate]
    date_added: datetime | None
    """none where nothing is left that anybody says"""
    date_modified: datetime | None


class FoundTrack(Flat):
    """A track in a list that was searched by its sound."""

    track_id: int
    title: str
    artist_credit: str
    album_id: int | None
    score: float | None = None
    """0 to 1: how alike, where something was compared"""
    reasons: list[str] = Field(default_factory=list)


class FoundPage(BaseModel):
    items: list[FoundTrack]
    next_cursor: str | None
    total: int | None = None


class AnalysisStatistics(BaseModel):
    tracks: int
    """with a file that is there"""
    analysed: int
    missing: int
    stale: int
    failed: int
    partial: int
    locked: int
    sources: dict[str, int]
    versions: dict[str, int]
    keys: dict[str, int]
    """by place on Camelot's wheel"""
    bpm: dict[str, int]
    """by the tens in which they lie: 120 is 120 to 129.99"""
    averages: dict[str, float | None]


class ChangeOut(BaseModel):
    id: int
    field: str
    action: Literal["value", "lock", "unlock"]
    old: Any = None
    new: Any = None
    source: str
    user: str | None
    at: datetime
    taken_back_at: datetime | None


class WaveformOut(BaseModel):
    channels: int
    points: int
    peaks: list[list[int]]
    """0 to 255, a list for each channel"""
    duration_ms: int | None


class ScaleIn(Strict):
    factor: Literal["2", "1/2", "3/2", "2/3", "4/3", "3/4"]


class PickIn(Strict):
    field: Literal["bpm", "key"]
    place: Annotated[int, Field(ge=0, le=100)]
    """in the list of candidates, from 0"""


class AnalyzeIn(Strict):
    """Some tracks, or whatever lacks features, is of an older analyser, or everything."""

    track_ids: Annotated[list[RowId], Field(max_length=1_000)] | None = None
    what: Literal["missing", "stale", "all"] = "missing"
