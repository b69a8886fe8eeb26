"""The chart of a library: near is alike, what was there stays, places have names."""

import numpy as np
import pytest

from embeddings.engine.charting.aligning import aligned
from embeddings.engine.charting.layout import REACH, as_whole, landmarks_of, placed, scale_of
from embeddings.engine.charting.reducing import Reduction, joined
from embeddings.engine.charting.regions import regions_of
from embeddings.engine.charting.usual import usual_similarity
from embeddings.tests.engine.music import DIMENSIONS, family

FAMILIES, EACH = 4, 30


def families() -> np.ndarray:
    return np.vstack([family(seed, EACH, spread=0.6) for seed in range(FAMILIES)])


def whose(count: int = EACH) -> np.ndarray:
    return np.repeat(np.arange(FAMILIES), count)


def purity(points: np.ndarray, owner: np.ndarray) -> float:
    """How many of the five nearest on the chart are of the same family."""
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = np.argsort(apart, axis=1)[:, :5]
    return float((owner[nearest] == owner[:, None]).mean())


def test_families_lie_together_and_later_ones_are_placed_among_their_own() -> None:
    rows = families()
    reduce = Reduction.of(rows)
    points = landmarks_of(reduce(rows))
    assert purity(points, whose()) > 0.9
    later = np.vstack([family(seed, 2 * EACH, spread=0.6)[EACH:] for seed in range(FAMILIES)])
    found = placed(reduce(later), np.arange(len(later)), reduce(rows), points)
    assert purity(np.vstack([points, found]), np.concatenate([whose(), whose()])) > 0.9
    again = placed(reduce(later[:3]), np.arange(3), reduce(rows), points)
    assert np.allclose(again, found[:3], atol=1e-3), "what others are placed with it changes nothing"


@pytest.mark.parametrize("count", [0, 1, 2, 3, 5])
def test_hardly_any_tracks_are_a_chart_too(count: int) -> None:
    rows = family(1, count) if count else np.zeros((0, DIMENSIONS), np.float32)
    points = landmarks_of(rows)
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    assert as_whole(points * scale_of(points)).shape == (count, 2)


def test_places_are_whole_numbers_within_reach() -> None:
    points = np.array([[0.5, -2.0], [1.0, 4.0]], np.float32)
    whole = as_whole(points * scale_of(points))
    assert int(np.abs(whole).max()) == REACH
    assert as_whole(points * 100 * scale_of(points)).max() == 32_767


def test_a_new_layout_lies_over_the_old_one() -> None:
    old = np.random.default_rng(3).normal(size=(40, 2)).astype(np.float32)
    turn = np.array([[0.0, -1.0], [1.0, 0.0]], np.float32)
    new = (old @ turn) * np.array([1, -1], np.float32) * 3 + 7
    found = aligned(new.astype(np.float32), new[:30].astype(np.float32), old[:30])
    assert np.allclose(found, old, atol=1e-3)
    assert aligned(new, new[:2], old[:2]) is new


def test_a_track_that_lacks_a_half_lies_in_the_middle_of_that_half() -> None:
    sound, meaning = family(1, 6), family(2, 6)
    sound[0] = 0
    rows = joined(sound, meaning)
    assert rows.shape == (6, 2 * DIMENSIONS)
    assert np.allclose(rows[0, :DIMENSIONS], sound[1:].mean(axis=0) / np.sqrt(2))


def test_hubs_are_usually_nearer_than_others() -> None:
    rows = families()
    middle = rows.mean(axis=0, keepdims=True)
    hub = middle / np.linalg.norm(middle)
    usual, spread = usual_similarity(np.vstack([rows, hub, np.zeros_like(hub)]).astype(np.float32), rows)
    assert usual[-2] > np.nanmax(usual[:-2])
    assert np.isnan(usual[-1])
    assert (spread[:-1] > 0).all()
    assert np.isnan(usual_similarity(rows, rows[:3])[0]).all()


def test_regions_are_called_by_what_is_their_own() -> None:
    chance = np.random.default_rng(4)
    centres = np.array([[-20_000, 0], [20_000, 0], [0, 15_000]])
    points = np.vstack([centre + chance.normal(scale=1_500, size=(80, 2)) for centre in centres]).astype(np.int16)
    words = [["Rock", "Shoegaze"]] * 80 + [["Rock", "Dub"]] * 80 + [["Rock"]] * 80
    found = {region.name: region for region in regions_of(points, words)}
    assert set(found) == {"Shoegaze", "Dub", "Rock"}
    assert abs(found["Shoegaze"].x + 20_000) < 2_000
    assert len(found["Dub"].members) == 80
    assert found["Dub"].others == ("Rock",)


def test_a_chart_of_few_or_of_the_nameless_has_no_regions() -> None:
    assert regions_of(np.zeros((2, 2), np.int16), [["a"], ["a"]]) == []
    assert regions_of(np.zeros((40, 2), np.int16), [[]] * 40) == []
