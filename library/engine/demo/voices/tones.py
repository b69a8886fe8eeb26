"""The raw material of every voice: dying sines, swept waves, coloured noise, ensembles, envelopes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Signal = npt.NDArray[np.float32]
BLOCK = 256
TABLE = 4096
TABLES_PER_OCTAVE = 2
TABLE_COUNT = 15
# The softly cut tables reach three times their cutoff, so that this keeps them under half of 44.1 kHz.
HIGHEST_CUTOFF_HZ = 7000.0
# How much of each side of an ensemble the other ear hears; without it, headphones feel hollow.
CROSSING = np.float32(0.3)


@dataclass(frozen=True)
class Tone:
    """One note as a voice is asked for it."""

    hz: float
    seconds: float
    velocity: float
    rate: int
    random: np.random.Generator

    def samples(self, release: float) -> int:
        return max(2, int((self.seconds + release) * self.rate))

    def time(self, release: float) -> Signal:
        return (np.arange(self.samples(release)) / self.rate).astype(np.float32)


Voice = Callable[[Tone], Signal]


def modes(
    hz: npt.ArrayLike,
    level: npt.ArrayLike,
    decay: npt.ArrayLike,
    seconds: float,
    rate: int,
    phase: npt.ArrayLike = -np.pi / 2,
) -> Signal:
    """Sum of exponentially dying sines (`decay` is the time to 1/e), as one product of two small matrices."""
    frequency = np.atleast_1d(np.asarray(hz, np.float64))
    heard = frequency < 0.42 * rate
    shape = frequency.shape
    start = np.broadcast_to(np.asarray(level), shape) * np.exp(1j * np.broadcast_to(np.asarray(phase), shape))
    pole = ((-1 / np.broadcast_to(np.asarray(decay, np.float64), shape) + 2j * np.pi * frequency) / rate)[heard]
    count = max(2, int(seconds * rate))
    rows = -(-count // BLOCK)
    coarse = np.exp(np.outer(np.arange(rows) * BLOCK, pole)) * start[heard]
    fine = np.exp(np.outer(pole, np.arange(BLOCK)))
    left = np.concatenate([coarse.real, -coarse.imag], axis=1).astype(np.float32)
    right = np.concatenate([fine.real, fine.imag], axis=0).astype(np.float32)
    return (left @ right).ravel()[:count]


def envelope(tone: Tone, attack: float, decay: float, sustain: float, release: float) -> Signal:
    """Rises smoothly, falls to `sustain`, dies within `release` after the note's end; without a corner that clicks."""
    time = tone.time(release)
    rise = np.clip(time / max(attack, 1e-3), 0, 1)
    level = np.sin(rise * (np.pi / 2)) ** 2 * (sustain + (1 - sustain) * np.exp(-np.maximum(time - attack, 0) / decay))
    fall = np.clip((time - tone.seconds) / release, 0, 1)
    shape: Signal = (level * (1 - fall) ** 2).astype(np.float32)
    return shape


def damped(sound: Signal, tone: Tone, release: float, attack: float = 0.001) -> Signal:
    """Lets a struck sound ring for the note's length, then lays a hand on it."""
    time = np.arange(sound.shape[-1], dtype=np.float32) / tone.rate
    fall = np.clip((time - tone.seconds) / release, 0, 1)
    return (sound * np.minimum(time / attack, 1) * (1 - fall) ** 2).astype(np.float32)


def sine(cycles: npt.NDArray[np.float64]) -> Signal:
    """Sine of a phase counted in cycles; the whole cycles go before float32 would blur them."""
    return np.sin((2 * np.pi * (cycles - np.floor(cycles))).astype(np.float32))


def cycles(
    tone: Tone, release: float, vibrato: float = 0.0, vibrato_hz: float = 5.2, onset: float = 0.35
) -> npt.NDArray[np.float64]:
    """The running phase of a tone; a vibrato, in semitones, comes in after the note has begun."""
    time = np.arange(tone.samples(release)) / tone.rate
    if not vibrato:
        return tone.hz * time
    depth = (2 ** (vibrato / 12) - 1) * np.clip((time - onset) / 0.4, 0, 1)
    wobble = depth * np.sin(2 * np.pi * vibrato_hz * time)
    return tone.hz * (time + np.cumsum(wobble) / tone.rate)


@cache
def _tables(shape: str) -> Signal:
    """One period at rising brightness, so that a filter's sweep is a walk from table to table."""
    number = np.arange(1, TABLE // 8)
    weight = {
        "saw": 1 / number,
        "square": (number % 2) / number,
        "reed": np.where(number % 2 == 1, 1.0, 0.35) / number**0.9,
        "pulse": np.abs(np.sin(np.pi * number * 0.25)) / number,
        "brass": 1 / number**0.8,
    }[shape]
    tables = np.zeros((TABLE_COUNT, TABLE), np.float32)
    for level in range(TABLE_COUNT):
        cutoff = 2 ** (level / TABLES_PER_OCTAVE)
        cut = weight / np.sqrt(1 + (number / cutoff) ** 6) * (number <= 3 * cutoff)
        spectrum = np.zeros(TABLE // 2 + 1, np.complex128)
        spectrum[number] = -0.5j * TABLE * cut
        tables[level] = np.fft.irfft(spectrum, TABLE)
    return tables


def swept(phase: npt.NDArray[np.float64], hz: float, cutoff: npt.ArrayLike, shape: str = "saw") -> Signal:
    """A bright wave behind a moving low-pass filter (`cutoff` in Hz, one value or one a sample)."""
    tables = _tables(shape).ravel()
    open_hz = np.clip(np.asarray(cutoff, np.float32), hz, max(HIGHEST_CUTOFF_HZ, hz * 1.01))
    place = np.clip(TABLES_PER_OCTAVE * np.log2(open_hz / hz), 0, TABLE_COUNT - 1.001).astype(np.float32)
    level = place.astype(np.int32)
    between = place - level
    index = level * TABLE + ((phase - np.floor(phase)) * TABLE).astype(np.int32)
    sound: Signal = tables[index] * (1 - between) + tables[index + TABLE] * between
    return sound


def noise(
    count: int, rate: int, random: np.random.Generator, low_hz: float, high_hz: float, slope: float = 1.0
) -> Signal:
    """Noise between two frequencies, with soft shoulders; `slope` sharpens them."""
    size = 1 << max(8, (count - 1).bit_length())
    hz = np.fft.rfftfreq(size, 1 / rate) + 1e-3
    shape = 1 / np.sqrt((1 + (low_hz / hz) ** (4 * slope)) * (1 + (hz / high_hz) ** (4 * slope)))
    spectrum = shape * np.exp(2j * np.pi * random.random(hz.size))
    sound = np.fft.irfft(spectrum, size)[:count]
    return (sound / (np.std(sound) + 1e-12)).astype(np.float32)


def ensemble(
    hz: float,
    rate: int,
    random: np.random.Generator,
    weights: npt.NDArray[np.floating],
    cents: float,
    size: int = 1 << 17,
) -> Signal:
    """A loop of many players in unison, each harmonic a narrow hill of random phases: Paul Nasca's PADsynth."""
    spectrum = np.zeros(size // 2 + 1, np.float32)
    bin_hz = rate / size
    for number, weight in enumerate(weights, 1):
        centre = number * hz
        if centre > 0.42 * rate or weight < 1e-4:
            continue
        width = max(centre * (2 ** (cents / 1200) - 1), 0.6 * bin_hz)
        first, last = int((centre - 3 * width) / bin_hz), int((centre + 3 * width) / bin_hz) + 2
        place = (np.arange(max(first, 1), last) * bin_hz - centre) / width
        spectrum[max(first, 1) : last] += weight * np.exp(-(place**2)) / np.sqrt(width)
    used = int(np.flatnonzero(spectrum)[-1]) + 1
    turned = np.zeros(spectrum.size, np.complex64)
    turned[:used] = spectrum[:used] * np.exp(2j * np.pi * random.random(used))
    loop = np.fft.irfft(turned, size)
    return (loop / np.std(loop)).astype(np.float32)


def wide(loop: Signal, count: int, start: int) -> Signal:
    """Two stretches of one loop, half a turn apart: one ensemble heard by two ears, each hearing some of both."""
    turns = (np.roll(loop, -start), np.roll(loop, -start - loop.size // 2))
    one, other = (np.resize(turn, count) for turn in turns)
    return np.stack([one + CROSSING * other, other + CROSSING * one])
