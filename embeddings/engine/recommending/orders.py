"""A list in an order that can be listened to: from key to key, or along a curve of energy.

Both are paths through a table of costs: the nearest first from several beginnings, then turned round and moved piece by
piece until nothing is gained (2-opt, and single tracks moved).
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import Facts
from embeddings.engine.recommending.harmony import transition_costs

Floats = NDArray[np.float32]
Arc = Literal["rise", "fall", "wave", "level"]
MOST = 500
BEGINNINGS = 8
ROUNDS = 12
GAIN = 1e-6
# A wave rises and falls once in so many tracks.
WAVE = 12
SWAP_REACH = 10
AWAY_FROM_CURVE = 4.0
UNEVEN = 1.5


def harmonic(tracks: Sequence[Facts], *, first: int | None = None, last: int | None = None) -> list[int]:
    """Places in their new order; `first` and `last` stay at the ends."""
    return shortest(transition_costs(tracks), first=first, last=last)


def along(tracks: Sequence[Facts], arc: Arc, *, first: int | None = None, last: int | None = None) -> list[int]:
    """By energy along a curve, and within that as smoothly as it can be."""
    costs = transition_costs(tracks)
    energies = energies_of(tracks)
    if arc == "level":
        uneven = np.abs(energies[:, None] - energies[None, :])
        return shortest(costs + UNEVEN * uneven, first=first, last=last)
    targets = curve(arc, len(tracks))
    order = _laid_along(energies, targets, first, last)
    wanted = np.sort(energies)[np.argsort(np.argsort(targets, kind="stable"), kind="stable")]
    return _swapped(order, costs, energies, wanted, fixed_first=first is not None, fixed_last=last is not None)


def energies_of(tracks: Sequence[Facts]) -> Floats:
    """The middle one where it is unknown."""
    said = [one.energy for one in tracks if one.energy is not None]
    middle = float(np.median(said)) if said else 0.5
    return np.array([middle if one.energy is None else one.energy for one in tracks], np.float32)


def curve(arc: Arc, count: int) -> Floats:
    """The height at each place, 0 to 1."""
    at = np.arange(count, dtype=np.float32) / max(count - 1, 1)
    if arc == "rise":
        return at.astype(np.float32)
    if arc == "fall":
        return (1 - at).astype(np.float32)
    if arc == "level":
        return np.full(count, 0.5, np.float32)
    waves = max(1, round(count / WAVE))
    return (0.5 - 0.5 * np.cos(2 * math.pi * waves * at)).astype(np.float32)


def _laid_along(energies: Floats, targets: Floats, first: int | None, last: int | None) -> list[int]:
    by_energy = [int(place) for place in np.argsort(energies, kind="stable")]
    by_target = np.argsort(targets, kind="stable")
    order = [0] * len(by_energy)
    for track, place in zip(by_energy, by_target, strict=True):
        order[int(place)] = track
    for end, place in ((first, 0), (last, len(order) - 1)):
        if end is not None:
            there = order.index(end)
            order[there], order[place] = order[place], order[there]
    return order


def _swapped(
    order: list[int], costs: Floats, energies: Floats, wanted: Floats, *, fixed_first: bool, fixed_last: bool
) -> list[int]:
    """Neighbours on the curve change places while that is smoother."""
    low, high = int(fixed_first), len(order) - int(fixed_last)

    def cost_around(places: set[int]) -> float:
        joints = {joint for place in places for joint in (place - 1, place) if 0 <= joint < len(order) - 1}
        rough = sum(float(costs[order[joint], order[joint + 1]]) for joint in joints)
        return rough + sum(AWAY_FROM_CURVE * abs(float(energies[order[place]] - wanted[place])) for place in places)

    for _round in range(ROUNDS):
        gained = False
        for one in range(low, high):
            for other in range(one + 1, min(one + SWAP_REACH, high)):
                before = cost_around({one, other})
                order[one], order[other] = order[other], order[one]
                if cost_around({one, other}) < before - GAIN:
                    gained = True
                else:
                    order[one], order[other] = order[other], order[one]
        if not gained:
            break
    return order


def shortest(costs: Floats, *, first: int | None = None, last: int | None = None) -> list[int]:
    """A short way through all of them; not the shortest for sure, that would take too long."""
    count = len(costs)
    if count < 3 and first is None and last is None:
        return list(range(count))
    begins = [first] if first is not None else _beginnings(count, last)
    found = [_improved(_nearest_first(costs, begin, last), costs, first, last) for begin in begins]
    return min(found, key=lambda order: cost_of(order, costs)) if found else []


def cost_of(order: Sequence[int], costs: Floats) -> float:
    return float(sum(costs[one, other] for one, other in pairwise(order)))


def _beginnings(count: int, last: int | None) -> list[int]:
    step = max(1, count // BEGINNINGS)
    return [place for place in range(0, count, step) if place != last or count == 1][:BEGINNINGS]


def _nearest_first(costs: Floats, begin: int, last: int | None) -> list[int]:
    open_ = np.ones(len(costs), bool)
    order = [begin]
    open_[begin] = False
    if last is not None:
        open_[last] = False
    while open_.any():
        order.append(int(np.argmin(np.where(open_, costs[order[-1]], np.inf))))
        open_[order[-1]] = False
    return [*order, last] if last is not None and last != begin else order


def _improved(order: list[int], costs: Floats, first: int | None, last: int | None) -> list[int]:
    """A free end leads to nowhere at no cost: a place that is no track stands there meanwhile."""
    nowhere = len(costs)
    table = np.zeros((nowhere + 1, nowhere + 1), np.float32)
    table[:nowhere, :nowhere] = costs
    path = np.array([*([nowhere] if first is None else []), *order, *([nowhere] if last is None else [])])
    for _round in range(ROUNDS):
        turned, path = _turned(path, table)
        moved, path = _moved(path, table)
        if not turned and not moved:
            break
    return [int(place) for place in path if place != nowhere]


def _turned(path: NDArray[np.int_], table: Floats) -> tuple[bool, NDArray[np.int_]]:
    """2-opt: pieces are turned round where their ends then fit better."""
    gained = False
    for one in range(1, len(path) - 2):
        a, b = path[one - 1], path[one]
        ends, after = path[one + 1 : -1], path[one + 2 :]
        change = table[a, ends] + table[b, after] - table[a, b] - table[ends, after]
        best = int(np.argmin(change))
        if change[best] < -GAIN:
            stop = one + 1 + best
            path[one : stop + 1] = path[one : stop + 1][::-1].copy()
            gained = True
    return gained, path


def _moved(path: NDArray[np.int_], table: Floats) -> tuple[bool, NDArray[np.int_]]:
    """A single track goes where it costs less."""
    gained = False
    for one in range(1, len(path) - 1):
        before, track, after = path[one - 1], path[one], path[one + 1]
        saved = table[before, track] + table[track, after] - table[before, after]
        rest = np.delete(path, one)
        added = table[rest[:-1], track] + table[track, rest[1:]] - table[rest[:-1], rest[1:]]
        best = int(np.argmin(added))
        if added[best] < saved - GAIN:
            path = np.insert(rest, best + 1, track)
            gained = True
    return gained, path
