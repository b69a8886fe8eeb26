"""The page of search: groups, facets, further pages, and what it says when nothing was found."""

import re
from typing import Any

import pytest
from django.test import Client

from library.models import Album, Track
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_album, make_artist, make_genre, make_track

pytestmark = pytest.mark.django_db
RESULTS = {"HX-Request": "true", "HX-Target": "results"}


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.fixture
def sea(db: None) -> Album:
    """Fifty tracks with one word in common, on two albums."""
    old, new = make_album("Low Tide", make_artist("Tidal"), year=1974), make_album("Nothing", year=2011)
    for number in range(50):
        make_track(f"Tide {number}", album=old if number % 2 else new, genres=["Dub" if number % 2 else "Drone"])
    refresh_search_documents(track_ids=list(Track.objects.values_list("pk", flat=True)))
    return old


def test_before_anything_is_asked_genres_are_offered(signed_in: Client) -> None:
    make_genre("Slowcore")
    page = text_of(signed_in.get("/search/"))
    assert "What would you like to hear?" in page
    assert "Slowcore" in page


def test_what_is_found_stands_in_groups(signed_in: Client, sea: Album) -> None:
    page = text_of(signed_in.get("/search/?q=tide"))
    assert f"/albums/{sea.pk}/" in page
    assert "50 tracks" in re.sub(r"\s+", " ", page)
    assert 'value="tide"' in page
    fragment = text_of(signed_in.get("/search/?q=tide", headers=RESULTS))
    assert fragment.startswith('<div id="results">')
    assert "<html" not in fragment


def test_it_is_narrowed_by_facets_and_widened_again(signed_in: Client, sea: Album) -> None:
    page = text_of(signed_in.get("/search/?q=tide"))
    facet = re.search(r'href="(\?q=tide&amp;decade=1970)"><bdi class="clip">1970s</bdi><small>25<', page)
    assert facet
    page = text_of(signed_in.get("/search/" + facet[1].replace("&amp;", "&")))
    assert re.search(r'class="chip is-on" href="\?q=tide"><bdi class="clip">1970s<', page)
    assert '<input type="hidden" name="decade" value="1970">' in page
    for nonsense in ("decade=soon", "genre=x", "artist=-1", "support=Stone"):
        assert signed_in.get(f"/search/?q=tide&{nonsense}").status_code == 422


def test_a_group_goes_on(signed_in: Client, sea: Album) -> None:
    page = text_of(signed_in.get("/search/?q=tide&in=tracks"))
    assert page.count("<tr data-track=") == 40
    following = re.search(r'href="(\?[^"]*cursor=[^"]*)" rel="next"', page)
    assert following
    address = "/search/" + following[1].replace("&amp;", "&")
    rows = text_of(signed_in.get(address, headers={"HX-Request": "true", "HX-Target": "more"}))
    assert rows.count("/tracks/") == 10
    assert signed_in.get("/search/?q=tide&in=tracks&cursor=x").status_code == 422


@pytest.mark.parametrize("query", ["zzzz", "<script>alert(1)</script>", "\x00", "'; --", "a" * 500, "\u202e"])
def test_whatever_is_asked_is_answered(signed_in: Client, query: str) -> None:
    page = text_of(signed_in.get("/search/", {"q": query}))
    assert "<script>alert" not in page
