"""Directions of many tracks: how near they are, and how much nearer than either is to everything else.

Some tracks are near to everything: without a correction the same few would stand in every list. What counts is
therefore not the cosine but by how many of its own deviations it exceeds what is usual, at both ends (as in local
scaling and mutual proximity). The usual is measured once for each track against a sample, and stored.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
LEAST_SPREAD = 1e-3


@dataclass(frozen=True)
class Vectors:
    """Of several tracks: unit vectors, rows of zeros where there is none; and how near each usually is to others."""

    rows: Floats
    known: Flags
    usual: Floats
    """mean similarity to a sample of the library; NaN where it was not measured"""
    spread: Floats

    @classmethod
    def of(cls, rows: Floats, usual: Floats | None = None, spread: Floats | None = None) -> "Vectors":
        count = len(rows)
        unknown = np.full(count, np.nan, np.float32)
        known = np.abs(rows).sum(axis=1) > 0 if rows.size else np.zeros(count, bool)
        return cls(rows, known, unknown if usual is None else usual, unknown if spread is None else spread)

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: NDArray[np.intp]) -> "Vectors":
        return replace(
            self,
            rows=self.rows[places],
            known=self.known[places],
            usual=self.usual[places],
            spread=self.spread[places],
        )

    def with_more(self, more: "Vectors") -> "Vectors":
        names = ("rows", "known", "usual", "spread")
        return Vectors(*(np.concatenate([getattr(self, name), getattr(more, name)]) for name in names))

    def near(self, towards: "Direction | None") -> Floats:
        """1.0 is the same; 0.0 no nearer than anything is; NaN where one of both is unknown."""
        if towards is None or not len(self):
            return np.full(len(self), np.nan, np.float32)
        cosine = self.rows @ towards.vector
        found = np.where(np.isnan(self.usual), cosine, self._nearer_than_usual(cosine, towards))
        return np.where(self.known, np.clip(found, 0.0, 1.0), np.nan).astype(np.float32)

    def _nearer_than_usual(self, cosine: Floats, towards: "Direction") -> Floats:
        """In deviations at both ends, as a share of those by which the asked one exceeds itself."""
        if np.isnan(self.usual).all():
            return cosine
        usual = np.nanmedian(self.usual) if np.isnan(towards.usual) else towards.usual
        spread = max(float(np.nanmedian(self.spread) if np.isnan(towards.spread) else towards.spread), LEAST_SPREAD)
        ours = (cosine - self.usual) / np.maximum(self.spread, LEAST_SPREAD)
        theirs = (cosine - usual) / spread
        found = (ours + theirs) / 2 / ((1.0 - usual) / spread)
        return found.astype(np.float32)


@dataclass(frozen=True)
class Direction:
    """What others are compared with."""

    vector: Floats
    usual: float = float("nan")
    spread: float = float("nan")


def unit(vector: Floats) -> Floats | None:
    """None for what has no direction."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 1e-9 else None


def mixed(parts: list[tuple[float, Floats]]) -> Floats | None:
    """A weighted sum, as a direction: a negative weight leads away from it."""
    if not parts:
        return None
    return unit(np.sum([weight * vector for weight, vector in parts], axis=0))


def between(one: Floats, other: Floats, shares: list[float]) -> list[Floats]:
    """Way-points on the great circle; where two lie opposite each other there is no one way, and the ends serve."""
    angle = float(np.arccos(np.clip(one @ other, -1.0, 1.0)))
    if np.sin(angle) < 1e-6:
        return [one if share < 0.5 else other for share in shares]
    turned = [(np.sin((1 - share) * angle) * one + np.sin(share * angle) * other) / np.sin(angle) for share in shares]
    return [point.astype(np.float32) for point in turned]
