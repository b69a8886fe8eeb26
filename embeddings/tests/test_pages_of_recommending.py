"""Pages of recommendation: what is near, radio, path, mixer, map; with and without scripts."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from core.models import Job, User
from embeddings.models import MapRegion
from embeddings.selectors.outs import recommended_outs
from embeddings.selectors.recommending import similar_tracks
from embeddings.tests.sea import chart, give_artist_vectors, sounding_track, towards
from library.models import Track
from library.tests.factories import make_artist

pytestmark = pytest.mark.django_db
FEATURES: dict[str, Any] = {"bpm": 120.0, "camelot_key": "8A", "energy": 0.5}


@pytest.fixture
def shore() -> list[Track]:
    """A family of tracks that go together."""
    return [
        sounding_track(towards(1, 0.1, seed), towards(1, 0.1, seed), FEATURES, genres=["Dub"]) for seed in range(90, 98)
    ]


def said(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_tracks_page_shows_what_is_near_it_and_why(signed_in: Client, shore: list[Track]) -> None:
    page = said(signed_in, f"/tracks/{shore[0].pk}/")
    assert "Nearest to it" in page
    assert "both in 8A" in page
    assert 'type="range" name="harmony"' in page
    assert 'name="now" value="tracks:' in page


def test_a_track_of_which_nothing_is_known_shows_nothing_near(signed_in: Client) -> None:
    assert "Nearest to it" not in said(signed_in, f"/tracks/{sounding_track().pk}/")


def test_sliders_order_anew_without_the_rest_of_the_page(signed_in: Client, shore: list[Track]) -> None:
    address = f"/tracks/{shore[0].pk}/similar/?sound=0&harmony=100"
    piece = said(signed_in, address, headers={"HX-Target": "similar"})
    assert piece.lstrip().startswith("<section")
    assert 'name="harmony" min="0" max="100" step="5" value="100"' in piece
    whole = said(signed_in, address)
    assert "<html" in whole
    assert 'name="sound" min="0" max="100" step="5" value="0"' in whole


@pytest.mark.parametrize("query", ["sound=101", "sound=-1", "tempo=x", "novelty=1e9"])
def test_weights_that_are_none_are_refused(signed_in: Client, shore: list[Track], query: str) -> None:
    assert signed_in.get(f"/tracks/{shore[0].pk}/similar/?{query}").status_code == 422


def test_an_artists_page_shows_who_is_near(signed_in: Client) -> None:
    one, other = make_artist("Moss"), make_artist("Lichen")
    for artist in (one, other):
        give_artist_vectors(artist, towards(1))
        sounding_track(towards(1), artist=artist, genres=["Dub"])
    page = said(signed_in, f"/artists/{one.pk}/")
    assert "Near in sound and spirit" in page
    assert "Lichen" in page


def test_a_radio_says_what_comes_and_goes_on(signed_in: Client, shore: list[Track]) -> None:
    page = said(signed_in, f"/radio/?from=track:{shore[0].pk}")
    assert shore[0].title in page
    assert "What comes then" in page
    assert "Play" in page
    assert "mood:calm" in said(signed_in, "/radio/")
    assert signed_in.get("/radio/?from=planet:3").status_code == 422
    assert signed_in.get("/radio/?from=artist:999999999").status_code == 404


def test_a_path_asks_for_its_ends_and_shows_its_way(signed_in: Client, shore: list[Track]) -> None:
    assert "Which track does it begin with?" in said(signed_in, "/path/")
    assert "Which track does it lead to?" in said(signed_in, f"/path/?from={shore[0].pk}")
    page = said(signed_in, f"/path/?from={shore[0].pk}&to={shore[1].pk}&steps=5")
    assert "5 tracks" in page
    assert "Round the wheel" in page
    assert "Energy" in page
    assert signed_in.get(f"/path/?from={shore[0].pk}&to=999999999").status_code == 404
    assert signed_in.get("/path/?from=x").status_code == 422


def test_the_mixer_orders_a_handful_and_refuses_what_is_none(signed_in: Client, shore: list[Track]) -> None:
    handful = ",".join(str(track.pk) for track in shore[:5])
    for order in ("harmonic", "rise", "fall", "wave", "level", "given"):
        page = said(signed_in, f"/mixer/?tracks={handful}&order={order}&start={shore[2].pk}")
        assert all(track.title in page for track in shore[:5])
    assert "Begin with a track" in said(signed_in, "/mixer/")
    assert signed_in.get(f"/mixer/?tracks={handful}&order=upwards").status_code == 422
    assert signed_in.get("/mixer/?tracks=1,x").status_code == 422
    assert signed_in.get("/mixer/?tracks=999999999").status_code == 404


def test_the_map_has_a_table_for_who_does_not_see_it(signed_in: Client, shore: list[Track]) -> None:
    assert "Draw the map" in said(signed_in, "/map/")
    layout = chart([(track, 10 * place, place) for place, track in enumerate(shore)])
    MapRegion.objects.create(layout=layout, name="Dub", also=["Ambient"], x=0, y=0, reach=9, tracks=8)
    page = said(signed_in, "/map/")
    assert "Map of 8 tracks" in page
    assert '<th scope="row">Dub</th><td class="muted">Ambient</td>' in page
    assert shore[0].title in said(signed_in, f"/map/tracks/{shore[0].pk}/")
    assert said(signed_in, "/map/tracks/999999999/").strip() == ""
    route = said(signed_in, f"/map/path/?from={shore[0].pk}&to={shore[1].pk}&steps=4")
    assert f'data-ids="{shore[0].pk},' in route
    assert signed_in.get("/map/path/?from=1").status_code == 422


def test_the_map_is_drawn_anew_by_who_may(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.queue.send", lambda job: True)
    assert signed_in.post("/map/draw/").status_code == 302
    assert Job.objects.get(kind="embeddings.map").params == {"anew": True}
    assert signed_in.post("/map/draw/").status_code == 302, "a second time it is being drawn already"
    assert Job.objects.filter(kind="embeddings.map").count() == 1


def test_pages_ask_no_more_for_more(signed_in: Client, shore: list[Track], django_assert_max_num_queries: Any) -> None:
    said(signed_in, f"/tracks/{shore[0].pk}/similar/")
    with django_assert_max_num_queries(22):
        said(signed_in, f"/tracks/{shore[0].pk}/similar/")
    with django_assert_max_num_queries(30):
        said(signed_in, f"/radio/?from=track:{shore[0].pk}")


def test_hostile_names_are_shown_as_text(signed_in: Client) -> None:
    hostile = '<script>alert("x")</script>'
    tracks = [sounding_track(towards(1, 0.1, seed), features=FEATURES, title=f"{hostile} {seed}") for seed in range(3)]
    for address in (f"/tracks/{tracks[0].pk}/similar/", f"/mixer/?tracks={tracks[0].pk},{tracks[1].pk}&q={hostile}"):
        assert hostile not in said(signed_in, address)


def test_the_terminal_says_what_is_near(shore: list[Track], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("similar", str(shore[0].pk), "--limit", "3")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"Near {shore[0].title}")
    assert len(lines) == 4
    assert "both in 8A" in lines[1]
    call_command("similar", str(shore[0].pk), "--json")
    assert '"sentence"' in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("similar", "999999999")
    with pytest.raises(CommandError):
        call_command("similar", "1", "--limit", "0")


def test_graphql_says_it_too(signed_in: Client, shore: list[Track]) -> None:
    one, other = shore[0].pk, shore[1].pk
    query = f"""{{
      similar_tracks(track_id: {one}, limit: 2, weights: {{sound: 1}}) {{
        track {{ id title }} score sentence reasons {{ kind values text }}
      }}
      radio(begins_with: "track:{one}", limit: 2) {{ track {{ id }} }}
      path(start: {one}, end: {other}, steps: 3) {{ track {{ id }} }}
      ordered_tracks(tracks: [{one}, {other}]) {{ track {{ id }} }}
      blended_tracks(plus: [{one}], limit: 2) {{ track {{ id }} }}
      map_regions {{ name }}
    }}"""
    answer = signed_in.post("/api/graphql", {"query": query}, content_type="application/json").json()
    assert "errors" not in answer, answer
    found = answer["data"]
    assert len(found["similar_tracks"]) == len(found["radio"]) == len(found["blended_tracks"]) == 2
    assert found["similar_tracks"][0]["sentence"]
    assert [step["track"]["id"] for step in found["path"]][::2] == [one, other]


def test_a_listener_hears_of_their_own_plays(owner: User, shore: list[Track]) -> None:
    found = similar_tracks(user_id=owner.pk, track_id=shore[0].pk)
    assert all(any(reason.kind == "new" for reason in out.reasons) for out in recommended_outs(found))
