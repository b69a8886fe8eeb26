"""From one track to another: near the way-points, and each a good successor of the one before.

A beam search over candidates that were found near each way-point: nothing is compared with the whole library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.harmony import transition_costs
from embeddings.engine.recommending.scoring import Pool
from embeddings.engine.recommending.vectors import Direction
from embeddings.engine.recommending.versions import song_keys

Floats = NDArray[np.float32]
BEAM = 48
A_STAGE = 40
# What it costs to be away from the way-point, to be a bad successor, to hear somebody again.
AWAY, ROUGH, AGAIN = 1.0, 0.45, 0.35


@dataclass(frozen=True)
class WayPoint:
    sound: Direction | None
    meaning: Direction | None


@dataclass(frozen=True)
class Step:
    """A station of the path: its place in the pool, and how near it lies to its way-point."""

    place: int
    near: float


@dataclass(frozen=True)
class _Walk:
    cost: float
    places: tuple[int, ...]
    keys: frozenset[object]
    artists: tuple[int, ...]


def walk(pool: Pool, start: int, end: int, points: Sequence[WayPoint], *, sound: float = 0.6) -> list[Step]:
    """The stations between `start` and `end` (places in the pool), one a way-point where there is a candidate."""
    near = np.array([nearness(pool, point, sound) for point in points], np.float32).reshape(len(points), len(pool))
    costs = transition_costs(pool.facts)
    keys = [frozenset((one.track_id, *song_keys(one))) for one in pool.facts]
    # Whoever the path leads to is not met on the way.
    artists = tuple(artist for place in (start, end) if (artist := pool.facts[place].artist_id))
    beam = [_Walk(0.0, (start,), keys[start] | keys[end], artists)]
    for stage in range(len(points)):
        beam = _further(pool, beam, near[stage], costs, keys) or beam
    best = min(beam, key=lambda one: one.cost + ROUGH * float(costs[one.places[-1], end]))
    return [Step(place, _near_at(near, stage, place)) for stage, place in enumerate(best.places[1:])]


def nearness(pool: Pool, point: WayPoint, sound: float) -> Floats:
    """By both vectors where both are known, by the one that is otherwise."""
    heard, meant = pool.sound.near(point.sound), pool.meaning.near(point.meaning)
    both = sound * heard + (1 - sound) * meant
    return np.nan_to_num(np.where(np.isnan(both), np.where(np.isnan(heard), meant, heard), both), nan=0.0)


def _further(
    pool: Pool, beam: list[_Walk], near: Floats, costs: Floats, keys: Sequence[frozenset[object]]
) -> list[_Walk]:
    places = [int(place) for place in np.argsort(-near, kind="stable")[: A_STAGE + len(beam[0].places)]]
    found = []
    for one in beam:
        for place in places:
            if keys[place] & one.keys:
                continue
            artist = pool.facts[place].artist_id
            again = one.artists.count(artist) if artist else 0
            cost = AWAY * (1 - float(near[place])) + ROUGH * float(costs[one.places[-1], place]) + AGAIN * again
            found.append(_Walk(one.cost + cost, (*one.places, place), one.keys | keys[place], (*one.artists, artist)))
    return sorted(found, key=lambda one: one.cost)[:BEAM]


def _near_at(near: Floats, stage: int, place: int) -> float:
    return round(float(near[min(stage, len(near) - 1), place]), 4)
