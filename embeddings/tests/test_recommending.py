"""Recommendations from the database: what is found, what is left out, what it costs, and how it is said."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone, translation

from core.errors import InvalidInput, NotFound
from core.models import User
from embeddings.engine.recommending.facts import Weights
from embeddings.selectors.artists import similar_artists
from embeddings.selectors.outs import recommended_outs
from embeddings.selectors.radio import Seed, radio
from embeddings.selectors.recommending import blended, ordered, path_between, similar_tracks
from embeddings.selectors.requests import request_vector
from embeddings.selectors.words import sentence
from embeddings.tests.sea import family, give_artist_vectors, sounding_track, towards
from library.models import TrackUse
from library.tests.factories import make_artist

pytestmark = pytest.mark.django_db
FEATURES: dict[str, Any] = {"bpm": 120.0, "camelot_key": "8A", "energy": 0.5}


def ids(found: Any) -> list[int]:
    return [one.track_id for one in found]


def test_its_own_family_comes_first_and_says_why() -> None:
    own, others = family(1, 6, "Shoegaze", **FEATURES), family(2, 6, "Dub", bpm=80.0, camelot_key="2B")
    found = similar_tracks(user_id=None, track_id=own[0].pk, limit=5)
    assert set(ids(found)) == {one.pk for one in own[1:]}
    assert not set(ids(found)) & {one.pk for one in others}
    kinds = {reason.kind for reason in found[0].reasons}
    assert {"sound", "key", "tempo", "genres"} <= kinds
    said = sentence(found[0].reasons)
    assert said.startswith(("Very close in sound", "Close in sound", "Both in 8A"))
    with translation.override("fr"):
        assert sentence(found[0].reasons)


def test_missing_files_and_itself_are_never_recommended() -> None:
    own = family(1, 3)
    sounding_track(towards(1), available=False)
    assert set(ids(similar_tracks(user_id=None, track_id=own[0].pk))) == {own[1].pk, own[2].pk}
    with pytest.raises(NotFound):
        similar_tracks(user_id=None, track_id=10**9)


def test_without_vectors_key_and_tempo_lead_on() -> None:
    base = sounding_track(features=FEATURES)
    close = sounding_track(features={**FEATURES, "bpm": 61.0, "camelot_key": "8B"})
    sounding_track(features={**FEATURES, "bpm": 97.0})
    assert ids(similar_tracks(user_id=None, track_id=base.pk)) == [close.pk]
    assert similar_tracks(user_id=None, track_id=sounding_track().pk) == []


def test_weights_turn_the_order_round() -> None:
    base = sounding_track(towards(1), towards(3), FEATURES)
    by_sound = sounding_track(towards(1, 0.1, 9), towards(4), {**FEATURES, "bpm": 90.0, "camelot_key": "2B"})
    by_key = sounding_track(towards(1, 0.55, 8), towards(3, 0.5, 7), FEATURES)
    sound = similar_tracks(user_id=None, track_id=base.pk, weights=Weights(1, 0, 0, 0, 0, 0))
    beat = similar_tracks(user_id=None, track_id=base.pk, weights=Weights(0.1, 0, 1, 1, 0, 0))
    assert ids(sound) == [by_sound.pk, by_key.pk]
    assert ids(beat) == [by_key.pk, by_sound.pk]


def test_novelty_is_the_listeners_own(listener: User) -> None:
    own = family(1, 3)
    TrackUse.objects.create(user=listener, track=own[1], plays=30, last_played=timezone.now())
    new = Weights(0.2, 0.2, 0, 0, novelty=1.0)
    assert ids(similar_tracks(user_id=listener.pk, track_id=own[0].pk, weights=new))[0] == own[2].pk
    known = Weights(0.2, 0.2, 0, 0, 0, familiarity=1.0)
    assert ids(similar_tracks(user_id=listener.pk, track_id=own[0].pk, weights=known))[0] == own[1].pk


def test_remasters_and_twins_of_a_song_come_once() -> None:
    moss = make_artist("Moss")
    base = sounding_track(towards(1), title="Tide", artist=moss)
    sounding_track(towards(1, 0.01, 5), title="Tide (Remastered)", artist=moss)
    sounding_track(towards(1, 0.1, 6), title="Ebb", artist=moss)
    sounding_track(towards(1, 0.1, 7), title="Ebb - Live", artist=moss)
    assert len(similar_tracks(user_id=None, track_id=base.pk)) == 1


def test_it_asks_a_fixed_number_of_questions(django_assert_max_num_queries: Any) -> None:
    own = family(1, 20, "Shoegaze", **FEATURES)
    with django_assert_max_num_queries(16):
        found = similar_tracks(user_id=None, track_id=own[0].pk, limit=15)
        assert len(recommended_outs(found)) == 15


def test_a_path_leads_from_one_family_to_the_other() -> None:
    start, end = sounding_track(towards(1)), sounding_track(towards(2))
    middles = [sounding_track(towards(1, share, 2)) for share in (0.25, 0.5, 0.75)]
    family(3, 5)
    found = path_between(user_id=None, start=start.pk, end=end.pk, steps=5)
    assert ids(found) == [start.pk, *(one.pk for one in middles), end.pk]
    assert found[0].reasons == []


@pytest.mark.parametrize("steps", [2, 41])
def test_a_path_of_no_length_is_refused(steps: int) -> None:
    one, other = family(1, 2)
    with pytest.raises(InvalidInput):
        path_between(user_id=None, start=one.pk, end=other.pk, steps=steps)


def test_there_is_no_way_between_what_was_never_compared_and_none_to_itself() -> None:
    one, other = sounding_track(), sounding_track()
    with pytest.raises(InvalidInput, match="no way"):
        path_between(user_id=None, start=one.pk, end=other.pk)
    with pytest.raises(InvalidInput):
        path_between(user_id=None, start=one.pk, end=one.pk)


def test_a_radio_goes_on_and_repeats_nothing() -> None:
    own = family(1, 12, **FEATURES)
    family(2, 6)
    heard = [own[0].pk]
    for _turn in range(2):
        found = ids(radio(user_id=None, seed=Seed.parsed(f"track:{own[0].pk}"), heard=heard, limit=5))
        assert len(found) == 5
        assert not set(found) & set(heard)
        heard += found
    assert set(heard) <= {one.pk for one in own}


def test_a_radio_whose_library_was_heard_begins_again_with_what_is_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings.selectors.radio.JUST_HEARD", 3)
    own = family(1, 8)
    heard = [one.pk for one in own]
    found = ids(radio(user_id=None, seed=Seed.parsed(f"track:{own[0].pk}"), heard=heard, limit=4))
    assert len(found) == 4
    assert not set(found) & set(heard[-3:])


def test_a_radio_can_begin_with_anything() -> None:
    own = family(1, 5, "Shoegaze", bpm=120.0, camelot_key="8A", energy=0.1)
    family(2, 5, "Dub", energy=0.9)
    genre = own[0].genres.get()
    for seed in (f"artist:{own[0].track_artist_id}", f"genre:{genre.pk}", "mood:calm"):
        found = ids(radio(user_id=None, seed=Seed.parsed(seed), limit=4))
        assert len(set(found) & {one.pk for one in own}) >= 3, seed


def test_a_radio_begins_with_a_mood_in_words_of_ones_own() -> None:
    meant, other = request_vector("nocturnal ambient").vector, request_vector("happy polka").vector
    assert meant is not None
    assert other is not None
    night = [sounding_track(meaning=np.array(meant, np.float32)) for _number in range(2)]
    sounding_track(meaning=np.array(other, np.float32))
    found = ids(radio(user_id=None, seed=Seed.parsed("mood:nocturnal ambient"), limit=1))
    assert set(found) <= {one.pk for one in night}


@pytest.mark.parametrize("seed", ["", "track", "track:", "track:x", "planet:3", "artist:99999999999999999999"])
def test_what_no_radio_begins_with_is_refused(seed: str) -> None:
    with pytest.raises(InvalidInput):
        radio(user_id=None, seed=Seed.parsed(seed))


def test_a_radio_of_nothing_says_so() -> None:
    with pytest.raises(NotFound):
        radio(user_id=None, seed=Seed.parsed("artist:7"))


def test_a_list_is_ordered_and_keeps_everything() -> None:
    tracks = [
        sounding_track(features={"bpm": 120.0, "camelot_key": key, "energy": energy})
        for key, energy in (("3A", 0.3), ("1A", 0.1), ("2A", 0.2), ("4A", 0.4))
    ]
    given = [one.pk for one in tracks]
    by_key = ids(ordered(user_id=None, track_ids=given))
    assert by_key in ([given[1], given[2], given[0], given[3]], [given[3], given[0], given[2], given[1]])
    rising = ids(ordered(user_id=None, track_ids=given, order="energy", arc="rise"))
    assert rising == [given[1], given[2], given[0], given[3]]
    assert ids(ordered(user_id=None, track_ids=given, start=given[0], end=given[3]))[0::3] == [given[0], given[3]]
    with pytest.raises(InvalidInput):
        ordered(user_id=None, track_ids=given, start=given[0], end=given[0])
    with pytest.raises(NotFound, match="999"):
        ordered(user_id=None, track_ids=[*given, 999_999_999])


def test_a_blend_lies_between_and_away() -> None:
    one, other, against = (sounding_track(towards(seed)) for seed in (1, 2, 3))
    between = sounding_track(towards(1, 0.5, 2))
    spoiled = sounding_track(towards(1, 0.5, 3))
    found = ids(blended(user_id=None, plus=[one.pk, other.pk], minus=[against.pk], limit=5))
    assert found[0] == between.pk
    assert found.index(between.pk) < (found.index(spoiled.pk) if spoiled.pk in found else 99)
    with pytest.raises(InvalidInput):
        blended(user_id=None, plus=[])


def test_artists_whose_music_lies_near() -> None:
    near, far, own = (make_artist(name) for name in ("Near", "Far", "Own"))
    for artist, vector in ((own, towards(1)), (near, towards(1, 0.2, 5)), (far, towards(2))):
        give_artist_vectors(artist, vector)
        sounding_track(vector, artist=artist, genres=["Dub"])
    found = similar_artists(artist_id=own.pk)
    assert ids(found) == [near.pk, far.pk]
    assert {reason.kind for reason in found[0].reasons} == {"genres", "sound"}


# --- REST -------------------------------------------------------------------------------------------------------------


def test_the_doors_answer_with_reasons_in_words(api: Callable[[str], Client]) -> None:
    own = family(1, 6, "Shoegaze", **FEATURES)
    client = api("read")
    (first, *_rest) = client.get(f"/api/tracks/{own[0].pk}/similar?limit=3&novelty=0").json()
    assert set(first) == {"track", "score", "parts", "reasons", "sentence"}
    assert first["sentence"]
    assert {"kind", "values", "text"} == set(first["reasons"][0])
    assert len(client.get(f"/api/radio?from=track:{own[0].pk}&after={own[1].pk},{own[2].pk}").json()) == 3
    path = client.get(f"/api/path?from={own[0].pk}&to={own[1].pk}&steps=4").json()
    assert [path[0]["track"]["id"], path[-1]["track"]["id"]] == [own[0].pk, own[1].pk]
    body = {"tracks": [one.pk for one in own], "order": "energy", "arc": "wave"}
    assert len(client.post("/api/orders", body, content_type="application/json").json()) == 6
    blend = client.post("/api/blend", {"plus": [own[0].pk]}, content_type="application/json")
    assert len(blend.json()) == 5
    assert client.get(f"/api/artists/{own[0].track_artist_id}/similar").json() == []


@pytest.mark.parametrize(
    "address",
    [
        "tracks/{id}/similar?sound=2",
        "tracks/{id}/similar?limit=0",
        "tracks/{id}/similar?tempo=nan",
        "radio",
        "radio?from=track:x",
        "radio?from=track:{id}&after=1,x",
        "path?from={id}&to={id}",
        "path?from={id}",
    ],
)
def test_bad_questions_get_a_clear_answer(api: Callable[[str], Client], address: str) -> None:
    track = sounding_track(towards(1))
    answer = api("read").get(f"/api/{address.format(id=track.pk)}")
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_recently_heard_is_told_apart_from_long_ago(listener: User) -> None:
    own = family(1, 3)
    long_ago = timezone.now() - timedelta(days=400)
    TrackUse.objects.create(user=listener, track=own[1], plays=9, last_played=long_ago)
    found = similar_tracks(user_id=listener.pk, track_id=own[0].pk)
    reasons = {one.track_id: {reason.kind for reason in one.reasons} for one in found}
    assert "forgotten" in reasons[own[1].pk]
    assert "new" in reasons[own[2].pk]
