"""What recommendations are worth, in a made-up library whose scenes no tag names.

Similar tracks, paths and orders are compared with chance, with tags alone and with vectors alone: how many come from
the same scene, how smooth tempo and key go, how many hands are heard, whether a few stand in every list (the skew
of how often each is among the ten; 0 is even), and how much of the library is ever recommended.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bench.waters import Waters, made
from embeddings.engine.charting.usual import usual_similarity
from embeddings.engine.recommending import orders
from embeddings.engine.recommending.choosing import choose
from embeddings.engine.recommending.facts import Facts, Weights
from embeddings.engine.recommending.harmony import steps_between, tempo_apart
from embeddings.engine.recommending.paths import WayPoint, walk
from embeddings.engine.recommending.scoring import Pool, Wish, score
from embeddings.engine.recommending.vectors import Direction, Vectors, between
from embeddings.engine.recommending.versions import song_keys

TRACKS, ASKED, SHOWN = 6_000, 600, 10
PATHS, STEPS = 60, 10
LISTS, LONG = 20, 40
CANDIDATES = 160
SAMPLE = 600
Chosen = list[int]


@dataclass(frozen=True)
class Sea:
    """The library with how near each usually is to others, and without that."""

    waters: Waters
    pool: Pool
    plain: Pool

    @classmethod
    def made(cls, seed: int) -> "Sea":
        waters = made(TRACKS, seed)
        sample = slice(0, None, max(1, TRACKS // SAMPLE))
        sides = {"sound": waters.sound, "meaning": waters.meaning}
        usual = {name: Vectors.of(rows, *usual_similarity(rows, rows[sample])) for name, rows in sides.items()}
        plain = {name: Vectors.of(rows) for name, rows in sides.items()}
        return cls(waters, Pool(waters.facts, **usual), Pool(waters.facts, **plain))

    def near(self, place: int, count: int) -> list[int]:
        """As the index would: the nearest in sound and in meaning."""
        found: dict[int, None] = {}
        for rows in (self.waters.sound, self.waters.meaning):
            found |= dict.fromkeys(int(one) for one in np.argsort(-(rows @ rows[place]))[1 : count + 1])
        return [one for one in found if one != place]


# --- similar ----------------------------------------------------------------------------------------------------------


def by_chance(sea: Sea, place: int) -> Chosen:
    return [int(one) for one in np.random.default_rng(place).choice(TRACKS, SHOWN, replace=False)]


def by_tags(sea: Sea, place: int) -> Chosen:
    """Of a genre that both have, by chance."""
    mine = set(sea.waters.facts[place].genres)
    same = [one for one, other in enumerate(sea.waters.facts) if one != place and mine & set(other.genres)]
    chance = np.random.default_rng(place)
    return (
        [int(one) for one in chance.choice(same, min(SHOWN, len(same)), replace=False)]
        if same
        else by_chance(sea, place)
    )


def by_vectors(sea: Sea, place: int) -> Chosen:
    """The highest cosine, sound and meaning together."""
    near = sea.waters.sound @ sea.waters.sound[place] + 0.7 * (sea.waters.meaning @ sea.waters.meaning[place])
    return [int(one) for one in np.argsort(-near) if one != place][:SHOWN]


def by_us(sea: Sea, place: int) -> Chosen:
    return _ranked(sea, sea.pool, place)


def without_correction(sea: Sea, place: int) -> Chosen:
    """The same without the correction of hubs."""
    return _ranked(sea, sea.plain, place)


def _ranked(sea: Sea, whole: Pool, place: int) -> Chosen:
    base = whole.facts[place]
    sides = {
        name: Direction(side.rows[place], float(side.usual[place]), float(side.spread[place]))
        for name, side in (("sound", whole.sound), ("meaning", whole.meaning))
    }
    places = sea.near(place, CANDIDATES)
    pool = whole.take(places)
    wish = Wish(**sides, follows=base, like=[base])
    return [places[one.place] for one in choose(pool, score(pool, wish, Weights()), SHOWN, never=[base])]


SIMILAR: dict[str, Callable[[Sea, int], Chosen]] = {
    "chance": by_chance,
    "tags alone": by_tags,
    "vectors alone": by_vectors,
    "without hub correction": without_correction,
    "as recommended": by_us,
}


def similar_figures(sea: Sea, way: Callable[[Sea, int], Chosen]) -> dict[str, float]:
    asked = np.random.default_rng(1).choice(TRACKS, ASKED, replace=False)
    began = time.perf_counter()
    lists = {int(place): way(sea, int(place)) for place in asked}
    took = (time.perf_counter() - began) / ASKED * 1000
    facts = sea.waters.facts
    pairs = [(place, other) for place, found in lists.items() for other in found]
    counts = np.zeros(TRACKS)
    for _place, other in pairs:
        counts[other] += 1
    keys = _keys(facts, pairs)
    return {
        "same scene": _mean([sea.waters.scenes[one] == sea.waters.scenes[other] for one, other in pairs]),
        "same artist": _mean([facts[one].artist_id == facts[other].artist_id for one, other in pairs]),
        "same album": _mean([facts[one].album_id == facts[other].album_id for one, other in pairs]),
        "same song": _mean([_is_song(facts[one], facts[other]) for one, other in pairs]),
        "artists of 10": _mean([len({facts[other].artist_id for other in found}) for found in lists.values()]),
        "tempo %": _mean(_tempi(facts, pairs)),
        "key fits": _mean([steps <= 1 for steps in keys]),
        "skew": _skew(counts),
        "most often": float(counts.max()),
        "reached %": 100 * float((counts > 0).mean()),
        "ms": took,
    }


def _is_song(one: Facts, other: Facts) -> bool:
    return bool(set(song_keys(one)) & set(song_keys(other)))


def _skew(counts: NDArray[np.float64]) -> float:
    away = counts - counts.mean()
    return float((away**3).mean() / (away**2).mean() ** 1.5)


# --- paths and orders -------------------------------------------------------------------------------------------------


def path_figures(sea: Sea, *, smooth: bool | None) -> dict[str, float]:
    """None: by chance. False: the nearest to each way-point, and nothing else."""
    chance = np.random.default_rng(2)
    ways = []
    for _path in range(PATHS):
        start, end = (int(one) for one in chance.choice(TRACKS, 2, replace=False))
        shares = [step / (STEPS - 1) for step in range(1, STEPS - 1)]
        if smooth is None:
            ways.append([start, *(int(one) for one in chance.choice(TRACKS, STEPS - 2)), end])
        else:
            ways.append(_path_between(sea, start, end, shares, smooth=smooth))
    return _way_figures(sea, ways)


def _path_between(sea: Sea, start: int, end: int, shares: list[float], *, smooth: bool) -> list[int]:
    points = [
        [Direction(point) for point in between(rows[start], rows[end], shares)]
        for rows in (sea.waters.sound, sea.waters.meaning)
    ]
    near = [
        np.argsort(-(rows @ point.vector))[:34]
        for rows, side in zip((sea.waters.sound, sea.waters.meaning), points, strict=True)
        for point in side
    ]
    places = list(dict.fromkeys([start, end, *(int(one) for found in near for one in found)]))
    if not smooth:
        return [start, *_nearest_unused(near[: len(shares)], {start, end}), end]
    stations = walk(sea.pool.take(places), 0, 1, [WayPoint(*pair) for pair in zip(*points, strict=True)])
    return [start, *(places[one.place] for one in stations), end]


def _nearest_unused(near: Sequence[NDArray[np.intp]], used: set[int]) -> list[int]:
    found: list[int] = []
    for candidates in near:
        found.append(next(int(one) for one in candidates if int(one) not in used))
        used.add(found[-1])
    return found


def order_figures(sea: Sea, ordered: Callable[[Sequence[Facts]], list[int]]) -> dict[str, float]:
    chance = np.random.default_rng(3)
    ways = []
    for _list in range(LISTS):
        places = [int(one) for one in chance.choice(TRACKS, LONG, replace=False)]
        order = ordered([sea.waters.facts[place] for place in places])
        ways.append([places[one] for one in order])
    return _way_figures(sea, ways)


def _way_figures(sea: Sea, ways: Sequence[Sequence[int]]) -> dict[str, float]:
    facts = sea.waters.facts
    pairs = [pair for way in ways for pair in pairwise(way)]
    energies = [abs((facts[one].energy or 0) - (facts[other].energy or 0)) for one, other in pairs]
    cosine = [float(sea.waters.sound[one] @ sea.waters.sound[other]) for one, other in pairs]
    return {
        "tempo %": _mean(_tempi(facts, pairs)),
        "key fits": _mean([steps <= 1 for steps in _keys(facts, pairs)]),
        "energy": _mean(energies),
        "cosine": _mean(cosine),
        "repeats": _mean([len(way) - len(set(way)) for way in ways]),
    }


def _tempi(facts: Sequence[Facts], pairs: Sequence[tuple[int, int]]) -> list[float]:
    return [abs(apart[0]) for one, other in pairs if (apart := tempo_apart(facts[one].bpm, facts[other].bpm))]


def _keys(facts: Sequence[Facts], pairs: Sequence[tuple[int, int]]) -> list[int]:
    found = (steps_between(facts[one].camelot, facts[other].camelot) for one, other in pairs)
    return [steps for steps in found if steps is not None]


def _mean(values: Sequence[float] | Sequence[int] | Sequence[bool]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


# --- what is promised -------------------------------------------------------------------------------------------------


def run() -> bool:
    sea = Sea.made(seed=11)
    similar = {name: similar_figures(sea, way) for name, way in SIMILAR.items()}
    _table(f"similar tracks: {ASKED} asked of {TRACKS:,}, {SHOWN} each", similar)
    paths = {
        "chance": path_figures(sea, smooth=None),
        "nearest to way-points": path_figures(sea, smooth=False),
        "as recommended": path_figures(sea, smooth=True),
    }
    _table(f"paths: {PATHS}, of {STEPS} tracks", paths)
    ordered: dict[str, Callable[[Sequence[Facts]], list[int]]] = {
        "as given": lambda facts: list(range(len(facts))),
        "by tempo alone": lambda facts: sorted(range(len(facts)), key=lambda one: facts[one].bpm or 0),
        "from key to key": orders.harmonic,
        "rising": lambda facts: orders.along(facts, "rise"),
        "level": lambda facts: orders.along(facts, "level"),
    }
    lists = {name: order_figures(sea, order) for name, order in ordered.items()}
    _table(f"orders: {LISTS} lists of {LONG}", lists)
    return _kept(similar, paths, lists)


def _kept(
    similar: dict[str, dict[str, float]], paths: dict[str, dict[str, float]], lists: dict[str, dict[str, float]]
) -> bool:
    ours, vectors, tags = similar["as recommended"], similar["vectors alone"], similar["tags alone"]
    promises = {
        "more of the same scene than tags give": ours["same scene"] > tags["same scene"],
        "hardly less of it than vectors alone": ours["same scene"] > 0.9 * vectors["same scene"],
        "no song twice": ours["same song"] == 0,
        "more hands than vectors alone": ours["artists of 10"] > vectors["artists of 10"],
        "smoother tempo and key than vectors alone": ours["tempo %"] < vectors["tempo %"]
        and ours["key fits"] > vectors["key fits"],
        "less of a hub than vectors alone": ours["skew"] < vectors["skew"],
        "paths smoother than the nearest to way-points": paths["as recommended"]["tempo %"]
        < paths["nearest to way-points"]["tempo %"]
        and paths["as recommended"]["key fits"] > paths["nearest to way-points"]["key fits"],
        "an order from key to key": lists["from key to key"]["key fits"] > 3 * lists["as given"]["key fits"],
    }
    for promise, kept in promises.items():
        print(f"  {'kept  ' if kept else 'BROKEN'} {promise}")
    return all(promises.values())


def _table(title: str, rows: dict[str, dict[str, float]]) -> None:
    names = list(next(iter(rows.values())))
    print(f"{title}\n  {'':<24}" + "".join(f"{name:>14}" for name in names))
    for name, figures in rows.items():
        print(f"  {name:<24}" + "".join(f"{figures[one]:14.2f}" for one in names))
