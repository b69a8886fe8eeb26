"""Hundreds of dimensions to the few dozen that tell most, by what a sample of the library says."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
KEPT = 48


@dataclass(frozen=True)
class Reduction:
    """A middle and the axes along which the sample differs most."""

    middle: Floats
    axes: Floats

    @classmethod
    def of(cls, rows: Floats, kept: int = KEPT) -> "Reduction":
        middle = rows.mean(axis=0)
        _left, _values, right = np.linalg.svd(rows - middle, full_matrices=False)
        return cls(middle.astype(np.float32), right[:kept].T.astype(np.float32))

    def __call__(self, rows: Floats) -> Floats:
        return ((rows - self.middle) @ self.axes).astype(np.float32)


def joined(sound: Floats, meaning: Floats) -> Floats:
    """Both directions of each track as one; a half that is missing is the middle of those that are not."""
    halves = [_filled(half) for half in (sound, meaning)]
    return np.hstack(halves) / np.float32(np.sqrt(2))


def _filled(half: Floats) -> Floats:
    known = np.abs(half).sum(axis=1) > 0
    if known.all() or not known.any():
        return half
    return np.where(known[:, None], half, half[known].mean(axis=0)).astype(np.float32)
