"""How loud several tracks are together: EBU R128 over the blocks of all of them, as the engine counts them.

A histogram is the zlib-compressed array of little-endian 32-bit counts of 400 ms blocks, by tenths of a LU from
-70 LUFS. The engine has the same arithmetic; what it stands on is not installed where the database is.
"""

import math
import struct
import zlib
from collections.abc import Iterable

SILENCE_LUFS, GATE_LU, OFFSET = -70.0, -10.0, -0.691
BINS, PER_LU = 1_000, 10
POWERS = [10 ** ((SILENCE_LUFS + (place + 0.5) / PER_LU - OFFSET) / 10) for place in range(BINS)]


def joint_loudness(histograms: Iterable[bytes]) -> float | None:
    """LUFS; None where all of it is silence. Raises ValueError for what is no such histogram."""
    joint = [0] * BINS
    for packed in histograms:
        for place, count in enumerate(_counts(packed)):
            joint[place] += count
    if not any(joint):
        return None
    gate = _lufs(joint, 0) + GATE_LU
    return _lufs(joint, max(0, round((gate - SILENCE_LUFS) * PER_LU)))


def _counts(packed: bytes) -> tuple[int, ...]:
    if not packed:
        return ()
    reader = zlib.decompressobj()
    try:
        content = reader.decompress(packed, 4 * BINS + 1)
        return struct.unpack(f"<{BINS}I", content)
    except (zlib.error, struct.error) as error:
        raise ValueError(f"This is no histogram of loudness: {error}") from None


def _lufs(counts: list[int], first: int) -> float:
    power = sum(POWERS[place] * counts[place] for place in range(first, BINS))
    return OFFSET + 10 * math.log10(power / sum(counts[first:]))
