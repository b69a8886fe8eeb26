"""What analysis adds to GraphQL's Track: its sound as fields of the track itself, and with all sources beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON

from analysis.models import TrackAudioFeatures
from analysis.schemas.features import FeatureOut
from analysis.schemas.fields import FIELDS
from analysis.selectors.features import feature_out, features_of, is_stale
from library.graphql.peers import looked_up
from library.models import Track


def _features(track: Track) -> TrackAudioFeatures | None:
    return looked_up(track, "audio_features", features_of).get(track.pk)


def _feature(name: str) -> Callable[..., Any]:
    """A field that answers with one of the features' columns, or with nothing."""

    def resolve(parent: strawberry.Parent[Track]) -> Any:
        return getattr(_features(parent), name, None)

    return resolve


@strawberry.type
class Claim:
    """What one source says."""

    source: str
    value: JSON | None
    confidence: float | None
    version: int | None
    at: datetime | None


@strawberry.type
class Feature:
    """One value with where it comes from."""

    name: str
    value: JSON | None
    source: str | None
    confidence: float | None
    version: int | None
    at: datetime | None
    locked: bool
    contradicted: bool
    others: list[Claim]


@strawberry.type
class TempoCandidate:
    bpm: float
    ratio: str
    confidence: float | None


@strawberry.type
class KeyCandidate:
    key: str
    scale: str
    camelot: str
    confidence: float | None


@strawberry.type
class AudioFeatures:
    """How a track sounds; empty is unknown."""

    track_id: int
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
    analysis_source: str
    analyzed_at: datetime | None
    analyzer_version: int | None
    duration_ms: int | None
    partial: str
    locked_fields: list[str]

    @strawberry.field
    def stale(parent: strawberry.Parent[TrackAudioFeatures]) -> bool:
        """Of an older analyser, or of a recording that has been replaced."""
        return is_stale(parent)

    @strawberry.field
    def features(parent: strawberry.Parent[TrackAudioFeatures]) -> list[Feature]:
        """Every value with its source, and what others say; those of which nobody says anything are left out."""
        return [
            _as_feature(name, feature_out(parent, name))
            for name in FIELDS
            if getattr(parent, name) is not None or name in parent.claims
        ]

    @strawberry.field
    def tempo_candidates(parent: strawberry.Parent[TrackAudioFeatures]) -> list[TempoCandidate]:
        return [TempoCandidate(**one) for one in parent.candidates.get("bpm", [])]

    @strawberry.field
    def key_candidates(parent: strawberry.Parent[TrackAudioFeatures]) -> list[KeyCandidate]:
        return [KeyCandidate(**one) for one in parent.candidates.get("key", [])]


def _as_feature(name: str, out: FeatureOut) -> Feature:
    said = out.model_dump(exclude={"others"})
    return Feature(name=name, **said, others=[Claim(**other.model_dump()) for other in out.others])


@strawberry.type
class TrackSound:
    """Empty is unknown."""

    bpm: float | None = strawberry.field(resolver=_feature("bpm"))
    key: str | None = strawberry.field(resolver=_feature("key"))
    scale: str | None = strawberry.field(resolver=_feature("scale"))
    camelot_key: str | None = strawberry.field(resolver=_feature("camelot_key"))
    danceability: float | None = strawberry.field(resolver=_feature("danceability"))
    mood_happy: float | None = strawberry.field(resolver=_feature("mood_happy"))
    mood_aggressive: float | None = strawberry.field(resolver=_feature("mood_aggressive"))
    mood_party: float | None = strawberry.field(resolver=_feature("mood_party"))
    mood_relaxed: float | None = strawberry.field(resolver=_feature("mood_relaxed"))
    instrumental: float | None = strawberry.field(resolver=_feature("instrumental"))
    acoustic: float | None = strawberry.field(resolver=_feature("acoustic"))
    tonal: float | None = strawberry.field(resolver=_feature("tonal"))
    energy: float | None = strawberry.field(resolver=_feature("energy"))
    valence: float | None = strawberry.field(resolver=_feature("valence"))
    loudness: float | None = strawberry.field(resolver=_feature("loudness"))
    genre_main: str | None = strawberry.field(resolver=_feature("genre_main"))
    analysis_source: str | None = strawberry.field(resolver=_feature("analysis_source"))
    analyzed_at: datetime | None = strawberry.field(resolver=_feature("analyzed_at"))

    @strawberry.field
    def audio_features(parent: strawberry.Parent[Track]) -> AudioFeatures | None:
        return _features(parent)  # type: ignore[return-value]
