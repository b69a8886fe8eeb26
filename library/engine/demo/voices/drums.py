"""Drums and small percussion; each stroke is drawn anew from noise and modes."""

import numpy as np
import numpy.typing as npt

from .tones import Signal, modes, noise, sine

Random = np.random.Generator
Time = npt.NDArray[np.float64]


def _time(seconds: float, rate: int) -> Time:
    return np.arange(int(seconds * rate)) / rate


def _thump(time: Time, low: float, high: float, bend: float, decay: float) -> Signal:
    """A skin: its pitch falls from `high` to `low` while it dies."""
    phase = low * time + (high - low) * bend * (1 - np.exp(-time / bend))
    return (sine(phase) * np.exp(-time / decay) * np.minimum(time / 0.001, 1)).astype(np.float32)


def _burst(
    time: Time, rate: int, random: Random, low: float, high: float, decay: float, attack: float = 0.001
) -> Signal:
    shape = np.exp(-time / decay) * np.minimum(time / attack, 1)
    return np.asarray((noise(time.size, rate, random, low, high) * shape).astype(np.float32), np.float32)


def kick(rate: int, random: Random) -> Signal:
    time = _time(0.5, rate)
    return _thump(time, 48, 170, 0.028, 0.15) + 0.02 * _burst(time, rate, random, 900, 4000, 0.006)


def kick_soft(rate: int, random: Random) -> Signal:
    time = _time(0.4, rate)
    return _thump(time, 52, 120, 0.022, 0.11) + 0.012 * _burst(time, rate, random, 200, 1500, 0.01)


def kick_tight(rate: int, random: Random) -> Signal:
    time = _time(0.3, rate)
    return _thump(time, 58, 230, 0.016, 0.09) + 0.035 * _burst(time, rate, random, 1500, 6000, 0.004)


def snare(rate: int, random: Random) -> Signal:
    time = _time(0.32, rate)
    shell = modes([186, 332], [0.6, 0.3], [0.07, 0.045], 0.32, rate)
    return shell + 0.16 * _burst(time, rate, random, 1100, 7500, 0.075)


def snare_soft(rate: int, random: Random) -> Signal:
    """The worn snare of lo-fi: low, short, nothing above five kilohertz."""
    time = _time(0.28, rate)
    shell = modes([168, 275], [0.6, 0.25], [0.08, 0.05], 0.28, rate)
    return shell + 0.13 * _burst(time, rate, random, 700, 3600, 0.07, 0.002)


def snare_march(rate: int, random: Random) -> Signal:
    time = _time(0.24, rate)
    shell = modes([240, 410], [0.3, 0.2], [0.04, 0.03], 0.24, rate)
    return shell + 0.15 * _burst(time, rate, random, 1500, 7000, 0.05)


def roll(rate: int, random: Random) -> Signal:
    """A press roll, swelling for half a second."""
    time = _time(0.5, rate)
    sound = noise(time.size, rate, random, 1400, 6500) * (0.55 + 0.45 * np.sin(2 * np.pi * 26 * time)) ** 2
    return (0.16 * sound * (time / 0.5) ** 1.5 * np.minimum((0.5 - time) / 0.02, 1)).astype(np.float32)


def bass_drum(rate: int, random: Random) -> Signal:
    time = _time(0.7, rate)
    return _thump(time, 56, 84, 0.05, 0.2) + 0.03 * _burst(time, rate, random, 120, 900, 0.03, 0.003)


def clap(rate: int, random: Random) -> Signal:
    time = _time(0.35, rate)
    hands = sum(np.where(time >= start, np.exp(-(time - start) / 0.007), 0) for start in (0.001, 0.011, 0.021))
    shape = (0.7 * hands + 0.8 * np.where(time >= 0.03, np.exp(-(time - 0.03) / 0.075), 0)) * np.minimum(
        time / 0.001, 1
    )
    return (0.2 * noise(time.size, rate, random, 950, 4500) * shape).astype(np.float32)


def rim(rate: int, random: Random) -> Signal:
    return modes([420, 1010, 1680], [0.5, 0.6, 0.3], [0.012, 0.018, 0.01], 0.12, rate)


def hat(rate: int, random: Random) -> Signal:
    time = _time(0.12, rate)
    return 0.14 * _burst(time, rate, random, 6200, 11500, 0.022 * random.uniform(0.85, 1.2))


def hat_open(rate: int, random: Random) -> Signal:
    time = _time(0.4, rate)
    return 0.12 * _burst(time, rate, random, 5600, 11000, 0.13)


def ride(rate: int, random: Random) -> Signal:
    time = _time(0.9, rate)
    hz = np.sort(random.uniform(2500, 8200, 26))
    ping = modes(hz, 0.03, random.uniform(0.12, 0.4, 26), 0.9, rate, random.uniform(0, 6.28, 26))
    return (ping * np.minimum(time / 0.002, 1) + 0.02 * _burst(time, rate, random, 5000, 9500, 0.12)).astype(np.float32)


def crash(rate: int, random: Random) -> Signal:
    time = _time(2.2, rate)
    return 0.13 * _burst(time, rate, random, 2800, 9500, 0.55, 0.006)


def brush(rate: int, random: Random) -> Signal:
    time = _time(0.3, rate)
    return 0.1 * _burst(time, rate, random, 1200, 5500, 0.06, 0.03)


def shaker(rate: int, random: Random) -> Signal:
    time = _time(0.12, rate)
    return 0.12 * _burst(time, rate, random, 4800, 9500, 0.022, 0.018)


def tambourine(rate: int, random: Random) -> Signal:
    time = _time(0.25, rate)
    jingles = modes(random.uniform(4200, 8000, 9), 0.05, 0.06, 0.25, rate, random.uniform(0, 6.28, 9))
    return (jingles * np.minimum(time / 0.004, 1) + 0.05 * _burst(time, rate, random, 5000, 9500, 0.04, 0.004)).astype(
        np.float32
    )


def conga_low(rate: int, random: Random) -> Signal:
    time = _time(0.4, rate)
    return _thump(time, 172, 200, 0.02, 0.12) + 0.04 * _burst(time, rate, random, 600, 3000, 0.01)


def conga_high(rate: int, random: Random) -> Signal:
    time = _time(0.3, rate)
    return _thump(time, 246, 280, 0.015, 0.08) + 0.05 * _burst(time, rate, random, 800, 3600, 0.01)


def conga_slap(rate: int, random: Random) -> Signal:
    time = _time(0.2, rate)
    return 0.5 * _thump(time, 330, 390, 0.01, 0.03) + 0.1 * _burst(time, rate, random, 1000, 4200, 0.022)


def agogo_high(rate: int, random: Random) -> Signal:
    return modes([1046, 1580, 2815], [0.5, 0.3, 0.12], [0.1, 0.07, 0.04], 0.4, rate)


def agogo_low(rate: int, random: Random) -> Signal:
    return modes([698, 1054, 1878], [0.5, 0.3, 0.12], [0.12, 0.08, 0.05], 0.4, rate)


def tom(rate: int, random: Random) -> Signal:
    time = _time(0.5, rate)
    return _thump(time, 92, 150, 0.05, 0.18) + 0.02 * _burst(time, rate, random, 400, 2500, 0.02)


def console_kick(rate: int, random: Random) -> Signal:
    return _thump(_time(0.16, rate), 60, 330, 0.02, 0.06)


def console_snare(rate: int, random: Random) -> Signal:
    return 0.2 * _burst(_time(0.16, rate), rate, random, 900, 6500, 0.045)


def console_hat(rate: int, random: Random) -> Signal:
    return 0.1 * _burst(_time(0.06, rate), rate, random, 5500, 10000, 0.014)
