"""The panel of a track and the columns of tables: what they show, what they change, and that they ask little."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError, FeatureChange, TrackAudioFeatures
from analysis.selectors.features import get_by_track_id
from analysis.services.correcting import correct_feature
from analysis.services.features import create_or_update
from analysis.tests.sounding import analysed
from core.models import Job, User
from library.models import Track
from library.tests.factories import make_album, make_root, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_delivery")]
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
PANEL = {"HX-Request": "true", "HX-Target": "sound"}


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:400]
    return str(response.content.decode())


@pytest.fixture
def track() -> Track:
    made = make_track("Slack Before the Turn", root=make_root())
    analysed(made)
    return made


def page_of(client: Client, track: Track) -> str:
    return text_of(client.get(f"/tracks/{track.pk}/"))


def tile(page: str, field: str) -> str:
    """The words of one field, without its tags."""
    found = re.search(rf'<li[^>]*data-field="{field}".*?</details>.*?</li>', page, re.S)
    assert found, field
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split())


def test_a_track_shows_what_was_measured_with_its_source_and_how_surely(signed_in: Client, track: Track) -> None:
    page = page_of(signed_in, track)
    assert "84.0" in tile(page, "bpm")
    assert "librosa" in tile(page, "bpm")
    assert "−13.4" in tile(page, "loudness")
    assert "A minor" in tile(page, "key")
    assert 'aria-label="Confidence 4 of 5"' in page
    assert "this track is in 8A, A minor; 9A, 7A, 8B go with it" in page
    assert 'aria-label="Waveform: the left channel above, the right one below"' in page
    assert page.count('class="wave big') == 2


def test_what_nothing_is_known_of_says_what_to_do(signed_in: Client) -> None:
    page = page_of(signed_in, make_track("New", root=make_root()))
    assert "It was not analysed yet" in page
    assert "Analyse it now" in page
    assert 'id="sound"' not in page_of(signed_in, make_track("Elsewhere"))


def test_a_tempo_is_doubled_with_one_tap_and_the_answer_offers_to_undo(signed_in: Client, track: Track) -> None:
    page = text_of(signed_in.post(f"/tracks/{track.pk}/sound/bpm/scale/", {"factor": "2"}, headers=PANEL))
    assert "<html" not in page
    assert "168.0" in tile(page, "bpm")
    assert "by hand" in tile(page, "bpm")
    assert "librosa: 84.0" in tile(page, "bpm")
    assert 'aria-pressed="true" aria-label="Lock: Tempo"' in page
    change = FeatureChange.objects.get()
    undo = f"/tracks/{track.pk}/sound/changes/{change.pk}/take-back/"
    assert 'data-message="success"' in page
    assert page.count(f'action="{undo}"') == 2
    page = text_of(signed_in.post(undo, headers=PANEL))
    assert "84.0" in tile(page, "bpm")
    assert "is as it was before" in page
    assert get_by_track_id(track.pk).locked_fields == []


def test_without_scripts_forms_lead_back_to_the_page(signed_in: Client, track: Track) -> None:
    answer = signed_in.post(f"/tracks/{track.pk}/sound/key/set/", {"value": "8B"})
    assert (answer.status_code, answer["Location"]) == (302, f"/tracks/{track.pk}/#sound")
    row = get_by_track_id(track.pk)
    assert (row.camelot_key, row.key, row.scale, row.locked_fields) == ("8B", "C", "major", ["key"])
    page = page_of(signed_in, track)
    assert "Key: C major. It stays so." in page
    assert "A minor" in tile(page, "key")


@pytest.mark.parametrize(
    ("field", "do", "sent", "shown"),
    [
        ("bpm", "pick", {"place": "2"}, "126.0"),
        ("key", "pick", {"place": "1"}, "C major"),
        ("bpm", "set", {"value": "83,5"}, "83.5"),
        ("replaygain_track_gain", "set", {"value": "−5.25"}, "−5.25"),
        ("genre_main", "set", {"value": HOSTILE}, "&lt;img src=x"),
        ("energy", "set", {"value": ""}, "– unknown"),
        ("energy", "lock", {}, "0.31"),
    ],
)
def test_a_value_is_put_right(
    signed_in: Client, track: Track, field: str, do: str, sent: dict[str, str], shown: str
) -> None:
    page = text_of(signed_in.post(f"/tracks/{track.pk}/sound/{field}/{do}/", sent, headers=PANEL))
    assert shown in tile(page, field)
    assert "<img src=x" not in page
    assert get_by_track_id(track.pk).locked_fields == [field]


def test_who_says_the_same_is_named_beside_the_source(signed_in: Client, track: Track) -> None:
    create_or_update(track_id=track.pk, values={"bpm": 84.2}, source="tags")
    assert "tags · librosa" in tile(page_of(signed_in, track), "bpm")


def test_a_lock_is_let_go_and_the_tags_are_believed_again(signed_in: Client, track: Track, owner: User) -> None:
    create_or_update(track_id=track.pk, values={"bpm": 170}, source="tags")
    correct_feature(track_id=track.pk, field="bpm", value=42, user=owner)
    page = page_of(signed_in, track)
    assert "tags: 170.0" in tile(page, "bpm")
    page = text_of(signed_in.post(f"/tracks/{track.pk}/sound/bpm/unlock/", headers=PANEL))
    assert "170.0" in tile(page, "bpm")
    assert "librosa: 84.0" in tile(page, "bpm")


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("bpm/set", {"value": "fast"}, 302),
        ("bpm/set", {"value": "100000"}, 302),
        ("key/set", {"value": "H9"}, 302),
        ("bpm/scale", {"factor": "1000"}, 302),
        ("energy/scale", {"factor": "2"}, 302),
        ("bpm/pick", {"place": "99"}, 404),
        ("bpm/pick", {"place": "²"}, 404),
        ("analyzed_at/set", {"value": "now"}, 404),
        ("bpm/delete", {}, 404),
        ("changes/7/take-back", {}, 404),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_changes_nothing(
    signed_in: Client, track: Track, address: str, sent: dict[str, str], status: int
) -> None:
    answer = signed_in.post(f"/tracks/{track.pk}/sound/{address}/", sent)
    assert answer.status_code == status
    if status == 302:
        (said,) = get_messages(answer.wsgi_request)
        assert said.level_tag == "error"
    assert not FeatureChange.objects.exists()


def test_what_was_changed_is_told_and_taken_back_from_the_page(signed_in: Client, track: Track, owner: User) -> None:
    correct_feature(track_id=track.pk, field="bpm", value=42, user=owner)
    correct_feature(track_id=track.pk, field="bpm", value=43, user=owner)
    page = page_of(signed_in, track)
    assert page.index("42.0\u00a0BPM → 43.0\u00a0BPM") < page.index("84.0\u00a0BPM → 42.0\u00a0BPM")
    assert page.count(">Take back<") == 1
    first = FeatureChange.objects.earliest("pk")
    answer = signed_in.post(f"/tracks/{track.pk}/sound/changes/{first.pk}/take-back/", follow=True)
    assert "It has been changed again since." in text_of(answer)


def test_it_is_analysed_again_and_says_so_meanwhile(signed_in: Client, track: Track) -> None:
    page = text_of(signed_in.post(f"/tracks/{track.pk}/sound/analyse/", headers=PANEL))
    job = Job.objects.get()
    assert job.params["track_ids"] == [track.pk]
    assert "It is being analysed again." in page
    assert f'data-refresh="/tracks/{track.pk}/sound/"' in page
    assert "84.0" in tile(page, "bpm")
    assert 'id="analyse"' not in page


def test_why_a_file_could_not_be_analysed_and_what_to_do(signed_in: Client) -> None:
    track = make_track("Broken", root=make_root())
    AnalysisError.objects.create(track=track, reason=HOSTILE, version=ANALYZER_VERSION)
    page = page_of(signed_in, track)
    assert "It could not be analysed" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "Replace the file with a sound copy" in page
    assert "Try again" in page


def test_of_a_part_and_of_an_older_analyser_it_is_said(signed_in: Client, track: Track) -> None:
    TrackAudioFeatures.objects.update(partial="It breaks off.", analyzer_version=0)
    page = page_of(signed_in, track)
    assert "Only a part of it could be analysed" in page
    assert "Measured by an older analyser" in page


def test_the_panel_alone_is_for_the_page_that_shows_it(signed_in: Client, track: Track) -> None:
    assert signed_in.get(f"/tracks/{track.pk}/sound/").status_code == 302
    assert "<html" not in text_of(signed_in.get(f"/tracks/{track.pk}/sound/", headers=PANEL))
    assert signed_in.get("/tracks/7777/sound/", headers=PANEL).status_code == 404
    assert signed_in.post("/tracks/7777/sound/analyse/", headers=PANEL).status_code in {404, 200, 422}


def test_french_numbers_reach_the_reader_and_not_the_drawings(client: Client, track: Track, owner: User) -> None:
    owner.language = "fr"
    owner.save()
    client.force_login(owner)
    page = page_of(client, track)
    assert "84,0" in page
    assert "−13,4" in page
    for drawing in re.findall(r'\b(?:d|x|y|width|height|style|value)="([^"]*)"', page):
        assert not re.search(r"\d,\d", drawing), drawing


def asked_by(client: Client, address: str) -> int:
    cache.clear()
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        text_of(client.get(address))
    return len(queries)


def test_a_longer_album_asks_one_question_about_its_sound(signed_in: Client) -> None:
    def album(count: int) -> str:
        made = make_album()
        for place in range(count):
            analysed(make_track(album=made, root=make_root(), track_position=place + 1))
        return f"/albums/{made.pk}/"

    bare = make_album()
    make_track(album=bare)
    short, long = album(1), album(8)
    page = text_of(signed_in.get(long))
    assert page.count('<span class="wave">') == 8
    assert page.count('class="key"') == 8
    assert "−13.4" in page
    assert asked_by(signed_in, short) == asked_by(signed_in, long)
    with CaptureQueriesContext(connection) as queries:
        signed_in.get(long)
    assert sum("track_audio_features" in query["sql"] for query in queries) == 1
    assert "Waveform" not in text_of(signed_in.get(f"/albums/{bare.pk}/"))


def test_a_longer_list_asks_no_more_and_has_tempo_and_key(signed_in: Client) -> None:
    root = make_root()
    for number in range(3):
        analysed(make_track(f"Track {number}", root=root))
    few = asked_by(signed_in, "/library/tracks/")
    for number in range(30):
        analysed(make_track(f"More {number}", root=root))
    assert asked_by(signed_in, "/library/tracks/") == few
    page = text_of(signed_in.get("/library/tracks/"))
    assert page.count('class="key"') == 33
    assert ">84<" in page


def test_the_page_of_a_track_asks_a_constant_number(signed_in: Client, track: Track, owner: User) -> None:
    address = f"/tracks/{track.pk}/"
    before = asked_by(signed_in, address)
    for value in range(20):
        correct_feature(track_id=track.pk, field="bpm", value=60 + value, user=owner)
    assert asked_by(signed_in, address) == before
    assert before <= 20


def test_a_listener_without_the_right_sees_and_changes_nothing(client: Client, track: Track) -> None:
    assert client.post(f"/tracks/{track.pk}/sound/bpm/lock/").status_code == 302
    assert not FeatureChange.objects.exists()
