"""What the engine answers, as it is delivered."""

import base64
from typing import Any

import numpy as np

from analysis.engine.descriptors import DESCRIPTORS_VERSION
from analysis.engine.result import Analysis
from analysis.schemas.work import TrackToDo

SCORES = (
    "energy", "valence", "danceability", "mood_happy", "mood_aggressive", "mood_party", "mood_relaxed", "acoustic",
    "tonal",
)  # fmt: skip
LARGEST_HALF = 65_504.0


def told(track: TrackToDo, found: Analysis, took_s: float) -> dict[str, Any]:
    values, confidence = _values(found)
    return {
        "track_id": track.track_id,
        "file_size": track.file_size,
        "file_mtime_ns": track.file_mtime_ns,
        "version": found.version,
        "values": values,
        "confidence": confidence,
        "tempo_candidates": [
            {"bpm": one.bpm, "ratio": one.ratio, "confidence": one.confidence} for one in found.tempo.candidates
        ],
        "key_candidates": [
            {"key": one.key, "scale": one.scale, "camelot": one.camelot, "confidence": one.confidence}
            for one in found.tonality.candidates
        ],
        "waveform": _text(found.waveform.peaks),
        "waveform_channels": found.waveform.channels,
        "descriptors": _text(_halves(found)),
        "descriptors_version": DESCRIPTORS_VERSION if found.descriptors is not None else 0,
        "loudness_histogram": _text(found.loudness.histogram),
        "decoded_ms": found.duration_ms,
        "partial": found.partial[:2_000],
        "took_s": round(took_s, 3),
    }


def _values(found: Analysis) -> tuple[dict[str, Any], dict[str, float]]:
    tempo, tonality, loudness = found.tempo, found.tonality, found.loudness
    values: dict[str, Any] = {
        "bpm": tempo.bpm,
        "beat_offset_ms": None if tempo.beat_offset_s is None else round(tempo.beat_offset_s * 1000, 2),
        "key": tonality.key,
        "scale": tonality.scale,
        "camelot_key": tonality.camelot,
        "tuning_cents": tonality.tuning_cents,
        "loudness": loudness.integrated_lufs,
        "loudness_range": loudness.range_lu,
        "true_peak": loudness.true_peak_db,
        "sample_peak": loudness.sample_peak,
        "replaygain_track_gain": found.replaygain_track_gain,
        "replaygain_track_peak": found.replaygain_track_peak,
        "leading_silence_ms": found.leading_silence_ms,
        "trailing_silence_ms": found.trailing_silence_ms,
    }
    confidence = {"bpm": tempo.confidence} | dict.fromkeys(("key", "scale", "camelot_key"), tonality.confidence)
    for name in SCORES:
        score = getattr(found, name)
        values[name] = None if score is None else score.value
        if score is not None:
            confidence[name] = score.confidence
    plain = {name: _plain(value) for name, value in values.items() if value is not None}
    return plain, {name: float(value) for name, value in confidence.items() if name in plain}


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else float(value)


def _halves(found: Analysis) -> bytes:
    if found.descriptors is None:
        return b""
    return np.clip(found.descriptors, -LARGEST_HALF, LARGEST_HALF).astype("<f2").tobytes()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
