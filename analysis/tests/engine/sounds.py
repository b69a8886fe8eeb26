"""Sounds whose tempo, notes and loudness are known, and files of them in any format."""

import io
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from numpy.typing import NDArray

Sound = NDArray[np.float32]
RATE = 44_100


def tone(hz: float, seconds: float, *, rate: int = RATE, db: float = -20.0, degrees: float = 0.0) -> Sound:
    time = np.arange(round(seconds * rate)) / rate
    return np.asarray(10 ** (db / 20) * np.sin(2 * np.pi * hz * time + np.radians(degrees)), np.float32)


def noise(seconds: float, *, rate: int = RATE, level: float = 0.1, seed: int = 1) -> Sound:
    return np.asarray(level * np.random.default_rng(seed).standard_normal(round(seconds * rate)), np.float32)


def clicks(bpm: float, seconds: float, *, first: float = 0.25, rate: int = RATE, level: float = 0.5) -> Sound:
    time = np.arange(round(0.07 * rate)) / rate
    click = level * np.exp(-time / 0.007) * np.sin(2 * np.pi * 1_500 * time)
    sound = np.zeros(round(seconds * rate), np.float32)
    for start in (np.arange(first, seconds - 0.1, 60 / bpm) * rate).round().astype(int):
        sound[start : start + len(click)] += click
    return sound


def note(midi: float, seconds: float, *, rate: int = RATE, partials: int = 6, cents: float = 0.0) -> Sound:
    hz = 440 * 2 ** ((midi - 69 + cents / 100) / 12)
    time = np.arange(round(seconds * rate)) / rate
    wave = sum(0.6**partial * np.sin(2 * np.pi * hz * (partial + 1) * time) for partial in range(partials))
    return np.asarray(0.1 * wave * np.exp(-1.5 * time), np.float32)


def chords(tonic: int, scale: str, *, times: int = 3, cents: float = 0.0, rate: int = RATE) -> Sound:
    """The cadence I IV V I, in minor with the leading note, above its basses."""
    third = 4 if scale == "major" else 3
    sixth = 9 if scale == "major" else 8
    triads = ((0, third, 7), (5, sixth, 12), (7, 11, 14), (0, third, 7))
    played = [
        sum((note(48 + tonic + step, 0.8, cents=cents, rate=rate) for step in triad), start=np.float32(0))
        + note(36 + tonic + triad[0], 0.8, cents=cents, rate=rate)
        for triad in triads * times
    ]
    return np.concatenate(played)


def stereo(sound: Sound) -> Sound:
    return np.stack([sound, sound])


def file(
    sound: Sound,
    *,
    rate: int = RATE,
    container: str = "wav",
    codec: str = "pcm_f32le",
    layout: str | None = None,
    options: dict[str, str] | None = None,
) -> io.BytesIO:
    """Channels × samples (or samples alone, for mono) in a file of the format that is asked for."""
    sound = np.atleast_2d(sound)
    layout = layout or {1: "mono", 2: "stereo", 6: "5.1"}[len(sound)]
    written = io.BytesIO()
    with av.open(written, "w", format=container) as output:
        stream: Any = output.add_stream(codec, rate=rate, layout=layout, options=options or {})
        together = np.ascontiguousarray(sound.T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(together, format="flt", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            output.mux(packet)
    written.seek(0)
    return written
