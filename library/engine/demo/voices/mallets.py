"""Bars, tines and bells: few modes, each with its own decay."""

from functools import partial

import numpy as np

from .tones import Signal, Tone, Voice, damped, modes

# Ratios of the modes, their strengths, and the first one's decay in seconds at middle C.
BARS: dict[str, tuple[tuple[float, ...], tuple[float, ...], float, float]] = {
    "marimba": ((1, 3.93, 9.2), (1.0, 0.2, 0.05), 0.42, 0.25),
    "vibraphone": ((1, 4.0, 10.1), (1.0, 0.16, 0.03), 2.6, 0.7),
    "kalimba": ((1, 2.02, 5.4, 8.9), (1.0, 0.14, 0.1, 0.04), 0.9, 0.5),
    "glockenspiel": ((1, 2.76, 5.4), (1.0, 0.24, 0.07), 1.5, 0.8),
    "bell": ((0.5, 1, 1.19, 1.5, 2.0, 2.74, 3.0), (0.35, 1.0, 0.32, 0.22, 0.5, 0.16, 0.1), 3.2, 1.5),
    "glass": ((1, 2.003, 3.01, 4.2), (1.0, 0.3, 0.1, 0.05), 2.8, 1.6),
    "agogo": ((1, 1.51, 2.69, 3.6), (1.0, 0.55, 0.3, 0.12), 0.13, 0.2),
}


def struck(name: str, tone: Tone) -> Signal:
    ratios, strengths, ring, release = BARS[name]
    number = np.arange(len(ratios))
    level = np.asarray(strengths) * np.where(number > 0, 0.35 + 0.9 * tone.velocity, 1.0)
    decay = ring * (262 / tone.hz) ** 0.5 / (1 + 1.1 * number)
    hz = tone.hz * np.asarray(ratios)
    length = tone.seconds + release
    left = modes(hz, level, decay, length, tone.rate)
    right = modes(hz * 2 ** (1.2 / 1200), level, decay, length, tone.rate)
    return damped(np.stack([left, 0.5 * left + 0.5 * right]), tone, release, 0.0015)


VOICES: dict[str, Voice] = {name: partial(struck, name) for name in BARS}
