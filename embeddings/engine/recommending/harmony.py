"""Keys and tempi: how far apart they are, and how well one track follows another.

Keys are places on Camelot's wheel; relative major and minor are one step apart, as are neighbours of one letter.
Tempi are compared within an octave: half and double the tempo beat together.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import Facts

Floats = NDArray[np.float32]
HOURS = 12
# By steps on the wheel: the same key, one that goes with it, one that surprises, one that jars.
KEY_FITS = (1.0, 0.85, 0.45, 0.2, 0.1, 0.05, 0.05, 0.05)
KEY_UNKNOWN = 0.4
TEMPO_UNKNOWN = 0.4
# As far as most pitch controls reach.
REACH_PERCENT = 6.0
OTHER_OCTAVE = 0.9
UNKNOWN_COST = 0.5
SHARES = {"key": 0.45, "tempo": 0.4, "energy": 0.15}


def steps_between(one: str | None, other: str | None) -> int | None:
    """On the wheel; a change between major and minor counts as one."""
    if not one or not other:
        return None
    hours = abs(int(one[:-1]) - int(other[:-1])) % HOURS
    return min(hours, HOURS - hours) + (one[-1] != other[-1])


def key_fit(one: str | None, other: str | None) -> float | None:
    steps = steps_between(one, other)
    return None if steps is None else KEY_FITS[steps]


def tempo_apart(one: float | None, other: float | None) -> tuple[float, int] | None:
    """Percent by which the other is faster, and by how many octaves it was folded first."""
    if not one or not other or one <= 0 or other <= 0:
        return None
    ratio = math.log2(other / one)
    octaves = math.floor(ratio + 0.5)
    return (2 ** (ratio - octaves) - 1) * 100, octaves


def tempo_fit(one: float | None, other: float | None) -> float | None:
    found = tempo_apart(one, other)
    if found is None:
        return None
    percent, octaves = found
    return math.exp(-((percent / REACH_PERCENT) ** 2) / 2) * (OTHER_OCTAVE if octaves else 1.0)


def transition_costs(tracks: Sequence[Facts]) -> Floats:
    """How badly each follows each, 0 to 1: a symmetric table."""
    key = 1.0 - _key_fits(tracks)
    tempo = 1.0 - _tempo_fits(tracks)
    energy = _apart(np.array([np.nan if one.energy is None else one.energy for one in tracks], np.float32))
    found = SHARES["key"] * key + SHARES["tempo"] * tempo + SHARES["energy"] * np.minimum(2 * energy, 1.0)
    np.fill_diagonal(found, 0.0)
    return found.astype(np.float32)


def _key_fits(tracks: Sequence[Facts]) -> Floats:
    hours = np.array([int(one.camelot[:-1]) if one.camelot else 0 for one in tracks], dtype=np.intp)
    majors = np.array([bool(one.camelot) and str(one.camelot)[-1] == "B" for one in tracks], dtype=bool)
    apart = np.abs(hours[:, None] - hours[None, :]) % HOURS
    steps = np.minimum(apart, HOURS - apart) + (majors[:, None] != majors[None, :])
    unknown = (hours[:, None] == 0) | (hours[None, :] == 0)
    return np.where(unknown, UNKNOWN_COST, np.array(KEY_FITS, np.float32)[steps])


def _tempo_fits(tracks: Sequence[Facts]) -> Floats:
    logs = np.log2(np.array([one.bpm if one.bpm and one.bpm > 0 else np.nan for one in tracks], np.float64))
    ratio = logs[None, :] - logs[:, None]
    octaves = np.floor(ratio + 0.5)
    percent = (2 ** np.abs(ratio - octaves) - 1) * 100
    fits = np.exp(-((percent / REACH_PERCENT) ** 2) / 2) * np.where(octaves == 0, 1.0, OTHER_OCTAVE)
    return np.where(np.isnan(ratio), UNKNOWN_COST, fits)


def _apart(values: Floats) -> Floats:
    found = np.abs(values[:, None] - values[None, :])
    return np.where(np.isnan(found), UNKNOWN_COST / 2, found)
