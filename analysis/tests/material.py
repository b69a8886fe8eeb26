"""Music of a few seconds, made here: a beat of a tempo under a chord of a key."""

import math
import os
import struct
import wave
from pathlib import Path
from typing import Any

from library.models import LibraryRoot, Track
from library.tests.factories import make_root, make_track

RATE = 22_050
A_MINOR = (220.0, 261.63, 329.63)
C_MAJOR = (261.63, 329.63, 392.0)


def write_music(
    path: Path, *, seconds: float = 8, bpm: float = 120, chord: tuple[float, ...] = A_MINOR, level: float = 0.5
) -> Path:
    """A WAV file that an analyser understands."""
    beat = 60 / bpm
    frames = bytearray()
    for number in range(round(seconds * RATE)):
        at = number / RATE
        since = at % beat
        click = math.exp(-since * 60) * math.sin(2 * math.pi * 1_000 * since) if since < 0.1 else 0.0
        tone = sum(math.sin(2 * math.pi * pitch * at) for pitch in chord) / len(chord)
        frames += struct.pack("<h", round(32_000 * level * (0.4 * tone + 0.6 * click)))
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(frames))
    return path


def track_of(path: Path, root: LibraryRoot | None = None, **over: Any) -> Track:
    """As a scan would have found it."""
    stat = os.stat(path)
    known = {"path": str(path), "file_size": stat.st_size, "file_mtime_ns": stat.st_mtime_ns, "available": True}
    return make_track(root=root or make_root(str(path.parent)), title=path.stem, **{**known, **over})
