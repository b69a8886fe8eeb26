"""How tracks sound, for pages: of one with everything about it, of an album, of the rows of a list."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.models import AnalysisLease, FeatureChange, TrackAudioFeatures, TrackWaveform
from analysis.selectors.features import FeaturesView, feature_changes, features_view, outline
from analysis.selectors.work import analysis_jobs

CHANGES_SHOWN = 6
MINIATURE = 60


@dataclass(frozen=True)
class SoundOfTrack:
    """Everything that the page of a track shows of its sound."""

    known: FeaturesView
    waveform: TrackWaveform | None
    changes: list[FeatureChange]
    is_waiting: bool
    """somebody has it in hand, or was asked to take it"""

    @property
    def row(self) -> TrackAudioFeatures | None:
        return self.known.row


def sound_of_track(track_id: int) -> SoundOfTrack:
    """Six queries, whatever is known of it."""
    return SoundOfTrack(
        known=features_view(track_id),
        waveform=TrackWaveform.objects.filter(track=track_id).first(),
        changes=list(feature_changes(track_id)[:CHANGES_SHOWN]),
        is_waiting=_is_waiting(track_id),
    )


def _is_waiting(track_id: int) -> bool:
    asked = analysis_jobs(active=True).filter(params__track_ids__contains=[track_id])
    return asked.exists() or AnalysisLease.objects.filter(track=track_id, job__in=analysis_jobs(active=True)).exists()


def newest_change(track_id: int) -> FeatureChange | None:
    return feature_changes(track_id).first()


@dataclass(frozen=True)
class SoundOfRow:
    """What stands in a table of tracks."""

    bpm: float | None
    camelot: str | None
    loudness: float | None = None
    outline: Sequence[int] = ()


def sounds_of_album(track_ids: Sequence[int]) -> dict[int, SoundOfRow]:
    """With their waveforms in miniature: one query for all of them."""
    rows = TrackAudioFeatures.objects.filter(track__in=track_ids).values_list(
        "track", "bpm", "camelot_key", "loudness", "track__waveform__peaks", "track__waveform__channels"
    )
    return {
        track: SoundOfRow(bpm, camelot, loudness, outline(bytes(peaks), channels, MINIATURE) if peaks else ())
        for track, bpm, camelot, loudness, peaks, channels in rows
    }


def sounds_of_list(track_ids: Sequence[int]) -> dict[int, SoundOfRow]:
    rows = TrackAudioFeatures.objects.filter(track__in=track_ids).values_list("track", "bpm", "camelot_key")
    return {track: SoundOfRow(bpm, camelot) for track, bpm, camelot in rows}
