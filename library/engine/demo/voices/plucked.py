"""Plucked strings: Karplus and Strong's loop, solved for its modes so that it is always in tune."""

import numpy as np

from .tones import Signal, Tone, damped, modes, noise


def _string(tone: Tone, place: float, brightness: float, ring: float, loss: float, release: float = 0.2) -> Signal:
    """`place` is where the finger plucks, `loss` how much faster high partials die."""
    number = np.arange(1, min(48, int(10000 / tone.hz) + 2))
    hz = tone.hz * number * np.sqrt(1 + 0.00006 * number**2)
    level = np.sin(np.pi * number * place) / number**1.15 / (1 + (hz / (brightness * (0.6 + 0.6 * tone.velocity))) ** 2)
    decay = ring * (220 / tone.hz) ** 0.5 / (1 + loss * (hz / 1000) ** 2 + 0.06 * number)
    return modes(hz, level, decay, tone.seconds + release, tone.rate)


def _body(sound: Signal, tone: Tone, resonances: tuple[tuple[float, float], ...]) -> Signal:
    """The box: short, low resonances set off by the pluck."""
    hz = [hz for hz, _ in resonances]
    level = [level * tone.velocity for _, level in resonances]
    box = modes(hz, level, 0.05, min(0.4, sound.size / tone.rate), tone.rate)
    sound[: box.size] += box[: sound.size] * np.abs(sound[: int(0.05 * tone.rate)]).max()
    return sound


def _finger(sound: Signal, tone: Tone, low: float, high: float, amount: float) -> Signal:
    count = min(sound.size, int(0.02 * tone.rate))
    click = noise(count, tone.rate, tone.random, low, high) * np.exp(-np.arange(count) / (0.004 * tone.rate))
    sound[:count] += (amount * np.abs(sound[: 4 * count]).max() * click).astype(np.float32)
    return sound


def nylon(tone: Tone) -> Signal:
    sound = _body(_string(tone, 0.23, 2300, 1.3, 0.55), tone, ((98, 0.16), (196, 0.12), (402, 0.05)))
    return damped(_finger(sound, tone, 300, 2200, 0.03), tone, 0.16, 0.002)


def steel(tone: Tone) -> Signal:
    sound = _body(_string(tone, 0.15, 4200, 2.3, 0.22), tone, ((104, 0.14), (212, 0.1), (390, 0.05)))
    return damped(_finger(sound, tone, 900, 5000, 0.035), tone, 0.2, 0.0015)


def muted(tone: Tone) -> Signal:
    """An electric guitar under the palm, for offbeats and afrobeat lines."""
    return damped(_string(tone, 0.12, 2600, 0.32, 0.5), tone, 0.06, 0.0015)


def electric(tone: Tone) -> Signal:
    """A clean electric guitar with a breath of chorus."""
    sound = _string(tone, 0.19, 3000, 1.9, 0.3)
    other = _string(
        Tone(tone.hz * 2 ** (4 / 1200), tone.seconds, tone.velocity, tone.rate, tone.random), 0.19, 3000, 1.9, 0.3
    )
    return damped(np.stack([sound + 0.35 * other, sound - 0.35 * other]), tone, 0.18, 0.002)


def harp(tone: Tone) -> Signal:
    return damped(_string(tone, 0.4, 2600, 2.6, 0.25, 0.9), tone, 0.9, 0.003)


def koto(tone: Tone) -> Signal:
    return damped(_finger(_string(tone, 0.09, 4000, 1.5, 0.3, 0.5), tone, 1200, 4500, 0.03), tone, 0.5, 0.0015)


def pizzicato(tone: Tone) -> Signal:
    sound = _body(_string(tone, 0.3, 1800, 0.35, 0.7), tone, ((280, 0.1), (450, 0.06)))
    return damped(sound, tone, 0.15, 0.003)
