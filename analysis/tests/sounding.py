"""Tracks that were analysed, for tests of pages: written straight into the tables."""

import random
from typing import Any

from django.utils import timezone

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures, TrackWaveform
from analysis.services.features import create
from library.models import Track

VALUES: dict[str, Any] = {
    "bpm": 84.0,
    "key": "Am",
    "energy": 0.31,
    "valence": 0.44,
    "danceability": 0.38,
    "mood_happy": 0.2,
    "mood_relaxed": 0.71,
    "mood_party": 0.1,
    "mood_aggressive": 0.05,
    "acoustic": 0.82,
    "tonal": 0.9,
    "loudness": -13.4,
    "loudness_range": 7.1,
    "true_peak": -0.42,
    "replaygain_track_gain": -4.6,
    "replaygain_track_peak": 0.953,
    "leading_silence_ms": 120,
    "trailing_silence_ms": 2140,
    "tuning_cents": -3.0,
}
CANDIDATES = {
    "bpm": [
        {"bpm": 84.0, "ratio": "1", "confidence": 0.7},
        {"bpm": 168.0, "ratio": "2", "confidence": 0.2},
        {"bpm": 126.0, "ratio": "3/2", "confidence": 0.1},
    ],
    "key": [
        {"key": "A", "scale": "minor", "camelot": "8A", "confidence": 0.8},
        {"key": "C", "scale": "major", "camelot": "8B", "confidence": 0.3},
    ],
}


def analysed(track: Track, *, channels: int = 2, **over: Any) -> TrackAudioFeatures:
    """As librosa would have it, with a waveform."""
    create(track_id=track.pk, values={**VALUES, **over}, source="librosa", confidence=0.72)
    row = TrackAudioFeatures.objects.get(track=track)
    row.analyzer_version = ANALYZER_VERSION
    row.analyzed_at = timezone.now()
    row.candidates = CANDIDATES
    row.duration_ms = track.duration_ms
    row.save()
    chance = random.Random(track.pk)
    peaks = bytes(chance.randrange(40, 250) for _ in range(1_000 * channels))
    TrackWaveform.objects.create(track=track, channels=channels, peaks=peaks, version=ANALYZER_VERSION)
    return row
