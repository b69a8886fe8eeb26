"""The encoder of sounds: what the analysis has measured of a track, as a direction; near is alike in sound."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MODEL = "soniquebay-audio-1"
CONSTANTS = Path(__file__).parent / "data" / "audio-1.npz"
DESCRIPTORS = 648
# In usual deviations: one number that is far out must not say everything, and what is usual is a guess for other music.
FARTHEST = 1.0


@cache
def _constants() -> tuple[Floats, Floats, Floats]:
    """What is usual, what a usual deviation weighs, and the directions that are kept."""
    with np.load(CONSTANTS, allow_pickle=False) as held:
        return held["usual"], held["weights"], held["directions"].astype(np.float32)


def encode(descriptors: Floats) -> Floats:
    """512 numbers of length one for each row; zeros, which nobody may store, for a row that is not all numbers."""
    usual, weights, directions = _constants()
    whole = np.asarray(np.isfinite(descriptors).all(axis=1))
    deviations = np.where(whole[:, None], descriptors, usual) - usual
    scaled = soft_limited(deviations * weights[0]) * weights[1]
    vectors: Floats = (scaled @ directions).astype(np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(
        np.divide(vectors, lengths, out=np.zeros_like(vectors), where=(lengths > 0) & whole[:, None]), np.float32
    )


def soft_limited(deviations: Floats) -> Floats:
    return np.asarray(FARTHEST * np.tanh(deviations / FARTHEST), np.float32)
