"""The low end: upright, fingered, sub, and the basses of synthesizers."""

import numpy as np

from .tones import Signal, Tone, cycles, damped, envelope, modes, sine, swept


def _plucked_bass(tone: Tone, brightness: float, ring: float, release: float) -> Signal:
    number = np.arange(1, min(24, int(3500 / tone.hz) + 2))
    hz = tone.hz * number * np.sqrt(1 + 0.00008 * number**2)
    level = (
        (np.abs(np.sin(np.pi * number * 0.21)) + 0.1)
        / number**1.2
        / (1 + (hz / (brightness * (0.5 + 0.6 * tone.velocity))) ** 2)
    )
    decay = ring / (1 + 0.28 * number)
    return damped(modes(hz, level, decay, tone.seconds + release, tone.rate), tone, release, 0.004)


def upright(tone: Tone) -> Signal:
    return _plucked_bass(tone, 700, 1.3, 0.14)


def fingered(tone: Tone) -> Signal:
    return _plucked_bass(tone, 1100, 2.4, 0.08)


def sub(tone: Tone) -> Signal:
    """Almost a sine; the second and third harmonic let small loudspeakers tell of it."""
    phase = cycles(tone, 0.06)
    sound = sine(phase) + 0.2 * sine(2 * phase) + 0.07 * sine(3 * phase)
    return np.asarray((sound * envelope(tone, 0.008, 2.5, 0.8, 0.06)).astype(np.float32), np.float32)


def round_bass(tone: Tone) -> Signal:
    """House and dub: a sine with a short filtered bark in front."""
    time, phase = tone.time(0.06), cycles(tone, 0.06)
    bark = swept(phase, tone.hz, tone.hz * 1.5 + 500 * tone.velocity * np.exp(-time / 0.09), "saw")
    return (sine(phase) + 0.5 * bark) * envelope(tone, 0.005, 0.7, 0.55, 0.06)


def saw_bass(tone: Tone) -> Signal:
    time, phase = tone.time(0.06), cycles(tone, 0.06)
    cutoff = tone.hz * 2 + (200 + 1400 * tone.velocity) * np.exp(-time / 0.14)
    both = swept(phase, tone.hz, cutoff, "saw") + 0.7 * swept(phase * 2 ** (6 / 1200) + 0.4, tone.hz, cutoff, "saw")
    return np.asarray((both + 0.8 * sine(phase)) * envelope(tone, 0.004, 0.8, 0.6, 0.06), np.float32)


def reese(tone: Tone) -> Signal:
    """Drum & bass: two saws that quarrel slowly under a low filter, over a clean sub."""
    phase = cycles(tone, 0.08)
    shape = envelope(tone, 0.012, 4.0, 0.9, 0.08)
    quarrel = swept(phase * 2 ** (9 / 1200), tone.hz, 420, "saw") + swept(
        phase * 2 ** (-9 / 1200) + 0.5, tone.hz, 420, "saw"
    )
    return (0.4 * quarrel + sine(phase)) * shape


def tuba(tone: Tone) -> Signal:
    shape = envelope(tone, 0.035, 0.9, 0.6, 0.12)
    return swept(cycles(tone, 0.12), tone.hz, tone.hz * (1.5 + 4 * tone.velocity * shape), "brass") * shape
