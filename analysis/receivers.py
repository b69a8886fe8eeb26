"""Tempo and key that files themselves name become features, of the source `tags`, in the transaction of their batch."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from analysis.services.tags import forget_other_audio, keep_features, keep_tag_features
from library.signals import ImportedTrack, Merged, tracks_imported, tracks_merged


@receiver(tracks_imported, dispatch_uid="analysis.receivers.on_tracks_imported")
def on_tracks_imported(tracks: Sequence[ImportedTrack], **kwargs: Any) -> None:
    forget_other_audio(track_ids=[track.track_id for track in tracks if track.audio_changed])
    keep_tag_features(tracks=tracks)


@receiver(tracks_merged, dispatch_uid="analysis.receivers.on_tracks_merged")
def on_tracks_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    keep_features(merges=merges)
