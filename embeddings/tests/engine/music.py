"""A small made-up library for tests of recommending: families of vectors, tracks by hand."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import Facts
from embeddings.engine.recommending.scoring import Pool
from embeddings.engine.recommending.vectors import Direction, Vectors

Floats = NDArray[np.float32]
DIMENSIONS = 64


def family(seed: int, count: int, *, spread: float = 0.5) -> Floats:
    """Unit vectors around one direction."""
    chance = np.random.default_rng(seed)
    middle = chance.normal(size=DIMENSIONS)
    rows = middle / np.linalg.norm(middle) + spread * chance.normal(size=(count, DIMENSIONS)) / np.sqrt(DIMENSIONS)
    found: Floats = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return found


def track(number: int, **over: Any) -> Facts:
    return Facts(**{"track_id": number, "title": f"Piece {number}", "artist_id": 1000 + number, **over})


def pool(facts: Sequence[Facts], sound: Floats | None = None, meaning: Floats | None = None) -> Pool:
    nothing = np.zeros((len(facts), DIMENSIONS), np.float32)
    return Pool(
        facts,
        Vectors.of(nothing if sound is None else sound),
        Vectors.of(nothing if meaning is None else meaning),
    )


def towards(vector: Floats) -> Direction:
    return Direction(vector)
