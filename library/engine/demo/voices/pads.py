"""Ensembles that hold: strings, choir, warm and glassy pads, the drone."""

import numpy as np
import numpy.typing as npt

from .tones import Signal, Tone, ensemble, envelope, wide

FORMANTS_AH = ((700, 110, 1.0), (1150, 130, 0.55), (2600, 220, 0.16), (3300, 260, 0.08))
FORMANTS_OO = ((340, 80, 1.0), (800, 110, 0.32), (2300, 220, 0.05), (3000, 260, 0.03))


def _harmonics(tone: Tone, top_hz: float) -> Signal:
    return np.arange(1, max(2, int(top_hz / tone.hz)) + 1, dtype=np.float32)


def _sung(hz: Signal, formants: tuple[tuple[float, float, float], ...]) -> Signal:
    weight = 0.012 + sum(level / (1 + ((hz - centre) / width) ** 2) for centre, width, level in formants)
    return np.asarray(weight, np.float32)


def _held(
    tone: Tone, weights: npt.NDArray[np.floating], cents: float, attack: float, release: float, sway_hz: float = 0.13
) -> Signal:
    loop = ensemble(tone.hz, tone.rate, tone.random, weights, cents)
    sound = wide(loop, tone.samples(release), int(tone.random.integers(loop.size)))
    sway = 1 + 0.1 * np.sin(2 * np.pi * (sway_hz * tone.time(release) + tone.random.random()))
    return np.asarray(
        (sound * sway * envelope(tone, min(attack, 0.7 * tone.seconds), 30, 0.9, release)).astype(np.float32),
        np.float32,
    )


def strings(tone: Tone) -> Signal:
    number = _harmonics(tone, 7000)
    hz = number * tone.hz
    weights = number**-1.05 / (1 + (hz / (1500 + 1900 * tone.velocity)) ** 2)
    return _held(tone, weights, 11, 0.32, 0.55)


def marcato(tone: Tone) -> Signal:
    """Strings with a firm bow, for what moves."""
    number = _harmonics(tone, 6000)
    weights = number**-1.0 / (1 + (number * tone.hz / (1300 + 1500 * tone.velocity)) ** 2)
    return _held(tone, weights, 9, 0.05, 0.25)


def choir(tone: Tone) -> Signal:
    number = _harmonics(tone, 7500)
    weights = number**-0.7 * _sung(number * tone.hz, FORMANTS_AH)
    return _held(tone, weights, 17, 0.45, 0.9, 0.2)


def humming(tone: Tone) -> Signal:
    number = _harmonics(tone, 6000)
    weights = number**-0.8 * _sung(number * tone.hz, FORMANTS_OO)
    return _held(tone, weights, 15, 0.4, 0.9, 0.2)


def warm(tone: Tone) -> Signal:
    number = _harmonics(tone, 3500)
    return _held(tone, number**-1.5 / (1 + (number * tone.hz / 900) ** 2), 14, 0.7, 1.3)


def glassy(tone: Tone) -> Signal:
    """Octaves and twelfths over a soft ground: light on ice."""
    number = _harmonics(tone, 5200)
    weights = number**-2.0
    for place, level in ((2, 0.35), (3, 0.12), (4, 0.2), (6, 0.06), (8, 0.07)):
        weights[place - 1 : place] += level
    return _held(tone, weights, 10, 1.1, 2.2, 0.09)


def drone(tone: Tone) -> Signal:
    number = _harmonics(tone, 2600)
    weights = number**-1.15 / (1 + (number * tone.hz / 520) ** 2)
    weights[1::5] *= 1.5
    return _held(tone, weights, 7, 3.0, 3.5, 0.06)
