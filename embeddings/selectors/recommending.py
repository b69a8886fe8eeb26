"""Recommendations for a listener: similar tracks, radios, paths, orders, blends; each with its reasons as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from core.errors import InvalidInput, NotFound
from embeddings.engine.recommending import orders
from embeddings.engine.recommending.choosing import choose
from embeddings.engine.recommending.facts import Facts, Weights
from embeddings.engine.recommending.paths import WayPoint, walk
from embeddings.engine.recommending.reasons import Reason, reasons_between
from embeddings.engine.recommending.scoring import Pool, Wish, score
from embeddings.engine.recommending.vectors import Direction, Floats, Vectors, between, mixed
from embeddings.selectors.neighbours import near
from embeddings.selectors.pools import direction, pool_of
from embeddings.selectors.sounding import sounding_like

CANDIDATES = 160
LEAST_STEPS, MOST_STEPS = 3, 40
NEAR_A_WAY_POINT = 24
AWAY_FROM = 0.6
SIDES = ("sound", "meaning")


@dataclass(frozen=True)
class Recommended:
    """A track, how well it goes with what was asked for, by which parts, and why."""

    track_id: int
    score: float | None
    parts: Mapping[str, float | None] = field(default_factory=dict)
    reasons: Sequence[Reason] = ()


# --- similar ----------------------------------------------------------------------------------------------------------


def similar_tracks(
    *, user_id: int | None, track_id: int, weights: Weights | None = None, limit: int = 10
) -> list[Recommended]:
    """The best first: near in sound and meaning, of a key and tempo that go with it, and not all alike."""
    weights = weights or Weights()
    seed = _found(user_id, [track_id])
    base = seed.facts[0]
    wish = Wish(direction(seed.sound, 0), direction(seed.meaning, 0), follows=base, like=[base])
    pool = pool_of(user_id, _candidates(wish, weights, but=[track_id]), playable=True)
    chosen = choose(pool, score(pool, wish, weights), limit, never=[base])
    return [
        Recommended(other.track_id, one.score, one.parts, reasons_between(base, other, one.parts))
        for one in chosen
        if (other := pool.facts[one.place])
    ]


def _candidates(wish: Wish, weights: Weights, *, but: Sequence[int], more: int = 0) -> list[int]:
    """Near in what counts; where neither vector does, or there is none, by key and tempo."""
    found: list[int] = []
    for side in SIDES:
        towards: Direction | None = getattr(wish, side)
        if towards is not None and getattr(weights, side):
            found += near(side, [towards.vector], limit=CANDIDATES + more, but=but)[0]
    by_ear = weights.harmony + weights.tempo
    if wish.follows is not None and (not found or by_ear > weights.sound + weights.meaning):
        found += sounding_like(wish.follows, limit=CANDIDATES, but=but)
    return found


def _found(user_id: int | None, track_ids: Sequence[int]) -> Pool:
    """All of them, or an error that names the first that is not there."""
    pool = pool_of(user_id, track_ids)
    known = {one.track_id for one in pool.facts}
    missing = [number for number in track_ids if number not in known]
    if missing:
        raise NotFound(f"There is no track {missing[0]}." if len(track_ids) > 1 else "There is no such track.")
    return pool


# --- from one to another ----------------------------------------------------------------------------------------------


def path_between(*, user_id: int | None, start: int, end: int, steps: int = 8) -> list[Recommended]:
    """`steps` tracks, both ends among them, each near its way-point and a good successor of the one before."""
    if start == end:
        raise InvalidInput("A path leads from one track to another.", field="to")
    if not LEAST_STEPS <= steps <= MOST_STEPS:
        raise InvalidInput(f"A path has {LEAST_STEPS} to {MOST_STEPS} steps.", field="steps")
    ends = _found(user_id, [start, end])
    points = _way_points(ends, [step / (steps - 1) for step in range(1, steps - 1)])
    beside = pool_of(user_id, _beside(points, but=[start, end]), playable=True)
    pool = ends.with_more(beside)
    stations = walk(pool, 0, 1, points)
    places = [0, *(station.place for station in stations), 1]
    nearness = [None, *(station.near for station in stations), None]
    return _one_after_another(pool, places, nearness)


def _way_points(ends: Pool, shares: list[float]) -> list[WayPoint]:
    sides = {side: _between(getattr(ends, side), shares) for side in SIDES}
    if not any(sides.values()):
        raise InvalidInput(
            "There is no way between these two yet: neither their sound nor their words were compared.",
            hint="Have them vectorised first.",
            field="from",
        )
    nothing: list[Direction | None] = [None] * len(shares)
    pairs = zip(sides["sound"] or nothing, sides["meaning"] or nothing, strict=True)
    return [WayPoint(heard, meant) for heard, meant in pairs]


def _between(vectors: Vectors, shares: list[float]) -> list[Direction | None]:
    if not vectors.known.all():
        return []
    return [Direction(point) for point in between(vectors.rows[0], vectors.rows[1], shares)]


def _beside(points: Sequence[WayPoint], *, but: Sequence[int]) -> list[int]:
    found: list[int] = []
    for side in SIDES:
        towards = [one.vector for point in points if (one := getattr(point, side)) is not None]
        # The nearest of one way-point are those of its neighbours too: room for as many as there are stations.
        limit = NEAR_A_WAY_POINT + len(points)
        found += [number for numbers in near(side, towards, limit=limit, but=but) for number in numbers]
    return found


def _one_after_another(
    pool: Pool, places: Sequence[int], scores: Sequence[float | None] | None = None
) -> list[Recommended]:
    """With the reasons why each follows the one before."""
    found = []
    for step, place in enumerate(places):
        before = places[step - 1] if step else None
        reasons: list[Reason] = []
        parts: dict[str, float | None] = {}
        if before is not None:
            parts = {side: _pair_near(getattr(pool, side), before, place) for side in SIDES}
            reasons = reasons_between(pool.facts[before], pool.facts[place], parts)
        found.append(Recommended(pool.facts[place].track_id, scores[step] if scores else None, parts, reasons))
    return found


def _pair_near(vectors: Vectors, one: int, other: int) -> float | None:
    near_ = vectors.take(np.array([other], dtype=np.intp)).near(direction(vectors, one))
    return None if np.isnan(near_[0]) else round(float(near_[0]), 4)


# --- orders -----------------------------------------------------------------------------------------------------------


def ordered(
    *,
    user_id: int | None,
    track_ids: Sequence[int],
    order: str = "harmonic",
    arc: orders.Arc = "rise",
    start: int | None = None,
    end: int | None = None,
) -> list[Recommended]:
    """The same tracks, each once, in an order that can be listened to; `start` and `end` stand at its ends."""
    ids = list(dict.fromkeys([*track_ids, *(one for one in (start, end) if one is not None)]))
    if len(ids) > orders.MOST:
        raise InvalidInput(f"Up to {orders.MOST} tracks can be ordered at once.", field="tracks")
    if start is not None and start == end and len(ids) > 1:
        raise InvalidInput("It cannot begin and end with the same track.", field="end")
    pool = _found(user_id, ids)
    first, last = (None if one is None else ids.index(one) for one in (start, end))
    if order == "energy":
        places = orders.along(pool.facts, arc, first=first, last=last)
    else:
        places = orders.harmonic(pool.facts, first=first, last=last)
    return _one_after_another(pool, places)


# --- blends -----------------------------------------------------------------------------------------------------------


def blended(
    *,
    user_id: int | None,
    plus: Sequence[int],
    minus: Sequence[int] = (),
    weights: Weights | None = None,
    limit: int = 10,
) -> list[Recommended]:
    """Tracks between those of `plus`, and away from those of `minus`."""
    if not plus:
        raise InvalidInput("A blend needs a track to begin with.", field="plus")
    weights = weights or Weights(harmony=0.0, tempo=0.0)
    pool = _found(user_id, [*dict.fromkeys(plus), *(one for one in dict.fromkeys(minus) if one not in set(plus))])
    signs = [1.0 if one.track_id in set(plus) else -AWAY_FROM for one in pool.facts]
    wish = Wish(_summed(pool.sound, signs), _summed(pool.meaning, signs), like=pool.facts)
    if wish.sound is None and wish.meaning is None:
        raise InvalidInput("Nothing is known yet of how these sound or what is said of them.", field="plus")
    candidates = pool_of(user_id, _candidates(wish, weights, but=[one.track_id for one in pool.facts]), playable=True)
    chosen = choose(candidates, score(candidates, wish, weights), limit, never=pool.facts)
    wanted = pool.take([place for place, sign in enumerate(signs) if sign > 0])
    return [
        Recommended(other.track_id, one.score, one.parts, reasons_between(_closest(wanted, other), other, one.parts))
        for one in chosen
        if (other := candidates.facts[one.place])
    ]


def _summed(vectors: Vectors, signs: Sequence[float]) -> Direction | None:
    """Each side weighs as much however many stand on it."""
    counts = {side: sum(1 for sign in signs if (sign > 0) == side) for side in (True, False)}
    parts: list[tuple[float, Floats]] = [
        (sign / counts[sign > 0], vectors.rows[place]) for place, sign in enumerate(signs) if vectors.known[place]
    ]
    found = mixed(parts)
    return None if found is None else Direction(found)


def _closest(wanted: Pool, other: Facts) -> Facts:
    """The one with which it has most in common, to compare it with."""
    return max(wanted.facts, key=lambda one: sum(reason.weight for reason in reasons_between(one, other, {})))
