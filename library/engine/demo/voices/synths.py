"""Synthesizers: leads, plucks, stabs, and the pulses and triangles of old consoles."""

import numpy as np

from .tones import Signal, Tone, cycles, envelope, sine, swept


def _pair(tone: Tone, release: float, cents: float, cutoff: Signal, shape: str, vibrato: float = 0.0) -> Signal:
    """Three oscillators, one in the middle and one at each side."""
    phase = cycles(tone, release, vibrato)
    low, middle, high = (
        swept(phase * 2 ** (offset / 1200) + tone.random.random(), tone.hz, cutoff, shape)
        for offset in (-cents, 0.0, cents)
    )
    return np.stack([middle + low, middle + high])


def lead(tone: Tone) -> Signal:
    shape = envelope(tone, 0.02, 2.5, 0.8, 0.18)
    cutoff = 500 + 2600 * tone.velocity * shape
    return _pair(tone, 0.18, 7, cutoff, "saw", 0.18) * shape


def soft_lead(tone: Tone) -> Signal:
    """Nearly a sine, for a melody that should not cut."""
    shape = envelope(tone, 0.04, 3.0, 0.85, 0.3)
    phase = cycles(tone, 0.3, 0.16)
    return np.asarray(
        ((sine(phase) + 0.22 * sine(2 * phase) + 0.1 * sine(3 * phase)) * shape).astype(np.float32), np.float32
    )


def pluck(tone: Tone) -> Signal:
    time = tone.time(0.25)
    cutoff = tone.hz + (600 + 3600 * tone.velocity) * np.exp(-time / 0.11)
    return _pair(tone, 0.25, 6, cutoff, "saw") * envelope(tone, 0.003, 0.35, 0.12, 0.25)


def sequence(tone: Tone) -> Signal:
    """The short dry note of a sequencer."""
    time = tone.time(0.08)
    cutoff = tone.hz + (300 + 2200 * tone.velocity) * np.exp(-time / 0.07)
    return swept(cycles(tone, 0.08), tone.hz, cutoff, "pulse") * envelope(tone, 0.003, 0.2, 0.25, 0.08)


def stab(tone: Tone) -> Signal:
    """The chord of dub techno: a filter opened for a moment, and then the echo's business."""
    time = tone.time(0.3)
    cutoff = tone.hz + (250 + 1500 * tone.velocity) * np.exp(-time / 0.16)
    return _pair(tone, 0.3, 11, cutoff, "saw") * envelope(tone, 0.006, 0.22, 0.1, 0.3)


def house_chord(tone: Tone) -> Signal:
    time = tone.time(0.15)
    phase = cycles(tone, 0.15)
    bend = 0.7 * tone.velocity * np.exp(-time / 0.2)
    body = sine(phase + bend / 6.28 * sine(2 * phase)) + 0.3 * sine(2 * phase) * np.exp(-time / 0.3)
    return np.asarray((body * envelope(tone, 0.004, 0.7, 0.3, 0.15)).astype(np.float32), np.float32)


def polysynth(tone: Tone) -> Signal:
    """The pad of 1986: slow filter, wide chorus."""
    shape = envelope(tone, 0.18, 3.0, 0.8, 0.7)
    return _pair(tone, 0.7, 9, 350 + 1900 * tone.velocity * shape, "saw") * shape


def _console(tone: Tone, shape: str, cutoff: float) -> Signal:
    return swept(cycles(tone, 0.03, 0.25, 6.0, 0.22), tone.hz, cutoff, shape) * envelope(tone, 0.002, 0.5, 0.45, 0.03)


def pulse(tone: Tone) -> Signal:
    return _console(tone, "pulse", 5200)


def square(tone: Tone) -> Signal:
    return _console(tone, "square", 4800)


def triangle(tone: Tone) -> Signal:
    """Four bits made its steps; a few odd harmonics are what one remembers of them."""
    phase = cycles(tone, 0.02)
    sound = sine(phase) + sine(3 * phase) / 9 + sine(5 * phase) / 20 + sine(7 * phase) / 30
    return (sound * envelope(tone, 0.002, 9.0, 1.0, 0.02)).astype(np.float32)
