"""Reads of what tracks sound like."""

from collections.abc import Iterable

from analysis.models import TrackAudioFeatures


def features_of(track_ids: Iterable[int]) -> dict[int, TrackAudioFeatures]:
    """By track; those that nobody has listened to yet are left out."""
    return {row.track_id: row for row in TrackAudioFeatures.objects.filter(track__in=track_ids)}
