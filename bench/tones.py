"""A file of sound to measure with."""

from array import array
from pathlib import Path
from random import Random

import av

RATE = 44_100


def write_tone(path: Path, *, seconds: int) -> Path:
    """Noise, as encoders find it hard; stereo, as a FLAC."""
    random = Random(6)  # noqa: S311 - music, not a secret
    block = array("h", (int(random.gauss(0, 4000)) for _ in range(2 * RATE)))
    with av.open(str(path), "w", format="flac") as target:
        stream = target.add_stream("flac", RATE)
        stream.layout, stream.format = "stereo", "s16"
        for second in range(seconds):
            frame = av.AudioFrame(format="s16", layout="stereo", samples=RATE)
            frame.planes[0].update(block.tobytes())
            frame.sample_rate, frame.pts = RATE, second * RATE
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path
