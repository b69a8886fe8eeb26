"""The vector that the audio embedding is made of: groups of numbers that do not depend on gain, key or length."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from analysis.engine.rhythm import ONSET_BANDS, PADDED, Rhythm
from analysis.engine.spectra import BANDS, FRAMES_PER_S
from analysis.engine.timbre import LAGS, SHAPES, Timbre
from analysis.engine.tonality import HIGHEST_NOTE, LOWEST_NOTE, STEPS, Pitches

Floats = NDArray[np.float64]
DESCRIPTORS_VERSION = 1
COEFFICIENTS = 20
LEVEL_SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
MODULATIONS_HZ = np.geomspace(0.4, 16.0, 24)
TEMPI = np.geomspace(40.0, 320.0, 36)
BEATS = (1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 3 / 2, 2, 3, 4)
LEAST_FRAMES, LEAST_HEARD = 43, 12


@dataclass(frozen=True)
class Group:
    """A stretch of the vector that belongs together: the embedding gives each group the same say."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True)
class Heard:
    """What the pass has gathered."""

    timbre: Timbre
    pitches: Pitches
    rhythm: Rhythm
    bpm: float | None


def enough(timbre: Timbre) -> bool:
    """A second of which something is heard."""
    return timbre.all_frames >= LEAST_FRAMES and timbre.frames >= LEAST_HEARD


def descriptors(heard: Heard) -> NDArray[np.float32]:
    """As many numbers as `NAMES` has; see `enough` for what is too little."""
    vector = np.concatenate(list(_parts(heard).values()))
    return np.asarray(np.nan_to_num(vector, nan=0.0, posinf=0.0, neginf=0.0), np.float32)


def _parts(heard: Heard) -> dict[str, Floats]:
    mean, spread = heard.timbre.shapes()
    chroma, movement, relations = _tonal(heard.pitches)
    return {
        "timbre_mean": _cosines() @ heard.timbre.mean(),
        "timbre_spread": _spread(heard.timbre.covariance()),
        "timbre_change": np.concatenate([_deviations(heard.timbre.change(lag)) for lag in LAGS]),
        "bands_mean": heard.timbre.mean() - heard.timbre.mean().mean(),
        "bands_spread": np.sqrt(np.maximum(np.diag(heard.timbre.covariance()), 0)),
        "shape": np.concatenate([mean, spread]),
        "chroma": chroma,
        "chroma_movement": movement,
        "chroma_relations": relations,
        "register": _register(heard.pitches),
        "modulation": _modulation(heard.rhythm),
        "tempi": heard.rhythm.correlation(TEMPI),
        "pulse": _pulse(heard.rhythm, heard.bpm),
        "dynamics": _dynamics(heard.timbre, heard.rhythm),
    }


@cache
def _cosines() -> Floats:
    """The cosine transform behind MFCC, without the coefficient that is the level."""
    basis: Floats = scipy.fft.dct(np.eye(BANDS), axis=0, norm="ortho")[1:COEFFICIENTS]
    return basis


def _spread(covariance: Floats) -> Floats:
    """The covariance of the coefficients, roots taken so that no single one rules the distance."""
    of_coefficients = _cosines() @ covariance @ _cosines().T
    upper = of_coefficients[np.triu_indices(COEFFICIENTS - 1)]
    root: Floats = np.sign(upper) * np.sqrt(np.abs(upper))
    return root


def _deviations(products: Floats) -> Floats:
    deviations: Floats = np.sqrt(np.maximum(np.diag(_cosines() @ products @ _cosines().T), 0))
    return deviations


def _tonal(pitches: Pitches) -> tuple[Floats, Floats, Floats]:
    """Chroma from the note that sounds most, how much each class moves, and which sound together."""
    if not pitches.frames:
        return np.zeros(24), np.zeros(24), np.zeros(12)
    fold = pitches.to_semitones()
    mean = fold @ pitches.sum / pitches.frames
    covariance = fold @ (pitches.products / pitches.frames) @ fold.T - np.outer(mean, mean)
    changes = fold @ (pitches.changes / pitches.frames) @ fold.T
    root = int(np.argmax(mean))
    mean, covariance, changes = np.roll(mean, -root), _turned(covariance, root), _turned(changes, root)
    spread = np.sqrt(np.maximum(np.diag(covariance), 0))
    together = covariance / np.maximum(np.outer(spread, spread), 1e-9)
    intervals = np.array([np.mean([together[note, (note + step) % 12] for note in range(12)]) for step in range(1, 7)])
    likeness = np.array([mean @ np.roll(mean, step) for step in range(1, 7)]) / max(float(mean @ mean), 1e-9)
    ordered = np.sort(mean)[::-1]
    return (
        np.concatenate([mean, ordered]),
        np.concatenate([spread, np.sqrt(np.maximum(np.diag(changes), 0))]),
        np.concatenate([intervals, likeness]),
    )


def _turned(matrix: Floats, root: int) -> Floats:
    return np.roll(matrix, (-root, -root), axis=(0, 1))


def _register(pitches: Pitches) -> Floats:
    """Which heights the notes have, by thirds of an octave."""
    width = 4 * STEPS
    heights = pitches.notes.reshape((HIGHEST_NOTE - LOWEST_NOTE) * STEPS // width, width).sum(axis=1)
    return np.asarray(np.log(heights / max(float(heights.sum()), 1e-9) + 1e-3), np.float64)


def _modulation(rhythm: Rhythm) -> Floats:
    """How strongly the onsets of each band pulse, by the speed of the pulse."""
    if not rhythm.segments:
        return np.zeros(ONSET_BANDS * len(MODULATIONS_HZ))
    places = MODULATIONS_HZ / FRAMES_PER_S * PADDED
    bins = np.arange(PADDED // 2 + 1)
    return np.concatenate([np.interp(places, bins, band) for band in rhythm.spectrum / rhythm.segments])


def _pulse(rhythm: Rhythm, bpm: float | None) -> Floats:
    if bpm is None:
        return np.zeros(len(BEATS) + 1)
    return np.append(rhythm.correlation(bpm / np.array(BEATS)), np.log2(bpm / 110))


def _dynamics(timbre: Timbre, rhythm: Rhythm) -> Floats:
    flux = rhythm.flux_sum / max(rhythm.level_sum, 1e-12)
    restless = timbre.level_step_sum / timbre.frames
    return np.array([*timbre.level_quantiles(LEVEL_SHARES), flux, restless, timbre.frames / timbre.all_frames])


def _layout() -> tuple[tuple[Group, ...], tuple[str, ...]]:
    empty = Timbre()
    empty.frames = empty.all_frames = 1
    empty.levels[0] = 1
    groups, names, start = [], [], 0
    for name, part in _parts(Heard(empty, Pitches(), Rhythm(), None)).items():
        groups.append(Group(name, start, start + len(part)))
        names += [f"{name}_{number}" for number in range(len(part))]
        start += len(part)
    return tuple(groups), tuple(names)


GROUPS, NAMES = _layout()
assert len(SHAPES) * 2 == next(group.stop - group.start for group in GROUPS if group.name == "shape")  # noqa: S101
