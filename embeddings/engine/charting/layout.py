"""Landmarks in two dimensions by t-SNE; everything else beside its nearest neighbours among them.

So a library of any size costs a small layout and one pass over its vectors, and what is added later moves nothing.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NEIGHBOURS = 6
# Positions are whole numbers of this reach in both directions from the middle.
REACH = 30_000
PERPLEXITY = 30.0
AT_ONCE = 2_000
SEED = 7
# How far from its nearest landmark a track is set, as a share of the distance between neighbours: points that lie on
# each other cannot be told apart.
SCATTER = 0.9


def landmarks_of(rows: Floats, seed: int = SEED) -> Floats:
    """Their places on the chart, centred, the widest direction across."""
    if len(rows) < 4:
        return _in_a_row(len(rows))
    # It brings scikit-learn with it: for the process of the job alone.
    from sklearn.manifold import TSNE

    laid = TSNE(
        init="pca",
        perplexity=min(PERPLEXITY, (len(rows) - 1) / 3),
        random_state=seed,
        n_jobs=1,
    ).fit_transform(rows.astype(np.float32))
    return across(np.asarray(laid, np.float32))


def _in_a_row(count: int) -> Floats:
    points = np.zeros((count, 2), np.float32)
    points[:, 0] = np.arange(count) - (count - 1) / 2
    return points


def across(points: Floats) -> Floats:
    """Turned so that the widest direction lies across: charts are wider than high."""
    centred = points - points.mean(axis=0)
    _left, _values, right = np.linalg.svd(centred, full_matrices=False)
    turned: Floats = (centred @ right.T).astype(np.float32)
    return turned


def placed(rows: Floats, numbers: NDArray[np.int64], landmarks: Floats, points: Floats) -> Floats:
    """Each beside its nearest landmarks, the nearest weighing most; scattered by its number, always the same."""
    found = [
        _placed_few(rows[start : start + AT_ONCE], numbers[start : start + AT_ONCE], landmarks, points)
        for start in range(0, len(rows), AT_ONCE)
    ]
    return np.vstack(found) if found else np.zeros((0, 2), np.float32)


def _placed_few(rows: Floats, numbers: NDArray[np.int64], landmarks: Floats, points: Floats) -> Floats:
    count = min(NEIGHBOURS, len(landmarks))
    apart = _squared(rows, landmarks)
    nearest = np.argpartition(apart, count - 1, axis=1)[:, :count]
    distances = np.sqrt(np.maximum(np.take_along_axis(apart, nearest, axis=1), 0.0))
    # Sharp: the mean of neighbours that lie in two corners of the chart would be in neither.
    width = np.maximum(distances.min(axis=1, keepdims=True), 1e-6)
    weights = np.exp(-((distances / width) ** 2))
    middle = _of_one_corner(points[nearest], weights)
    return (middle + _scattered(numbers, _gap(points))).astype(np.float32)


def _of_one_corner(places: Floats, weights: Floats) -> Floats:
    """The mean of those that lie near the one that weighs most; the others are another corner of the chart."""
    first = places[np.arange(len(places)), weights.argmax(axis=1)]
    away = np.linalg.norm(places - first[:, None], axis=2)
    reach = np.maximum(np.median(away, axis=1, keepdims=True) * 1.5, 1e-6)
    kept = np.where(away <= reach, weights, 0.0)
    return (places * kept[:, :, None]).sum(axis=1) / kept.sum(axis=1, keepdims=True)  # type: ignore[no-any-return]


def _squared(rows: Floats, others: Floats) -> Floats:
    found = (rows**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)[None, :] - 2 * rows @ others.T
    return found.astype(np.float32)  # type: ignore[no-any-return]


def _gap(points: Floats) -> float:
    """How far apart neighbours lie on the chart, roughly."""
    if len(points) < 2:
        return 1.0
    spread = float(np.prod(np.maximum(points.std(axis=0), 1e-6)))
    return float(np.sqrt(12 * spread / len(points)))


def _scattered(numbers: NDArray[np.int64], gap: float) -> Floats:
    """All over a disc, and the same whenever it is asked."""
    turn = 2 * np.pi * _by_chance(numbers, 0x9E3779B97F4A7C15)
    far = np.sqrt(_by_chance(numbers, 0xC2B2AE3D27D4EB4F)) * SCATTER * gap
    return np.stack([far * np.cos(turn), far * np.sin(turn)], axis=1).astype(np.float32)


def _by_chance(numbers: NDArray[np.int64], factor: int) -> NDArray[np.float64]:
    """0 to 1, without a pattern that an eye would see."""
    mixed = numbers.astype(np.uint64) * np.uint64(factor)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2**53


def as_whole(points: Floats) -> NDArray[np.int16]:
    """As they are stored; whatever lies beyond the edge is set on it."""
    whole: NDArray[np.int16] = np.clip(np.rint(points), -32_767, 32_767).astype(np.int16)
    return whole


def scale_of(points: Floats) -> float:
    """So that all of them lie within reach, with room for what comes later."""
    farthest = float(np.abs(points).max()) if points.size else 0.0
    return REACH / farthest if farthest > 0 else 1.0
