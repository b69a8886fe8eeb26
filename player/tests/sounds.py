"""Tones as files, in every format whose joints are measured."""

from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import numpy.typing as npt

PITCH, LOUD = 441.0, 0.5
MADE: dict[str, tuple[str, str, int, str]] = {
    "flac": ("flac", "flac", 44_100, "s16"),
    "mp3": ("mp3", "libmp3lame", 44_100, "fltp"),
    "opus": ("ogg", "libopus", 48_000, "flt"),
    "ogg": ("ogg", "vorbis", 44_100, "fltp"),
    "m4a": ("ipod", "aac", 44_100, "fltp"),
}
Samples = npt.NDArray[np.float32]


def tone(rate: int, start: int, samples: int) -> Samples:
    """A part of one endless tone."""
    moments = np.arange(start, start + samples) / rate
    return (LOUD * np.sin(2 * np.pi * PITCH * moments)).astype(np.float32)


def write(path: Path, samples: Samples, kind: str = "") -> Path:
    """Stereo, the same on both sides; the kind is the suffix unless it is named."""
    container, codec, rate, form = MADE[kind or path.suffix[1:]]
    options = {"strict": "-2"} if codec == "vorbis" else {}
    with av.open(str(path), "w", format=container, options={"fflags": "+bitexact"}) as target:
        stream = cast(av.AudioStream, target.add_stream(codec, rate, options))
        stream.layout, stream.format = "stereo", form
        if codec != "flac":
            stream.bit_rate = 192_000
        if codec == "libmp3lame":
            stream.metadata["encoder"] = "LAME3.100"
        frame = av.AudioFrame.from_ndarray(np.stack([samples, samples]), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts = rate, 0
        target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path


def decoded(source: Any) -> Samples:
    """One side of what is in it."""
    with av.open(source) as container:
        frames = [frame.to_ndarray() for frame in container.decode(audio=0)]
    if not frames:
        return np.zeros(0, np.float32)
    whole = np.concatenate(frames, axis=1)
    side = whole[0] if len(whole) > 1 else whole.reshape(-1, 2)[:, 0]
    scale = np.iinfo(side.dtype).max + 1 if side.dtype.kind == "i" else 1
    return (side / scale).astype(np.float32)
