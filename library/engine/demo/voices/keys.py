"""Keyboards: grand and felt piano, electric piano, organ, accordion, harpsichord-like clavinet."""

import numpy as np

from .tones import Signal, Tone, cycles, damped, envelope, modes, noise, sine, swept


def _strings(tone: Tone, hardness: float, sustain: float) -> Signal:
    """Two slightly mistuned strings, one to each ear, struck at an eighth of their length."""
    number = np.arange(1, min(32, int(9000 / tone.hz) + 2))
    stiffness = 0.00022 * (tone.hz / 262) ** 1.4
    hz = tone.hz * number * np.sqrt(1 + stiffness * number**2)
    softness = 1.9 - 0.75 * hardness * tone.velocity
    level = (np.abs(np.sin(np.pi * number / 8)) + 0.12) / number**softness
    long = sustain * 5.5 * (262 / tone.hz) ** 0.55
    decay = long / (1 + 0.16 * number + 0.012 * number**2)
    length = tone.seconds + 0.5
    fast = modes(np.r_[hz, hz], np.r_[0.72 * level, 0.28 * level], np.r_[0.35 * decay, decay], length, tone.rate)
    slow = hz * 2 ** (0.55 / 1200)
    other = modes(np.r_[slow, slow], np.r_[0.72 * level, 0.28 * level], np.r_[0.36 * decay, decay], length, tone.rate)
    return np.stack([fast, 0.35 * fast + 0.65 * other])


def _hammer(tone: Tone, strings: Signal, amount: float) -> Signal:
    count = min(strings.shape[-1], int(0.06 * tone.rate))
    knock = noise(count, tone.rate, tone.random, 120, 900) * np.exp(-np.arange(count) / (0.012 * tone.rate))
    strings[:, :count] += amount * tone.velocity * knock.astype(np.float32)
    return strings


def piano(tone: Tone) -> Signal:
    return damped(_hammer(tone, _strings(tone, 1.0, 1.0), 0.035), tone, 0.28, 0.0015)


def felt(tone: Tone) -> Signal:
    """A piano with the practice pedal down: few partials and the mechanism heard."""
    return damped(_hammer(tone, _strings(tone, 0.25, 0.8), 0.075), tone, 0.4, 0.006)


def rhodes(tone: Tone) -> Signal:
    """A tine before a pickup: a sine bent by its own frequency, with the bell of the tine at the start."""
    time, phase = tone.time(0.25), cycles(tone, 0.25)
    bend = (0.28 + 0.95 * tone.velocity**1.5 * np.exp(-time / 0.45)) * min(1.0, 420 / tone.hz)
    body = sine(phase + bend / (2 * np.pi) * sine(phase)) * np.exp(-time / (2.2 * (262 / tone.hz) ** 0.4))
    bell = 0.14 * tone.velocity * sine(7.02 * phase) * np.exp(-time / 0.09) * (tone.hz < 900)
    sound = damped((body + bell).astype(np.float32), tone, 0.25, 0.002)
    sway = 0.16 * np.sin(2 * np.pi * (4.3 * time + tone.random.random()))
    return np.stack([sound * (1 + sway), sound * (1 - sway)]).astype(np.float32)


def organ(tone: Tone) -> Signal:
    """Drawbars in a slowly turning loudspeaker."""
    phase = cycles(tone, 0.12, 0.06, 5.8, 0.0)
    bars = ((0.5, 0.55), (1, 1.0), (1.5, 0.35), (2, 0.5), (3, 0.22), (4, 0.14))
    sound = sum((level * sine(ratio * phase) for ratio, level in bars), np.zeros(phase.size, np.float32))
    sound = sound * envelope(tone, 0.012, 9.0, 1.0, 0.12)
    turn = 0.22 * np.sin(2 * np.pi * 5.8 * tone.time(0.12))
    return np.stack([sound * (1 + turn), sound * (1 - turn)]).astype(np.float32)


def accordion(tone: Tone) -> Signal:
    """Musette tuning: three reeds, two of them beside the pitch."""
    shape = envelope(tone, 0.045, 6.0, 0.9, 0.1)
    phase = cycles(tone, 0.1)
    bright = tone.hz * (3.2 + 3.5 * tone.velocity * shape)
    reeds = [
        swept(phase * 2 ** (cents / 1200) + start, tone.hz, bright, "reed")
        for cents, start in ((-9, 0.3), (0, 0), (10, 0.6))
    ]
    left, right = reeds[1] + 0.75 * reeds[0] + 0.25 * reeds[2], reeds[1] + 0.75 * reeds[2] + 0.25 * reeds[0]
    return np.stack([left * shape, right * shape]).astype(np.float32)


def clavinet(tone: Tone) -> Signal:
    phase = cycles(tone, 0.05)
    time = tone.time(0.05)
    sound = swept(phase, tone.hz, 700 + 3200 * tone.velocity * np.exp(-time / 0.12), "pulse")
    return sound * envelope(tone, 0.002, 0.45, 0.15, 0.05)
