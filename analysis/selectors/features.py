"""Features of tracks: of one with all that its sources say, of many at once, their history, their waveforms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError, FeatureChange, TrackAudioFeatures, TrackWaveform
from analysis.schemas.features import (
    AudioFeaturesOut,
    ChangeOut,
    ClaimOut,
    FeatureOut,
    Flat,
    KeyCandidate,
    TempoCandidate,
    WaveformOut,
)
from analysis.schemas.fields import FIELDS, RANKS, unit_of
from core.errors import NotFound

ANALYSIS = "analysis"
"""the group of the cache that every write of the analysis invalidates"""
# Tempi that a listener would call the same, and decibels that nobody hears.
SAME_WITHIN: dict[str, float] = {"bpm": 0.5, "replaygain_track_gain": 0.5, "replaygain_album_gain": 0.5}
SAME_OTHERWISE = 0.01


def features_of(track_ids: Iterable[int]) -> dict[int, TrackAudioFeatures]:
    """By track; those of which nobody has said anything yet are left out."""
    return {row.track_id: row for row in TrackAudioFeatures.objects.filter(track__in=track_ids)}


def get_by_track_id(track_id: int) -> TrackAudioFeatures:
    found = TrackAudioFeatures.objects.filter(track=track_id).first()
    if found is None:
        raise NotFound("Nothing is known yet of how this track sounds.", hint="Have it analysed first.")
    return found


@dataclass(frozen=True)
class FeaturesView:
    """Everything that is known of how a track sounds, for its page."""

    row: TrackAudioFeatures | None
    features: Mapping[str, FeatureOut]
    error: AnalysisError | None

    @property
    def is_stale(self) -> bool:
        return self.row is not None and is_stale(self.row)

    @property
    def is_analysed(self) -> bool:
        return self.row is not None and self.row.analyzer_version is not None


def features_view(track_id: int) -> FeaturesView:
    """Two queries; a track of which nothing is known has an empty view."""
    row = TrackAudioFeatures.objects.filter(track=track_id).first()
    error = AnalysisError.objects.filter(track=track_id).first()
    return FeaturesView(row, {field: feature_out(row, field) for field in FIELDS} if row else {}, error)


def is_stale(row: TrackAudioFeatures) -> bool:
    return row.analyzer_version is not None and row.analyzer_version < ANALYZER_VERSION


def feature_out(row: TrackAudioFeatures, field: str) -> FeatureOut:
    """One value with its source, its lock, and what others say."""
    leader = unit_of(field)[0]
    origin: dict[str, Any] = row.provenance.get(leader) or {}
    source = origin.get("source") or _source_without_claims(row, field)
    value = getattr(row, field)
    said = row.claims.get(field, {})
    others = [_claim_out(name, said[name]) for name in RANKS if name in said and name != source]
    return FeatureOut(
        value=value,
        source=source,
        confidence=origin.get("confidence"),
        version=origin.get("version"),
        at=_moment(origin.get("at")) or (row.analyzed_at if value is not None else None),
        locked=leader in row.locked_fields,
        others=others,
        contradicted=any(not sounds_same(field, value, other.value) for other in others),
    )


def _source_without_claims(row: TrackAudioFeatures, field: str) -> Any:
    """Rows of older installations name one source for all of their values."""
    if row.claims or getattr(row, field) is None:
        return None
    return row.analysis_source if row.analysis_source in RANKS else "imported"


def sounds_same(field: str, one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= SAME_WITHIN.get(field, SAME_OTHERWISE)
    return bool(one == other)


def _claim_out(source: Any, said: Mapping[str, Any]) -> ClaimOut:
    return ClaimOut(
        source=source,
        value=said.get("value"),
        confidence=said.get("confidence"),
        version=said.get("version"),
        at=_moment(said.get("at")),
    )


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None


def flat(row: TrackAudioFeatures | None) -> dict[str, Any]:
    return {name: getattr(row, name, None) for name in Flat.model_fields}


def features_out(row: TrackAudioFeatures) -> AudioFeaturesOut:
    """As the APIs show it; one query, for the error that it may have met."""
    error = AnalysisError.objects.filter(track=row.track_id).values_list("reason", flat=True).first()
    return AudioFeaturesOut(
        **flat(row),
        track_id=row.track_id,
        analysis_source=row.analysis_source,
        analyzed_at=row.analyzed_at,
        analyzer_version=row.analyzer_version,
        stale=is_stale(row),
        duration_ms=row.duration_ms,
        partial=row.partial,
        error=error or "",
        locked_fields=list(row.locked_fields),
        features={field: feature_out(row, field) for field in FIELDS},
        tempo_candidates=[TempoCandidate.model_validate(one) for one in row.candidates.get("bpm", [])],
        key_candidates=[KeyCandidate.model_validate(one) for one in row.candidates.get("key", [])],
        date_added=row.date_added,
        date_modified=row.date_modified,
    )


def feature_changes(track_id: int) -> QuerySet[FeatureChange]:
    """What has changed, the last first."""
    return FeatureChange.objects.filter(track=track_id).select_related("user").order_by("-id")


def change_out(change: FeatureChange) -> ChangeOut:
    return ChangeOut.model_validate(
        {
            **{name: getattr(change, name) for name in ChangeOut.model_fields if name != "user"},
            "user": change.user.username if change.user else None,
        }
    )


def waveform_of(track_id: int) -> TrackWaveform:
    found = TrackWaveform.objects.filter(track=track_id).first()
    if found is None:
        raise NotFound("This track has no waveform yet.", hint="Have it analysed first.")
    return found


def waveform_out(waveform: TrackWaveform, duration_ms: int | None = None) -> WaveformOut:
    peaks = channels_of(waveform)
    return WaveformOut(
        channels=len(peaks), points=len(peaks[0]), peaks=[list(one) for one in peaks], duration_ms=duration_ms
    )


def channels_of(waveform: TrackWaveform) -> list[bytes]:
    """The peaks of each channel."""
    return _divided(bytes(waveform.peaks), waveform.channels)


def _divided(peaks: bytes, channels: int) -> list[bytes]:
    if channels != 2 or len(peaks) % 2:
        return [peaks]
    return [peaks[: len(peaks) // 2], peaks[len(peaks) // 2 :]]


def outline(peaks: bytes, channels: int, points: int) -> list[int]:
    """Of a waveform as it is kept: the highest of both channels in so many stretches."""
    return _outline(_divided(peaks, channels), points)


def outlines_of(track_ids: Iterable[int], *, points: int = 100) -> dict[int, list[int]]:
    """By track, a waveform for a miniature: one value a stretch, the higher of both channels."""
    rows = TrackWaveform.objects.filter(track__in=track_ids)
    return {row.track_id: _outline(channels_of(row), points) for row in rows}


def _outline(channels: list[bytes], points: int) -> list[int]:
    higher = [max(several) for several in zip(*channels, strict=True)]
    most = min(points, len(higher))
    if not most:
        return []
    bounds = [place * len(higher) // most for place in range(most + 1)]
    return [max(higher[begin:end]) for begin, end in pairwise(bounds)]
