"""Pages of the player: what plays, what buttons do without scripts, where one was."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.models import User
from library.models import Album, Lyrics, Track
from library.tests.factories import make_album, make_root, make_track
from player.models import QueueEntry
from player.selectors.playing import words_of

LRC = "[ti:Tide]\n[00:05.50]second\n[00:01.00]first"


@pytest.fixture
def album(db: None) -> Album:
    root, album = make_root("/srv/music"), make_album("Low Water")
    for place in range(1, 6):
        make_track(f"Track {place}", album=album, root=root, track_position=place)
    return album


def add(client: Client, **how: str) -> Any:
    return client.post("/queue/add/", how)


def test_nothing_plays_at_first(signed_in: Client) -> None:
    assert "Nothing is playing." in signed_in.get("/playing/").content.decode()
    assert "Continue where you were" not in signed_in.get("/").content.decode()


def test_a_button_fills_the_queue_and_leads_back(signed_in: Client, owner: User, album: Album) -> None:
    answer = add(signed_in, last=f"album:{album.pk}", back=f"/albums/{album.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/albums/{album.pk}/")
    assert QueueEntry.objects.filter(queue=owner.pk).count() == 5
    page = signed_in.get("/playing/").content.decode()
    assert "Track 1" in page
    assert "The next on the record" in page
    assert "Continue where you were" in signed_in.get("/").content.decode()


def test_a_list_of_tracks_keeps_its_order(signed_in: Client, owner: User, album: Album) -> None:
    ids = list(album.tracks.values_list("pk", flat=True))[::-1]
    add(signed_in, last=f"tracks:{','.join(map(str, ids))}")
    assert list(QueueEntry.objects.order_by("place").values_list("track_id", flat=True)) == ids


def test_it_leads_nowhere_else(signed_in: Client, album: Album) -> None:
    for back in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""):
        assert add(signed_in, last=f"album:{album.pk}", back=back)["Location"] == "/"


@pytest.mark.parametrize("how", [{}, {"now": "album"}, {"now": "album:x"}, {"now": "moon:1"}, {"last": ""}])
def test_nonsense_is_refused(signed_in: Client, how: dict[str, str]) -> None:
    assert add(signed_in, **how).status_code == 422


def test_the_page_asks_as_much_of_long_queues(
    signed_in: Client, album: Album, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for _ in range(20):
        add(signed_in, last=f"album:{album.pk}")
    with django_assert_max_num_queries(24):
        signed_in.get("/playing/")


def test_lyrics_are_sung_in_their_order(album: Album) -> None:
    track = Track.objects.filter(album=album)[0]
    assert words_of(track.pk) is None
    Lyrics.objects.create(track=track, text=LRC, synced=True)
    words = words_of(track.pk)
    assert words is not None
    assert [(line.at_ms, line.text) for line in words.lines] == [(1000, "first"), (5500, "second")]


def test_the_service_worker_keeps_nothing_of_a_person(signed_in: Client) -> None:
    text = signed_in.get("/service-worker.js").content.decode()
    assert "/api/" not in text
    assert "/offline/" in text
    assert "{{" not in text
    assert "owner" not in signed_in.get("/offline/").content.decode()
