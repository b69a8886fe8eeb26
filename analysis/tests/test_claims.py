"""Who is believed, what a person holds fast, and how it is put back."""

from typing import Any

import pytest

from analysis.models import FeatureChange, TrackAudioFeatures
from analysis.selectors.features import feature_changes, feature_out, features_view, get_by_track_id
from analysis.services.correcting import (
    correct_feature,
    lock_feature,
    pick_candidate,
    scale_tempo,
    take_back_change,
    unlock_feature,
)
from analysis.services.features import create, create_or_update, delete, update
from core.errors import Conflict, InvalidInput, NotFound
from core.models import User
from library.models import Track
from library.services.settling import merge_tracks
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def track() -> Track:
    return make_track(root=make_root())


@pytest.fixture
def measured(track: Track) -> TrackAudioFeatures:
    row = create(track_id=track.pk, values={"bpm": 62, "key": "Am", "energy": 0.4}, source="librosa", confidence=0.7)
    row.candidates = {
        "bpm": [{"bpm": 124.0, "ratio": "2", "confidence": 0.4}],
        "key": [{"key": "C", "scale": "major", "camelot": "8B", "confidence": 0.3}],
    }
    row.save()
    return row


def shown(track: Track) -> tuple[float | None, str | None]:
    row = get_by_track_id(track.pk)
    return row.bpm, row.camelot_key


def test_the_highest_source_is_shown_and_the_others_stay_visible(track: Track, measured: TrackAudioFeatures) -> None:
    create_or_update(track_id=track.pk, values={"bpm": 124}, source="acoustid")
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source, told.contradicted) == (124, "acoustid", True)
    assert [(one.source, one.value, one.confidence) for one in told.others] == [("librosa", 62, 0.7)]
    assert feature_out(get_by_track_id(track.pk), "camelot_key").source == "librosa"


def test_a_persons_word_is_locked_and_no_measurement_changes_it(
    track: Track, measured: TrackAudioFeatures, owner: User
) -> None:
    correct_feature(track_id=track.pk, field="bpm", value=123, user=owner)
    create_or_update(track_id=track.pk, values={"bpm": 61, "energy": 0.5}, source="librosa")
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source, told.locked) == (123, "manual", True)
    assert get_by_track_id(track.pk).energy == 0.5
    unlock_feature(track_id=track.pk, field="bpm", user=owner)
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source, told.locked) == (61, "librosa", False)


def test_a_lock_holds_what_is_shown_whoever_said_it(track: Track, measured: TrackAudioFeatures) -> None:
    lock_feature(track_id=track.pk, field="scale")
    lock_feature(track_id=track.pk, field="key")
    create_or_update(track_id=track.pk, values={"key": "G"}, source="librosa")
    told = feature_out(get_by_track_id(track.pk), "camelot_key")
    assert (told.value, told.source, told.locked) == ("8A", "librosa", True)
    assert FeatureChange.objects.filter(action="lock").count() == 1
    unlock_feature(track_id=track.pk, field="camelot_key")
    assert shown(track) == (62, "9B")


def test_nothing_at_all_may_be_held_fast_too(track: Track, measured: TrackAudioFeatures) -> None:
    correct_feature(track_id=track.pk, field="key", value=None)
    create_or_update(track_id=track.pk, values={"key": "G"}, source="librosa")
    assert shown(track) == (62, None)


def test_a_tempo_is_doubled_halved_and_picked(track: Track, measured: TrackAudioFeatures) -> None:
    scale_tempo(track_id=track.pk, factor="2")
    assert shown(track)[0] == 124
    scale_tempo(track_id=track.pk, factor="1/2")
    assert shown(track)[0] == 62
    pick_candidate(track_id=track.pk, field="bpm", place=0)
    pick_candidate(track_id=track.pk, field="key", place=0)
    assert shown(track) == (124, "8B")
    with pytest.raises(NotFound):
        pick_candidate(track_id=track.pk, field="bpm", place=5)
    with pytest.raises(InvalidInput):
        create_or_update(track_id=track.pk, values={"bpm": 2_000})


def test_every_change_of_a_person_is_taken_back_in_turn(
    track: Track, measured: TrackAudioFeatures, owner: User
) -> None:
    lock_feature(track_id=track.pk, field="bpm", user=owner)
    correct_feature(track_id=track.pk, field="bpm", value=100, user=owner)
    scale_tempo(track_id=track.pk, factor="2", user=owner)
    unlock_feature(track_id=track.pk, field="bpm", user=owner)
    changes = list(feature_changes(track.pk))
    assert [(change.action, (change.new or {})["bpm"]) for change in changes] == [
        ("unlock", 62), ("value", 200), ("value", 100), ("lock", 62),
    ]  # fmt: skip
    with pytest.raises(Conflict):
        take_back_change(change_id=changes[1].pk)
    standing = []
    for change in changes:
        take_back_change(change_id=change.pk, user=owner)
        told = feature_out(get_by_track_id(track.pk), "bpm")
        standing.append((told.value, told.source, told.locked))
    assert standing == [(200, "manual", True), (100, "manual", True), (62, "librosa", True), (62, "librosa", False)]
    with pytest.raises(Conflict):
        take_back_change(change_id=changes[0].pk)


def test_what_a_job_changed_is_remembered_and_can_be_put_back(track: Track, measured: TrackAudioFeatures) -> None:
    create_or_update(track_id=track.pk, values={"bpm": 124, "energy": 0.9}, source="librosa")
    (change,) = feature_changes(track.pk)
    assert (change.field, change.old, change.new, change.source) == ("bpm", {"bpm": 62}, {"bpm": 124}, "librosa")
    take_back_change(change_id=change.pk)
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source, told.locked) == (62, "manual", True)


@pytest.mark.parametrize(
    "values",
    [
        {"bpm": -1},
        {"bpm": float("nan")},
        {"energy": 1.01},
        {"key": "X"},
        {"key": "A", "camelot_key": "1A"},
        {"scale": "minor"},
        {"nonsense": 1},
        {"bpm": True},
    ],
)
def test_what_cannot_be_is_refused(track: Track, values: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        create(track_id=track.pk, values=values)
    assert not TrackAudioFeatures.objects.exists()


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"key": "A minor"}, "8A"),
        ({"key": "A", "scale": "minor"}, "8A"),
        ({"key": "Am", "scale": "major"}, "11B"),
        ({"camelot_key": "8a"}, "8A"),
        ({"key": "Am", "camelot_key": "8A"}, "8A"),
        ({"key": "Gb"}, "2B"),
    ],
)
def test_a_key_may_be_said_in_many_ways(track: Track, said: dict[str, str], place: str) -> None:
    assert create(track_id=track.pk, values=said).camelot_key == place


def test_create_update_and_delete_mind_what_is_there(track: Track) -> None:
    with pytest.raises(NotFound):
        update(track_id=track.pk, values={"bpm": 100})
    create(track_id=track.pk, values={"bpm": 100})
    with pytest.raises(Conflict):
        create(track_id=track.pk, values={"bpm": 100})
    assert update(track_id=track.pk, values={"energy": 0.5}).bpm == 100
    delete(track_id=track.pk)
    with pytest.raises(NotFound):
        get_by_track_id(track.pk)
    with pytest.raises(NotFound):
        create(track_id=10**9, values={"bpm": 100})


def test_values_of_an_older_installation_have_the_source_that_their_row_names(track: Track) -> None:
    TrackAudioFeatures.objects.create(track=track, bpm=90, key="A", analysis_source="Librosa 0.9")
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source) == (90, "imported")
    create_or_update(track_id=track.pk, values={"bpm": 91}, source="librosa")
    told = feature_out(get_by_track_id(track.pk), "bpm")
    assert (told.value, told.source, told.others[0].source) == (91, "librosa", "imported")
    assert get_by_track_id(track.pk).key == "A"


def test_a_merge_keeps_locks_and_takes_the_newer_analysis(track: Track) -> None:
    other = make_track(root=track.root)
    create_or_update(track_id=track.pk, values={"bpm": 60, "energy": 0.1}, source="librosa")
    lock_feature(track_id=track.pk, field="bpm")
    create_or_update(track_id=other.pk, values={"bpm": 99, "energy": 0.9}, source="librosa")
    correct_feature(track_id=other.pk, field="valence", value=0.3)
    merge_tracks(kept_id=track.pk, gone_id=other.pk)
    row = get_by_track_id(track.pk)
    assert (row.bpm, row.energy, row.valence) == (60, 0.9, 0.3)
    assert row.locked_fields == ["bpm", "valence"]
    assert feature_changes(track.pk).count() == 2


def test_the_page_of_a_track_costs_two_queries(
    track: Track, measured: TrackAudioFeatures, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        view = features_view(track.pk)
    assert view.features["bpm"].value == 62
    assert not view.is_analysed
