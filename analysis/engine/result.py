"""What the analysis of one file says: plain values, None where nothing honest can be said, never NaN."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.engine.version import ANALYZER_VERSION

TempoRatio: TypeAlias = Literal["1/2", "2/3", "3/4", "1", "4/3", "3/2", "2"]


@dataclass(frozen=True)
class TempoCandidate:
    bpm: float
    ratio: TempoRatio
    """to the tempo that was chosen"""
    confidence: float


@dataclass(frozen=True)
class KeyCandidate:
    key: str
    """the tonic, spelt as analysis.engine.keys spells it: C, F#, Bb"""
    scale: Literal["major", "minor"]
    camelot: str
    confidence: float


@dataclass(frozen=True)
class Loudness:
    """EBU R128 at the file's own rate; decibels are full scale, None for silence."""

    integrated_lufs: float | None = None
    range_lu: float | None = None
    true_peak_db: float | None = None
    sample_peak: float | None = None
    """linear: 1.0 is full scale; a float file or a lossy one may exceed it"""
    histogram: bytes = b""
    """of the 400 ms blocks above -70 LUFS, see analysis.engine.album.joint_loudness"""


@dataclass(frozen=True)
class Tempo:
    bpm: float | None = None
    confidence: float = 0.0
    candidates: tuple[TempoCandidate, ...] = ()
    beat_offset_s: float | None = None
    """where the first beat falls: beats are at this + n × 60/bpm"""


@dataclass(frozen=True)
class Tonality:
    key: str | None = None
    scale: Literal["major", "minor"] | None = None
    camelot: str | None = None
    confidence: float = 0.0
    candidates: tuple[KeyCandidate, ...] = ()
    tuning_cents: float | None = None
    """above A = 440 Hz, -50 to 50"""


@dataclass(frozen=True)
class Score:
    """Between 0 and 1, with the confidence that it deserves."""

    value: float
    confidence: float


@dataclass(frozen=True)
class Waveform:
    """The highest sample of each of up to 1,000 equal stretches, 0 to 255; all of the left, then all of the right."""

    channels: int = 1
    peaks: bytes = b""


@dataclass(frozen=True)
class Analysis:
    duration_ms: int
    """of what could be decoded"""
    sample_rate: int
    channels: int
    loudness: Loudness = field(default_factory=Loudness)
    tempo: Tempo = field(default_factory=Tempo)
    tonality: Tonality = field(default_factory=Tonality)
    waveform: Waveform = field(default_factory=Waveform)
    energy: Score | None = None
    valence: Score | None = None
    danceability: Score | None = None
    mood_happy: Score | None = None
    mood_aggressive: Score | None = None
    mood_party: Score | None = None
    mood_relaxed: Score | None = None
    acoustic: Score | None = None
    tonal: Score | None = None
    leading_silence_ms: int | None = None
    trailing_silence_ms: int | None = None
    """None where all of it is silence"""
    replaygain_track_gain: float | None = None
    """decibels, ReplayGain 2: up to -18 LUFS"""
    replaygain_track_peak: float | None = None
    """linear, the true peak"""
    descriptors: NDArray[np.float32] | None = None
    """see analysis.engine.descriptors for names, groups and version; None for what is too short or silent"""
    partial: str = ""
    """why the file could not be decoded to its end, empty when it could"""
    version: int = ANALYZER_VERSION
