"""A new layout over the old one: turned, mirrored, stretched and moved, so that who knows the chart finds their way."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FEWEST = 3


def aligned(points: Floats, here: Floats, there: Floats) -> Floats:
    """All `points`, by the motion that brings `here` nearest to `there` (Procrustes); as they are where too few say."""
    if len(here) < FEWEST:
        return points
    middle_here, middle_there = here.mean(axis=0), there.mean(axis=0)
    left, values, right = np.linalg.svd((here - middle_here).T @ (there - middle_there))
    size = float(((here - middle_here) ** 2).sum())
    if size <= 0:
        return points
    stretch = float(values.sum()) / size
    # Two layouts that have little in common would be shrunk to a point.
    spread = float(np.sqrt(((there - middle_there) ** 2).sum() / size))
    stretch = max(stretch, 0.5 * spread)
    found: Floats = ((points - middle_here) @ (left @ right) * stretch + middle_there).astype(np.float32)
    return found
