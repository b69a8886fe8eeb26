"""What breathes: flute, whistle, clarinet, brass, a voice."""

import numpy as np

from .tones import Signal, Tone, cycles, envelope, noise, sine, swept


def _breath(tone: Tone, release: float, low: float, high: float) -> Signal:
    return noise(tone.samples(release), tone.rate, tone.random, low, high)


def flute(tone: Tone) -> Signal:
    shape = envelope(tone, 0.07, 4.0, 0.85, 0.14)
    phase = cycles(tone, 0.14, 0.22)
    tremble = 1 + 0.1 * np.clip(tone.time(0.14) - 0.3, 0, 0.5) * sine(phase * (5.2 / tone.hz))
    sound = sine(phase) + (0.34 * tone.velocity) * sine(2 * phase) + 0.1 * tone.velocity * sine(3 * phase)
    air = 0.03 * _breath(tone, 0.14, 900, 4200)
    return np.asarray(((sound * tremble + air) * shape).astype(np.float32), np.float32)


def whistle(tone: Tone) -> Signal:
    """A tin whistle, with the small bend from below that fingers make."""
    time = tone.time(0.08)
    phase = cycles(tone, 0.08, 0.2, 5.6, 0.25) - 0.025 * tone.hz * 0.03 * (1 - np.exp(-time / 0.03))
    shape = envelope(tone, 0.03, 3.0, 0.85, 0.08)
    sound = sine(phase) + 0.2 * sine(2 * phase) + 0.14 * sine(3 * phase) + 0.04 * sine(4 * phase)
    return np.asarray(((sound + 0.025 * _breath(tone, 0.08, 1500, 5000)) * shape).astype(np.float32), np.float32)


def clarinet(tone: Tone) -> Signal:
    shape = envelope(tone, 0.05, 5.0, 0.9, 0.1)
    phase = cycles(tone, 0.1, 0.12)
    open_hz = tone.hz * (1.6 + 3.2 * tone.velocity * shape)
    return swept(phase, tone.hz, open_hz, "square") * shape + 0.008 * _breath(tone, 0.1, 800, 3500) * shape


def brass(tone: Tone) -> Signal:
    """Three players: the harder they blow the brighter it gets, and it brightens as the note speaks."""
    shape = envelope(tone, 0.055, 1.6, 0.78, 0.13)
    open_hz = tone.hz * (1 + (2.2 + 4.6 * tone.velocity) * shape**1.5)
    players = []
    for cents, wobble in ((-5, 4.9), (0, 5.4), (6, 5.1)):
        phase = cycles(tone, 0.13, 0.1, wobble) * 2 ** (cents / 1200) + tone.random.random()
        players.append(swept(phase, tone.hz, open_hz, "brass") * shape)
    left, middle, right = players
    return np.stack([middle + 0.8 * left + 0.3 * right, middle + 0.8 * right + 0.3 * left]).astype(np.float32)


def horn(tone: Tone) -> Signal:
    """Brass from far away."""
    shape = envelope(tone, 0.12, 3.0, 0.85, 0.3)
    return swept(cycles(tone, 0.3, 0.08), tone.hz, tone.hz * (1.3 + 2.2 * tone.velocity * shape), "brass") * shape
