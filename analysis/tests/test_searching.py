"""Tracks found by how they sound, and lists narrowed and ordered by it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from analysis.selectors import searching
from analysis.selectors.harmony import CAMELOT, compatible_keys, distance
from analysis.selectors.statistics import feature_distribution, get_analysis_statistics
from analysis.selectors.work import get_tracks_without_features
from analysis.services.features import create
from core.errors import InvalidInput
from library.models import Track, TrackUse
from library.selectors.tracks import track_page
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> dict[str, Track]:
    """Five tracks that sound differently, and one that nobody has listened to."""
    root = make_root()
    sounds: dict[str, dict[str, Any]] = {
        "slow": {"bpm": 60, "key": "Am", "energy": 0.1, "mood_relaxed": 0.9, "loudness": -20},
        "walk": {"bpm": 100, "key": "C", "energy": 0.4, "mood_happy": 0.7, "loudness": -14},
        "house": {"bpm": 120, "key": "Am", "energy": 0.8, "mood_party": 0.9, "mood_happy": 0.8, "loudness": -8},
        "disco": {"bpm": 122, "key": "Em", "energy": 0.75, "mood_party": 0.7, "loudness": -9},
        "metal": {"bpm": 190, "key": "F#", "energy": 1.0, "mood_aggressive": 0.9, "loudness": -6},
    }
    found = {name: make_track(name, root=root) for name in [*sounds, "unknown"]}
    for name, values in sounds.items():
        create(track_id=found[name].pk, values=values, source="librosa")
    return found


def names(rows: Any) -> list[str]:
    return [row.track.title for row in rows]


def listed(sort: str = "title", **asked: str) -> list[str]:
    return [track.title for track in track_page(asked=asked, sort=sort, cursor=None, size=50).items]


def test_by_tempo_key_and_mood(cast: dict[str, Track]) -> None:
    assert names(searching.search_by_bpm_range(100, 122)) == ["walk", "house", "disco"]
    assert names(searching.search_by_key("A minor")) == ["slow", "house"]
    assert names(searching.search_by_key("A", "minor")) == ["slow", "house"]
    assert names(searching.search_by_key("E")) == ["disco"]
    assert names(searching.search_by_camelot_key("8a")) == ["slow", "house"]
    assert names(searching.search_by_camelot_key("8A", compatible=True)) == ["slow", "house", "walk", "disco"]
    assert names(searching.search_by_mood(party=0.5)) == ["house", "disco"]
    assert names(searching.search_by_mood(party=0.5, happy=0.5)) == ["house"]
    assert names(searching.search_by_mood(energy=0.9)) == ["metal"]
    for wrong in ({"energy": 2.0}, {"nonsense": 0.5}):
        with pytest.raises(InvalidInput):
            searching.search_by_mood(**wrong)


def test_what_goes_with_a_track_is_of_its_tempo_or_half_or_double_of_it(cast: dict[str, Track]) -> None:
    found = searching.get_similar_by_bpm_and_key(cast["house"].pk)
    assert names(one.row for one in found) == ["disco", "slow"]
    assert found[0].reasons == ["tempo", "compatible_key", "energy"]
    assert found[1].reasons == ["half_tempo", "same_key"]
    assert 1 >= found[0].score > found[1].score > 0
    alone = searching.get_similar_by_bpm_and_key(cast["house"].pk, half_and_double=False, bpm_tolerance=1)
    assert alone == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"bpm": "100-122"}, ["disco", "house", "walk"]),
        ({"bpm": "120"}, ["house"]),
        ({"bpm": "-100"}, ["slow", "walk"]),
        ({"bpm": "190-"}, ["metal"]),
        ({"key": "Am,Em"}, ["disco", "house", "slow"]),
        ({"key": "E"}, ["disco"]),
        ({"camelot": "8B,2B"}, ["metal", "walk"]),
        ({"compatible": "9B"}, ["disco", "walk"]),
        ({"mood": "party,happy"}, ["house"]),
        ({"energy": "0.75"}, ["disco", "house", "metal"]),
        ({"energy": "0.1-0.5"}, ["slow", "walk"]),
        ({"loudness": "-14..-8"}, ["disco", "house", "walk"]),
        ({"loudness": "..-14"}, ["slow", "walk"]),
    ],
)
def test_lists_are_narrowed_by_sound(cast: dict[str, Track], asked: dict[str, str], expected: list[str]) -> None:
    assert listed(**asked) == expected


@pytest.mark.parametrize(
    "name", ["bpm", "key", "camelot", "compatible", "mood", "energy", "loudness", "without_features"]
)
@pytest.mark.parametrize("text", ["", "x", "-", "..", "13A", "1e5", "9" * 30, "1-2-3", "\x00"])
def test_a_filter_refuses_what_it_cannot_read(cast: dict[str, Track], name: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        listed(**{name: text})


def test_lists_are_ordered_by_sound_and_what_is_unknown_comes_last(cast: dict[str, Track]) -> None:
    assert listed(sort="bpm") == ["slow", "walk", "house", "disco", "metal", "unknown"]
    assert listed(sort="bpm_desc") == ["metal", "disco", "house", "walk", "slow", "unknown"]
    assert listed(sort="camelot") == ["metal", "slow", "house", "walk", "disco", "unknown"]
    assert listed(sort="energy_desc")[:2] == ["metal", "house"]


def test_pages_of_a_list_ordered_by_sound_follow_each_other(cast: dict[str, Track]) -> None:
    for sort in ("bpm", "bpm_desc", "camelot", "energy", "energy_desc"):
        seen, cursor = [], None
        while True:
            page = track_page(asked={}, sort=sort, cursor=cursor, size=2)
            seen += [track.title for track in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
        assert seen == listed(sort=sort)
        assert len(seen) == 6


def test_the_wheel_is_round() -> None:
    assert set(compatible_keys("12A")) == {"12A", "1A", "11A", "12B"}
    assert set(compatible_keys("1B")) == {"1B", "2B", "12B", "1A"}
    assert all(place in compatible_keys(other) for place in CAMELOT for other in compatible_keys(place))
    assert [distance("12A", "1A"), distance("8A", "8B"), distance("1A", "7B")] == [1, 1, 7]


def test_statistics_count_what_there_is(cast: dict[str, Track]) -> None:
    found = get_analysis_statistics()
    assert (found.tracks, found.analysed, found.missing) == (6, 0, 6)
    assert found.keys == {"2B": 1, "8A": 2, "8B": 1, "9A": 1}
    assert found.bpm == {"60": 1, "100": 1, "120": 2, "190": 1}
    assert found.averages["energy"] == pytest.approx(0.61)
    create(track_id=cast["unknown"].pk, values={"bpm": 61}, source="librosa")
    assert feature_distribution("energy", bins=2) == [(0.0, 0.5, 2), (0.5, 1.0, 3)]


def test_the_most_played_come_first_then_the_newest(cast: dict[str, Track], owner: Any, listener: Any) -> None:
    for user, name, plays in ((owner, "walk", 3), (listener, "slow", 2), (owner, "slow", 2)):
        TrackUse.objects.create(user=user, track=cast[name], plays=plays)
    first = [track.title for track in get_tracks_without_features(4)]
    assert first == ["slow", "walk", "unknown", "metal"]


def test_search_over_rest_takes_as_many_queries_for_many(
    cast: dict[str, Track], api: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    reader = api("read")
    reader.get("/api/audio-features/search?size=1")
    with django_assert_max_num_queries(4):
        answer = reader.get("/api/audio-features/search?bpm_min=60&bpm_max=130&sort=bpm&count=true").json()
    assert [one["title"] for one in answer["items"]] == ["slow", "walk", "house", "disco"]
    assert answer["total"] == 4
    page = reader.get("/api/audio-features/search?sort=energy&size=2").json()
    assert [one["title"] for one in page["items"]] == ["metal", "house"]
    rest = reader.get("/api/audio-features/search", {"sort": "energy", "size": 50, "cursor": page["next_cursor"]})
    assert [one["title"] for one in rest.json()["items"]] == ["disco", "walk", "slow"]
    with django_assert_max_num_queries(4):
        alike = reader.get(f"/api/tracks/{cast['house'].pk}/similar-by-features").json()
    assert [one["title"] for one in alike] == ["disco", "slow"]
