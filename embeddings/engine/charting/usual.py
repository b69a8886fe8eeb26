"""How near a track usually is to others: the mean and the spread of its similarities to a sample of the library."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def usual_similarity(rows: Floats, sample: Floats) -> tuple[Floats, Floats]:
    """NaN for rows of zeros, and where the sample is too small to say anything."""
    known = np.abs(rows).sum(axis=1) > 0
    others = sample[np.abs(sample).sum(axis=1) > 0]
    if len(others) < 8:
        nothing = np.full(len(rows), np.nan, np.float32)
        return nothing, nothing.copy()
    near = rows @ others.T
    # A track that is in the sample itself would raise its own mean.
    near = np.where(near > 0.99999, np.nan, near)
    with np.errstate(invalid="ignore"):
        mean, spread = np.nanmean(near, axis=1), np.nanstd(near, axis=1)
    return np.where(known, mean, np.nan).astype(np.float32), np.where(known, spread, np.nan).astype(np.float32)
