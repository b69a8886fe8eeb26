"""Ways through music: paths, radios, orders of a list."""

import numpy as np
import pytest

from embeddings.engine.recommending import orders
from embeddings.engine.recommending.harmony import transition_costs
from embeddings.engine.recommending.paths import WayPoint, walk
from embeddings.engine.recommending.vectors import Direction, between
from embeddings.engine.recommending.wandering import drifted
from embeddings.tests.engine.music import family, pool, track

KEYS = [f"{hour}{letter}" for hour in range(1, 13) for letter in "AB"]


def test_a_path_goes_past_its_way_points() -> None:
    start, end = family(1, 1)[0], family(2, 1)[0]
    middles = np.vstack(between(start, end, [0.25, 0.5, 0.75]))
    strays = family(3, 20)
    rows = np.vstack([start, end, strays, middles]).astype(np.float32)
    facts = [track(number) for number in range(len(rows))]
    points = [WayPoint(Direction(point), None) for point in middles]
    assert [step.place for step in walk(pool(facts, rows), 0, 1, points)] == [22, 23, 24]


def test_of_two_that_are_as_near_the_better_successor_is_taken() -> None:
    start, end = family(1, 1)[0], family(2, 1)[0]
    middle = between(start, end, [0.5])[0]
    rows = np.vstack([start, end, middle, middle])
    facts = [
        track(0, bpm=120, camelot="8A"),
        track(1, bpm=124, camelot="9A"),
        track(2, bpm=97, camelot="2B"),
        track(3, bpm=122, camelot="8A"),
    ]
    (step,) = walk(pool(facts, rows), 0, 1, [WayPoint(Direction(middle), None)])
    assert step.place == 3


def test_a_path_repeats_neither_song_nor_end_and_takes_what_there_is() -> None:
    start, end = family(1, 1)[0], family(2, 1)[0]
    points = [WayPoint(Direction(point), None) for point in between(start, end, [0.2, 0.4, 0.6, 0.8])]
    rows = np.vstack([start, end, between(start, end, [0.3, 0.5])]).astype(np.float32)
    facts = [
        track(0, title="A", artist_id=1),
        track(1),
        track(2, title="A (Live)", artist_id=1),
        track(3),
    ]
    assert [step.place for step in walk(pool(facts, rows), 0, 1, points)] == [3]


def test_a_harmonic_order_is_far_smoother_than_chance_and_keeps_its_ends() -> None:
    chance = np.random.default_rng(1)
    tracks = [
        track(number, camelot=KEYS[int(chance.integers(24))], bpm=float(chance.uniform(80, 160)))
        for number in range(60)
    ]
    costs = transition_costs(tracks)
    order = orders.harmonic(tracks)
    assert sorted(order) == list(range(60))
    assert orders.cost_of(order, costs) < 0.5 * orders.cost_of(list(range(60)), costs)
    fixed = orders.harmonic(tracks, first=7, last=3)
    assert (fixed[0], fixed[-1], sorted(fixed)) == (7, 3, list(range(60)))


def test_a_way_round_the_wheel_is_found() -> None:
    tracks = [track(number, camelot=f"{hour}A", bpm=120.0) for number, hour in enumerate([3, 1, 5, 2, 4])]
    order = [tracks[place].camelot for place in orders.harmonic(tracks)]
    assert order in (["1A", "2A", "3A", "4A", "5A"], ["5A", "4A", "3A", "2A", "1A"])


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_lists_that_are_hardly_any_have_an_order_too(count: int) -> None:
    tracks = [track(number) for number in range(count)]
    for arc in ("rise", "fall", "wave", "level"):
        assert sorted(orders.along(tracks, arc)) == list(range(count))
    assert sorted(orders.harmonic(tracks)) == list(range(count))
    if count > 1:
        assert orders.harmonic(tracks, first=1)[0] == 1
        assert orders.along(tracks, "rise", first=1)[0] == 1
        assert orders.harmonic(tracks, first=1, last=0)[-1] == 0


def energies(arc: orders.Arc) -> np.ndarray:
    chance = np.random.default_rng(2)
    tracks = [
        track(number, energy=float(chance.uniform()), camelot=KEYS[int(chance.integers(24))], bpm=100.0)
        for number in range(24)
    ]
    return np.array([tracks[place].energy for place in orders.along(tracks, arc)])


def test_energy_rises_falls_and_comes_in_waves() -> None:
    at = np.arange(24)
    assert np.corrcoef(energies("rise"), at)[0, 1] > 0.9
    assert np.corrcoef(energies("fall"), at)[0, 1] < -0.9
    assert np.corrcoef(energies("wave"), orders.curve("wave", 24))[0, 1] > 0.85
    assert np.abs(np.diff(energies("level"))).mean() < 0.15


def test_a_radio_stays_by_what_it_began_with_and_leans_to_what_was_heard() -> None:
    seed, heard = family(1, 1)[0], family(2, 1)[0]
    found = drifted(seed, [heard])
    assert found is not None
    assert 1 > found.vector @ seed > found.vector @ heard > seed @ heard
    five = drifted(seed, [heard] * 5)
    assert five is not None
    assert five.vector @ seed > 0.7
    assert drifted(None, []) is None
