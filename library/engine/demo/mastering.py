"""The last hand on a piece: its loudness (ITU-R BS.1770), a limiter that never bites, quiet ends."""

import numpy as np

from .voices.tones import Signal

CEILING = 0.82
LIMITER_BLOCK = 64
LOOKAHEAD_BLOCKS = 24
# What is done a stretch at a time is done so to keep memory small.
CHUNK_TENTHS = 50
CHUNK = 1 << 17
FADE_SECONDS = 2.2
# The two filters of BS.1770 at 48 kHz; their response is taken at the true frequencies, whatever our rate.
SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585))
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))


def _weight(rate: int, count: int) -> Signal:
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(count, 1 / rate) / 48000)
    power = np.ones(z.size)
    for above, below in (SHELF, HIGH_PASS):
        power *= np.abs(np.polyval(above[::-1], z) / np.polyval(below[::-1], z)) ** 2
    return power.astype(np.float32)


def loudness(sound: Signal, rate: int) -> float:
    """Integrated loudness in LUFS, gated as the standard says, from tenths of a second taken four at a time."""
    count = rate // 10
    usable = sound.shape[1] // count * count
    weight = _weight(rate, count)
    tenths = np.zeros(usable // count)
    for ear in sound:
        for first in range(0, usable, CHUNK_TENTHS * count):
            part = ear[first : min(first + CHUNK_TENTHS * count, usable)].reshape(-1, count)
            power = np.abs(np.fft.rfft(part, axis=1)) ** 2 @ weight
            tenths[first // count : first // count + power.size] += 2 * power / count**2
    blocks = np.convolve(tenths, np.full(4, 0.25), "valid")
    heard = blocks[blocks > 10 ** ((-70 + 0.691) / 10)]
    if not heard.size:
        return -70.0
    kept = heard[heard > heard.mean() / 10]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _limit(sound: Signal) -> None:
    """Turns the level down before a peak comes and back up after it, slowly enough not to be heard."""
    rows = -(-sound.shape[1] // LIMITER_BLOCK)
    peaks = np.zeros(rows, np.float32)
    for ear in sound:
        starts = np.arange(0, ear.size, LIMITER_BLOCK)
        peaks = np.maximum(peaks, np.maximum.reduceat(np.abs(ear), starts))
    gain = np.minimum(1, CEILING / np.maximum(peaks, 1e-9))
    around = np.pad(gain, 2 * LOOKAHEAD_BLOCKS, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(around, 2 * LOOKAHEAD_BLOCKS + 1).min(axis=1)
    smooth = np.convolve(lowest, np.full(2 * LOOKAHEAD_BLOCKS + 1, 1 / (2 * LOOKAHEAD_BLOCKS + 1)), "valid")
    middles = (np.arange(rows) + 0.5) * LIMITER_BLOCK
    for first in range(0, sound.shape[1], CHUNK):
        part = sound[:, first : first + CHUNK]
        part *= np.interp(np.arange(first, first + part.shape[1]), middles, smooth).astype(np.float32)
    np.clip(sound, -0.99, 0.99, out=sound)


def finish(sound: Signal, rate: int, target_lufs: float) -> None:
    """In place: no offset, the wanted loudness, limited, and a last fade over what still rings."""
    sound -= sound.mean(axis=1, keepdims=True)
    for _ in range(2):
        sound *= np.float32(10 ** ((target_lufs - loudness(sound, rate)) / 20))
        _limit(sound)
    fade = int(FADE_SECONDS * rate)
    sound[:, -fade:] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    start = int(0.01 * rate)
    sound[:, :start] *= np.linspace(0, 1, start, dtype=np.float32)
