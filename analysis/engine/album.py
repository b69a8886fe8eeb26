"""The loudness of several tracks as if they were one, from what is kept of each; the web asks for it, and has no scipy.

A histogram is the zlib-compressed array of little-endian 32-bit counts of 400 ms blocks, by tenths of a LU from -70 on.
"""

import math
import struct
import zlib
from collections.abc import Iterable, Sequence

QUIETEST_LUFS, LOUDEST_LUFS, PER_LU = -70, 30, 10
BINS = (LOUDEST_LUFS - QUIETEST_LUFS) * PER_LU
OFFSET, GATE_LU = -0.691, -10.0
# What each bin's middle is as a power.
POWERS = [10 ** ((QUIETEST_LUFS + (place + 0.5) / PER_LU - OFFSET) / 10) for place in range(BINS)]


def packed_histogram(counts: Sequence[int]) -> bytes:
    """Empty where no block was loud enough to count."""
    return zlib.compress(struct.pack(f"<{BINS}I", *counts), 9) if any(counts) else b""


def joint_loudness(histograms: Iterable[bytes]) -> float | None:
    """In LUFS, to a twentieth; None where all of it is silence."""
    joint = [0] * BINS
    for packed in histograms:
        if packed:
            counts = struct.unpack(f"<{BINS}I", zlib.decompress(packed))
            joint = [one + other for one, other in zip(joint, counts, strict=True)]
    if not any(joint):
        return None
    gate = _mean_lufs(joint, 0) + GATE_LU
    return _mean_lufs(joint, max(0, round((gate - QUIETEST_LUFS) * PER_LU)))


def _mean_lufs(counts: list[int], first: int) -> float:
    power = sum(count * POWERS[place] for place, count in enumerate(counts) if place >= first)
    return OFFSET + 10 * math.log10(power / sum(counts[first:]))
