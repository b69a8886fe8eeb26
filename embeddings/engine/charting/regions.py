"""Where many tracks lie together on the chart, and what each such place is called.

The chart is a grid of depths; each summit that stands out is a region, to which every cell belongs that flows to it. A
region is called by what is most its own: a genre or a mood that is common there and not everywhere.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
GRID = 64
MOST = 16
# A summit must be so high, as a share of the highest; and hold so many tracks.
LEAST_HEIGHT = 0.06
FEWEST = 5
LEAST_SHARE = 0.12


@dataclass(frozen=True)
class Region:
    """A place with a name: its summit, how far it reaches, how many lie there."""

    name: str
    others: tuple[str, ...]
    """what else is heard there, the commonest first"""
    x: int
    y: int
    reach: int
    members: tuple[int, ...]
    """places in what was given"""


def regions_of(points: NDArray[np.int16], words: Sequence[Sequence[str]]) -> list[Region]:
    """The largest first; a name that is given already is given again only where there is no other."""
    if len(points) < FEWEST:
        return []
    blur = _blur(len(points))
    cells, depth, low, step = _grid(points.astype(np.float32), blur)
    summits = _summits(depth, 2 * blur + 1)
    owner = _flowing(depth, summits)
    everywhere = Counter(word for said in words for word in set(said))
    found = []
    for summit in summits:
        members = np.flatnonzero(owner[cells[:, 1], cells[:, 0]] == _number(summit))
        if len(members) >= FEWEST:
            found.append((summit, members))
    found.sort(key=lambda pair: -len(pair[1]))
    named: list[Region] = []
    taken: set[str] = set()
    for summit, members in found[:MOST]:
        names = _names([words[int(place)] for place in members], everywhere, len(points))
        if not names:
            continue
        name = next((one for one in names if one not in taken), names[0])
        taken.add(name)
        middle = points[members].astype(np.float32)
        x, y = (low + (np.array([summit[1], summit[0]]) + 0.5) * step).tolist()
        reach = float(np.median(np.linalg.norm(middle - np.array([x, y], np.float32), axis=1)))
        others = tuple(other for other in names if other != name)[:3]
        named.append(Region(name, others, round(x), round(y), round(reach), tuple(int(one) for one in members)))
    return named


def _blur(count: int) -> int:
    """In cells: few points are spread far, so that they make hills and not needles."""
    return int(max(2, round(14 / count**0.17)))


def _grid(points: Floats, blur: int) -> tuple[NDArray[np.intp], Floats, Floats, Floats]:
    low = points.min(axis=0)
    step = np.maximum((points.max(axis=0) - low) / GRID, 1e-3)
    cells = np.clip(((points - low) / step).astype(np.intp), 0, GRID - 1)
    depth = np.zeros((GRID, GRID), np.float32)
    np.add.at(depth, (cells[:, 1], cells[:, 0]), 1.0)
    for _pass in range(3):
        depth = _blurred(_blurred(depth, 0, blur), 1, blur)
    return cells, depth, low, step


def _blurred(depth: Floats, axis: int, blur: int) -> Floats:
    edge = _zeros(depth, axis, blur)
    padded = np.concatenate([edge, depth, edge], axis=axis)
    total = np.cumsum(np.insert(padded, 0, 0.0, axis=axis), axis=axis)
    width = 2 * blur + 1
    upper = np.take(total, np.arange(width, total.shape[axis]), axis=axis)
    lower = np.take(total, np.arange(0, total.shape[axis] - width), axis=axis)
    return ((upper - lower) / width).astype(np.float32)  # type: ignore[no-any-return]


def _zeros(depth: Floats, axis: int, count: int) -> Floats:
    shape = list(depth.shape)
    shape[axis] = count
    return np.zeros(shape, np.float32)


def _number(summit: tuple[int, int]) -> int:
    return summit[0] * GRID + summit[1]


def _summits(depth: Floats, apart: int) -> list[tuple[int, int]]:
    """The highest first, none beside a higher one."""
    found: list[tuple[int, int]] = []
    height = float(depth.max())
    for flat in np.argsort(-depth, axis=None, kind="stable"):
        row, column = divmod(int(flat), GRID)
        if depth[row, column] < LEAST_HEIGHT * height or len(found) >= 3 * MOST:
            break
        around = depth[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
        if depth[row, column] < around.max():
            continue
        if all(math.hypot(row - other[0], column - other[1]) >= apart for other in found):
            found.append((row, column))
    return found


def _flowing(depth: Floats, summits: Sequence[tuple[int, int]]) -> NDArray[np.intp]:
    """For each cell the summit that it climbs to; a summit beside a higher one is taken by that."""
    owner = np.full((GRID, GRID), -1, np.intp)
    for row, column in summits:
        owner[row, column] = _number((row, column))
    for flat in np.argsort(-depth, axis=None, kind="stable"):
        row, column = divmod(int(flat), GRID)
        if depth[row, column] <= 0:
            break
        if owner[row, column] < 0:
            owner[row, column] = _highest_beside(depth, owner, row, column, summits)
    return owner


def _highest_beside(
    depth: Floats, owner: NDArray[np.intp], row: int, column: int, summits: Sequence[tuple[int, int]]
) -> int:
    rows, columns = slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2)
    heights = np.where(owner[rows, columns] >= 0, depth[rows, columns], -1.0)
    if heights.max() >= 0:
        return int(owner[rows, columns].flat[int(heights.argmax())])
    nearest = min(summits, key=lambda summit: math.hypot(summit[0] - row, summit[1] - column))
    return _number(nearest)


def _names(said: Sequence[Sequence[str]], everywhere: Mapping[str, int], total: int) -> list[str]:
    """By how much more often a word is said here than elsewhere, and how often at all."""
    here = Counter(word for words in said for word in set(words))
    count = len(said)
    worth = {
        word: (times / count) * math.log1p((times / count) / (everywhere[word] / total))
        for word, times in here.items()
        if times / count >= LEAST_SHARE
    }
    return sorted(worth, key=lambda word: (-worth[word], word))
