"""Version 1 of the API: the collection in numbered pages; the library as a tree; what the cache keeps of both."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from library.models import Album
from library.tests.factories import make_album, make_artist, make_cover, make_track


@pytest.fixture
def get(api: Callable[[str], Client]) -> Callable[..., Any]:
    client = api("read")

    def ask(address: str, status: int = 200, **asked: Any) -> Any:
        answer = client.get(address, asked)
        assert answer.status_code == status, answer.content
        return answer.json()

    return ask


Get = Callable[..., Any]
COLLECTION = "/api/v1/collection"


@pytest.mark.django_db
def test_pages_are_counted_by_number(get: Get) -> None:
    moss = make_artist("Moss")
    for number in range(5):
        make_album(f"Album {number}", moss, year=2000 + number)
    said = get(f"{COLLECTION}/albums", page=2, page_size=2)
    assert {name: said[name] for name in ("total", "page", "page_size", "pages")} == {
        "total": 5,
        "page": 2,
        "page_size": 2,
        "pages": 3,
    }
    assert [album["title"] for album in said["items"]] == ["Album 2", "Album 3"]
    assert get(f"{COLLECTION}/albums", page=9, page_size=2)["items"] == []
    assert get(f"{COLLECTION}/albums", 422, page=0)["field"].endswith("page")
    assert get(f"{COLLECTION}/albums", 422, page_size=201)


@pytest.mark.django_db
def test_albums_have_the_fields_of_their_contract(get: Get) -> None:
    album = make_album("Low Tide", make_artist("Moss"), year=1994, support="Vinyl", discogs_id="7")
    make_cover(album)
    (said,) = get(f"{COLLECTION}/albums")["items"]
    assert (said["title"], said["artists"], said["year"], said["support"]) == ("Low Tide", ["Moss"], 1994, "Vinyl")
    assert said["images"][0].startswith("/covers/")
    assert {"id", "discogs_id", "spotify_url", "discogs_url", "created_at", "updated_at"} <= said.keys()
    track = make_track("Ebb", album=album, track_position=3, duration=61)
    (said,) = get(f"{COLLECTION}/tracks", album=album.pk)["items"]
    assert said["duration_seconds"] == 61
    assert (said["track_number"], said["album_id"], said["artists"]) == (3, album.pk, ["Moss"])
    assert get(f"{COLLECTION}/tracks/{track.pk}") == said
    assert get(f"{COLLECTION}/artists")["items"][0]["spotify_id"] is None


@pytest.mark.django_db
def test_the_collection_is_searched_and_filtered(get: Get) -> None:
    make_album("Été", make_artist("Mirelle"), year=2008, support="CD")
    make_album("Low Tide", make_artist("Moss"), year=1994, release_type="Soundtrack")
    for asked, found in (
        ({"search": "ETE"}, ["Été"]),
        ({"search": "moss"}, ["Low Tide"]),
        ({"support": "CD"}, ["Été"]),
        ({"year": "1994"}, ["Low Tide"]),
        ({"is_soundtrack": "true"}, ["Low Tide"]),
        ({"is_soundtrack": "false"}, ["Été"]),
    ):
        assert [album["title"] for album in get(f"{COLLECTION}/albums", **asked)["items"]] == found, asked
    assert [artist["name"] for artist in get(f"{COLLECTION}/artists", search="mir")["items"]] == ["Mirelle"]


@pytest.mark.django_db
def test_an_album_without_files_is_collected_changed_and_given_away(api: Callable[[str], Client]) -> None:
    client = api("write")

    def send(method: str, address: str, body: object = None) -> Any:
        return client.generic(method, address, json.dumps(body), content_type="application/json")

    made = send("POST", f"{COLLECTION}/albums", {"title": "Toll", "artists": ["Ferrymen"], "support": "Vinyl"})
    assert made.status_code == 201
    address = f"{COLLECTION}/albums/{made.json()['id']}"
    assert send("PUT", address, {"year": 1994}).json()["year"] == 1994
    assert send("PATCH", address, {"support": "CD"}).json()["support"] == "CD"
    assert Album.objects.get().locked_fields == ["support", "year"]
    assert send("DELETE", address).status_code == 204
    assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_the_collection_is_summed_up(get: Get) -> None:
    make_album(year=1994, support="Vinyl")
    make_album(year=1999, support="CD")
    said = get(f"{COLLECTION}/stats")
    assert said["by_decade"] == {"1990": 2}
    assert said["by_support"] == {"CD": 1, "Vinyl": 1}
    assert (said["albums"], said["soundtracks"]) == (2, 0)


@pytest.mark.django_db
def test_the_tree_is_opened_branch_by_branch(get: Get) -> None:
    moss = make_artist("Moss")
    album = make_album("Low Tide", moss)
    for place in (2, 1):
        make_track(f"Track {place}", album=album, track_position=place, disc_position=1)
    make_artist("Nobody's")
    (branch,) = get("/api/library/tree")["items"]
    assert (branch["name"], branch["album_count"], branch["track_count"]) == ("Moss", 1, 2)
    (branch,) = get(f"/api/library/tree/artists/{moss.pk}")["items"]
    assert (branch["title"], branch["track_count"], branch["cover"]) == ("Low Tide", 2, None)
    page = get(f"/api/library/tree/albums/{album.pk}", size=1)
    assert [leaf["title"] for leaf in page["items"]] == ["Track 1"]
    page = get(f"/api/library/tree/albums/{album.pk}", size=1, cursor=page["next_cursor"])
    assert ([leaf["title"] for leaf in page["items"]], page["next_cursor"]) == (["Track 2"], None)
    assert get("/api/library/tree", letter="m")["items"]
    assert not get("/api/library/tree", letter="x")["items"]
    assert get("/api/library/letters/artists") == ["m", "n"]
    assert get("/api/library/letters/albums", by="artist") == ["m"]
    get("/api/library/letters/users", 422)
    for kind in ("artists", "albums"):
        get(f"/api/library/tree/{kind}/999999", 404)


@pytest.mark.django_db(transaction=True)
def test_first_pages_come_from_the_cache_until_something_is_written(api: Callable[[str], Client]) -> None:
    client = api("write")
    addresses = ["/api/albums", "/api/artists?count=true", "/api/library/tree", "/api/library/counts"]
    addresses += [f"{COLLECTION}/stats", "/api/library/letters/artists"]

    def statements() -> list[str]:
        with CaptureQueriesContext(connection) as seen:
            for address in addresses:
                assert client.get(address).status_code == 200
        return [query["sql"] for query in seen if "api_tokens" not in query["sql"]]

    body = {"title": "Low Tide", "artists": ["Moss"]}
    client.post("/api/albums", body, content_type="application/json")
    assert statements()
    assert statements() == []
    client.post("/api/albums", {**body, "title": "Ebb"}, content_type="application/json")
    assert statements()
    assert len(client.get("/api/albums").json()["items"]) == 2
