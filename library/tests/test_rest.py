"""REST of artists, albums, tracks and genres: lists, one, made, corrected, removed, many at once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import User
from library.models import Album, AlbumKey, Artist, ArtistKey, Track, TrackUse
from library.signals import ImportedTrack, tracks_changed, tracks_imported, tracks_removed
from library.tests.factories import make_album, make_artist, make_cover, make_genre, make_root, make_track

pytestmark = pytest.mark.django_db
MBID = "5b11f4ce-a62d-471e-81fc-a69a8278c7da"
OTHER_MBID = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"


class Door:
    """The API as a program sees it, with a token that may write."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def get(self, address: str, status: int = 200, **asked: Any) -> Any:
        return self._said(self.client.get(address, asked), status)

    def send(self, method: str, address: str, body: object = None, status: int = 200) -> Any:
        answer = self.client.generic(method, address, json.dumps(body), content_type="application/json")
        return self._said(answer, status)

    def _said(self, answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None


@pytest.fixture
def door(api: Callable[[str], Client]) -> Door:
    return Door(api("write"))


# --- lists ------------------------------------------------------------------------------------------------------------

MAKERS: dict[str, Callable[[str], Any]] = {
    "artists": make_artist,
    "albums": lambda title: make_album(title, make_artist(f"of {title}")),
    "tracks": make_track,
    "genres": make_genre,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_pages_of_a_list_follow_each_other(kind: str, door: Door) -> None:
    names = [f"{letter}x thing" for letter in "edcab"]
    for name in names:
        MAKERS[kind](name)
    said: list[str] = []
    asked: dict[str, Any] = {"size": 2, "sort": "name" if kind in {"artists", "genres"} else "title"}
    while True:
        page = door.get(f"/api/{kind}", **asked)
        said += [item.get("title") or item["name"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        asked["cursor"] = page["next_cursor"]
    assert [name for name in said if name.endswith("thing") and not name.startswith("of ")] == sorted(names)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_list_is_counted_on_request(kind: str, door: Door) -> None:
    for name in ("b", "c"):
        MAKERS[kind](name)
    assert door.get(f"/api/{kind}")["total"] is None
    counted = door.get(f"/api/{kind}", count="true", size=1)
    assert counted["total"] >= 2
    assert door.get(f"/api/{kind}", count="true", letter="b")["total"] == 1


@pytest.mark.parametrize("kind", MAKERS)
def test_a_filter_that_nobody_declared_is_refused_by_name(kind: str, door: Door) -> None:
    said = door.get(f"/api/{kind}", 422, password="x")
    assert (said["code"], said["field"]) == ("invalid_input", "filter")
    assert "letter" in said["hint"]
    assert door.get(f"/api/{kind}", 422, sort="password")["field"] == "sort"


def titles(page: Any) -> list[str]:
    return [item["title"] for item in page["items"]]


def test_tracks_are_filtered_by_what_they_are(door: Door) -> None:
    moss, fern = make_artist("Moss"), make_artist("Fern")
    vinyl = make_album("Shelf", fern, support="Vinyl", compilation=True)
    make_track("One", moss, genres=["Drone"], year_number=1994, file_type="mp3")
    make_track("Two", fern, vinyl, file_type=None, year_number=2001)
    make_track("Three", moss, missing_since="2024-01-01T00:00:00Z", year_number=2001)
    expected: dict[str, tuple[object, list[str]]] = {
        "genre": ("dRONE", ["One"]),
        "artist": (moss.pk, ["One", "Three"]),
        "album": (vinyl.pk, ["Two"]),
        "decade": ("1990s", ["One"]),
        "year": ("2000-2010", ["Three", "Two"]),
        "support": ("vinyle", ["Two"]),
        "format": ("mp3,ogg", ["One"]),
        "lossless": ("yes", ["Three"]),
        "missing": ("1", ["Three"]),
        "compilation": ("true", ["Two"]),
        "letter": ("t", ["Three", "Two"]),
        "artist_letter": ("F", ["Two"]),
        "added_since": ("2020-01-01", ["One", "Three", "Two"]),
    }
    for name, (value, found) in expected.items():
        assert titles(door.get("/api/tracks", **dict[str, Any]({name: value}))) == found, name
    assert titles(door.get("/api/tracks", artist=moss.pk, year="2001")) == ["Three"]


def test_albums_are_filtered_by_what_they_are(door: Door) -> None:
    moss, fern = make_artist("Moss"), make_artist("Fern")
    one = make_album("One", moss, year=1994, support="CD", release_type="Album; Soundtrack")
    two = make_album("Two", fern, compilation=True)
    make_track(album=one, genres=["Drone"], file_type="mp3")
    make_track(album=two, missing_since="2024-01-01T00:00:00Z", file_type="flac")
    expected: dict[str, tuple[object, list[str]]] = {
        "genre": ("Drone", ["One"]),
        "artist": (fern.pk, ["Two"]),
        "decade": ("1990", ["One"]),
        "year": ("-1999", ["One"]),
        "support": ("CD,Cassette", ["One"]),
        "format": ("flac", ["Two"]),
        "lossless": ("1", ["Two"]),
        "missing": ("1", ["Two"]),
        "compilation": ("no", ["One"]),
        "soundtrack": ("1", ["One"]),
        "letter": ("t", ["Two"]),
        "artist_letter": ("m", ["One"]),
    }
    for name, (value, found) in expected.items():
        assert titles(door.get("/api/albums", **dict[str, Any]({name: value}))) == found, name


def test_an_artist_is_found_by_letter_role_and_genre(door: Door) -> None:
    moss, eleven = make_artist("Moss"), make_artist("11 Reeds")
    make_track(artist=moss, genres=["Drone"])
    make_album(artist=eleven)
    for name, value, found in (
        ("letter", "#", "11 Reeds"),
        ("letter", "m", "Moss"),
        ("genre", "drone", "Moss"),
        ("role", "artist", "Moss"),
        ("has_albums", "1", "11 Reeds"),
    ):
        assert [item["name"] for item in door.get("/api/artists", **dict[str, Any]({name: value}))["items"]] == [
            found
        ], name


def test_years_that_nobody_knows_stand_last_in_both_directions(door: Door) -> None:
    for title, year in (("A", 1990), ("B", None), ("C", 2000), ("D", None)):
        make_album(title, year=year)
    for sort, order in (("newest", "CADB"), ("oldest", "ACBD")):
        said: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = door.get("/api/albums", sort=sort, size=1, **dict[str, Any]({"cursor": cursor} if cursor else {}))
            said += titles(page)
            cursor = page["next_cursor"]
        assert "".join(said) == order


@pytest.mark.parametrize(("kind", "most"), [("artists", 5), ("albums", 7), ("tracks", 7), ("genres", 3)])
def test_a_page_needs_the_same_number_of_queries_whatever_its_size(kind: str, most: int, door: Door) -> None:
    def add() -> None:
        album = make_album()
        make_track(album=album, genres=["Drone", "Folk"])
        album.genres.add(make_genre("Drone"))
        make_cover(album)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            door.get(f"/api/{kind}", size=100)
        return len(seen)

    add()
    door.get(f"/api/{kind}")
    few = queries()
    for _ in range(20):
        add()
    cache.clear()
    assert queries() == few
    assert few <= most + 2  # the token is looked up, and its use is noted


# --- one --------------------------------------------------------------------------------------------------------------


def test_an_answer_that_somebody_has_already_is_not_sent_again(api: Callable[[str], Client]) -> None:
    client, album = api("read"), make_album("Low Tide")
    first = client.get(f"/api/albums/{album.pk}")
    assert first["Last-Modified"]
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(f"/api/albums/{album.pk}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    Artist.objects.filter(pk=album.album_artist_id).update(name="Another")
    changed = client.get(f"/api/albums/{album.pk}", headers={"If-None-Match": first["ETag"]})
    assert changed.json()["artists"][0]["name"] == "Another"


def test_what_is_not_there_is_said(door: Door) -> None:
    for kind in MAKERS:
        assert door.get(f"/api/{kind}/999999", 404)["code"] == "not_found"
        assert door.send("PATCH", f"/api/{kind}/999999", {"name": "x"} if kind == "genres" else {}, 404)
        assert door.send("DELETE", f"/api/{kind}/999999", status=404)
        assert door.get(f"/api/{kind}/{2**63}", 422)


# --- made -------------------------------------------------------------------------------------------------------------


def test_an_artist_is_made_once(door: Door) -> None:
    made = door.send("POST", "/api/artists", {"name": "The Moss", "musicbrainz_artistid": MBID}, 201)
    assert made["sort_name"] == "moss the"
    assert set(ArtistKey.objects.values_list("key", flat=True)) == {"name:the moss", f"mb:{MBID}"}
    assert door.send("POST", "/api/artists", {"name": "THE MOSS"}, 409)["field"] == "name"
    namesake = door.send("POST", "/api/artists", {"name": "The Moss", "musicbrainz_artistid": OTHER_MBID}, 201)
    assert namesake["id"] != made["id"]


def test_artists_are_made_or_found_in_one_go(door: Door) -> None:
    there = make_artist("Moss")
    body = {
        "artists": [
            {"name": "moss"},
            {"name": "Fern"},
            {"name": "FERN"},
            {"name": "Moss", "musicbrainz_artistid": MBID},
        ]
    }
    said = door.send("POST", "/api/artists/batch", body)
    assert [item["id"] for item in said[:3]] == [there.pk, said[1]["id"], said[1]["id"]]
    assert said[3]["id"] == there.pk, "known by name alone so far"
    assert Artist.objects.get(pk=there.pk).musicbrainz_artistid == MBID
    assert door.send("POST", "/api/artists/batch", body) == said
    assert Artist.objects.count() == 2


def test_an_id_that_is_none_is_refused(door: Door) -> None:
    said = door.send("POST", "/api/artists", {"name": "x", "musicbrainz_artistid": "nonsense"}, 422)
    assert said["field"] == "musicbrainz_artistid"


def test_an_album_is_made_with_its_artists_in_order(door: Door) -> None:
    body = {"title": "Low Tide", "artists": ["Moss", "Fern", "Reed"], "release_year": "1994-05-01", "genres": ["Drone"]}
    made = door.send("POST", "/api/albums", body, 201)
    assert made["artist_credit"] == "Moss, Fern & Reed"
    assert [artist["name"] for artist in made["artists"]] == ["Moss", "Fern", "Reed"]
    assert (made["year"], made["genres"]) == (1994, ["Drone"])
    assert door.send("POST", "/api/albums", body, 409)["field"] == "title"
    assert door.send("POST", "/api/albums", {**body, "version": "Deluxe"}, 201)["id"] != made["id"]


def test_albums_are_made_or_found_in_one_go(door: Door) -> None:
    entries = [
        {"title": "One", "artists": ["Moss"], "discogs_id": "77"},
        {"title": "Two", "compilation": True},
        {"title": "ONE", "artists": ["moss"]},
        {"title": "One, on another shelf", "discogs_id": "77"},
        {"title": "One", "artists": ["Moss"], "discogs_id": "78"},
    ]
    said = door.send("POST", "/api/albums/batch", {"albums": entries})
    assert [item["id"] for item in said] == [said[n]["id"] for n in (0, 1, 0, 0, 4)]
    assert said[1]["artist_credit"] == "Various Artists"
    assert door.send("POST", "/api/albums/batch", {"albums": entries}) == said
    assert Album.objects.count() == 3


def test_a_number_of_an_artist_that_is_nobodys_is_refused(door: Door) -> None:
    said = door.send("POST", "/api/albums", {"title": "x", "album_artist_id": 999}, 422)
    assert said["field"] == "album_artist_id"
    assert door.send("POST", "/api/tracks", {"title": "x", "album_id": 999}, 422)["field"] == "album_id"
    assert door.send("POST", "/api/tracks", {"title": "x", "track_artist_id": 999}, 422)["field"] == "track_artist_id"


def test_a_track_below_a_root_belongs_to_it(door: Door) -> None:
    root = make_root("/music")
    made = door.send("POST", "/api/tracks", {"title": "x", "path": "/music/a/b/c.flac", "track_number": "3/12"}, 201)
    track = Track.objects.get(pk=made["id"])
    assert (track.root, track.folder, track.available, track.track_position) == (root, "a/b/", True, 3)
    outside = door.send("POST", "/api/tracks", {"title": "x", "path": "/musical/c.flac"}, 201)
    assert (outside["root_id"], outside["available"]) == (None, False)


@pytest.mark.parametrize("path", ["a.flac", "/", "/a/../../etc/passwd", "/a//b", "/a/", "C:\\x.mp3", "/a/./b"])
def test_a_path_leads_nowhere_but_down(path: str, door: Door) -> None:
    assert door.send("POST", "/api/tracks", {"title": "x", "path": path}, 422)["field"] == "path"


def test_tracks_without_files_are_told_apart_by_their_place(door: Door) -> None:
    album = make_album("Shelf")
    entries = [
        {"title": "Intro", "album_id": album.pk, "artists": ["Moss"], "track_number": number}
        for number in ("1", "2", "1")
    ]
    said = door.send("POST", "/api/tracks/many", {"tracks": entries})
    assert [item["id"] for item in said] == [said[0]["id"], said[1]["id"], said[0]["id"]]
    assert door.send("POST", "/api/tracks/many", {"tracks": entries}) == said
    assert door.send("POST", "/api/tracks", entries[0], 409)


# --- corrected --------------------------------------------------------------------------------------------------------


def test_a_correction_is_locked_and_can_be_unlocked(door: Door) -> None:
    track = make_track("Wrong", genres=["Rock"])
    said = door.send(
        "PATCH", f"/api/tracks/{track.pk}", {"title": "Right", "genres": ["Folk"], "artists": ["Fern", "Reed"]}
    )
    assert (said["title"], said["sort_title"], said["genres"]) == ("Right", "right", ["Folk"])
    assert said["artist_credit"] == "Fern & Reed"
    assert said["locked_fields"] == ["artists", "genres", "title"]
    said = door.send("PUT", f"/api/tracks/{track.pk}", {"unlock": ["title", "artists"]})
    assert (said["title"], said["locked_fields"]) == ("Right", ["genres"])


def test_only_what_is_sent_is_changed(door: Door) -> None:
    album = make_album("Low Tide", year=1994, label="Reef")
    said = door.send("PATCH", f"/api/albums/{album.pk}", {"support": "Vinyl"})
    assert (said["support"], said["year"], said["label"], said["title"]) == ("Vinyl", 1994, "Reef", "Low Tide")
    assert said["locked_fields"] == ["support"]


def test_a_new_name_is_shown_wherever_it_stands_and_the_old_one_still_leads_there(door: Door) -> None:
    moss, fern = make_artist("Moss"), make_artist("Fern")
    body = {"title": "x", "artists": ["Fern", "Moss"]}
    album = door.send("POST", "/api/albums", body, 201)
    track = door.send("POST", "/api/tracks", body, 201)
    door.send("PATCH", f"/api/artists/{moss.pk}", {"name": "Mousse"})
    assert door.get(f"/api/albums/{album['id']}")["artist_credit"] == "Fern & Mousse"
    assert door.get(f"/api/tracks/{track['id']}")["artist_credit"] == "Fern & Mousse"
    assert {row.artist_id for row in ArtistKey.objects.filter(key__in=["name:moss", "name:mousse"])} == {moss.pk}
    assert fern.pk != moss.pk


def test_a_new_title_leads_to_the_album_too(door: Door) -> None:
    album = make_album("Low Tide", make_artist("Moss"))
    door.send("PATCH", f"/api/albums/{album.pk}", {"title": "High Tide", "artists": ["Fern"]})
    assert set(AlbumKey.objects.filter(album=album).values_list("key", flat=True)) == {
        "tags:moss|low tide||",
        "tags:fern|high tide||",
    }


def test_two_genres_do_not_become_one_by_renaming(door: Door) -> None:
    make_genre("Drone")
    other = make_genre("Folk")
    assert door.send("PATCH", f"/api/genres/{other.pk}", {"name": "DRONE"}, 409)
    assert door.send("PATCH", f"/api/genres/{other.pk}", {"name": "Folk!"})["name"] == "Folk!"


# --- removed ----------------------------------------------------------------------------------------------------------


def test_what_somebody_has_used_stays(door: Door, listener: User) -> None:
    track = make_track("Low Tide", album=make_album())
    TrackUse.objects.create(user=listener, track=track, plays=3)
    assert "used by 1 listener" in door.send("DELETE", f"/api/tracks/{track.pk}", status=409)["message"]
    assert "one track." in door.send("DELETE", f"/api/albums/{track.album_id}", status=409)["message"]
    assert "albums" in door.send("DELETE", f"/api/artists/{track.track_artist_id}", status=409)["message"]
    assert Track.objects.filter(pk=track.pk).exists()


def test_what_nothing_hangs_from_goes(door: Door) -> None:
    track = make_track(genres=["Drone"], album=make_album())
    genre = track.genres.get()
    assert door.send("DELETE", f"/api/genres/{genre.pk}", status=409)
    make_cover(track)
    door.send("DELETE", f"/api/tracks/{track.pk}", status=204)
    door.send("DELETE", f"/api/albums/{track.album_id}", status=204)
    door.send("DELETE", f"/api/artists/{track.track_artist_id}", status=204)
    door.send("DELETE", f"/api/genres/{genre.pk}", status=204)
    assert not ArtistKey.objects.exists()
    assert not AlbumKey.objects.exists()


# --- told to the apps above -------------------------------------------------------------------------------------------


def test_what_belongs_to_other_apps_reaches_them(door: Door) -> None:
    told: list[ImportedTrack] = []
    changed: list[int] = []
    removed: list[int] = []

    def on_import(tracks: list[ImportedTrack], **_: Any) -> None:
        assert connection.in_atomic_block
        told.extend(tracks)

    def on_change(track_ids: list[int], **_: Any) -> None:
        changed.extend(track_ids)

    def on_removal(track_ids: list[int], **_: Any) -> None:
        assert Track.objects.filter(pk__in=track_ids).exists()
        removed.extend(track_ids)

    tracks_imported.connect(on_import)
    tracks_changed.connect(on_change)
    tracks_removed.connect(on_removal)
    try:
        body = {"title": "x", "path": "/a.flac", "bpm": 124.5, "key": "A", "scale": "minor", "rating": 8}
        made = door.send("POST", "/api/tracks", body, 201)["id"]
        assert told == [ImportedTrack(made, bpm=124.5, key="Am", rating=8, created=True)]
        door.send("POST", "/api/tracks/many", {"tracks": [body]})
        assert len(told) == 1, "what is there already stays as it is"
        assert changed == [made]
        door.send("PATCH", f"/api/tracks/{made}", {"title": "y"})
        assert changed == [made, made]
        door.send("DELETE", f"/api/tracks/{made}", status=204)
        assert removed == [made]
    finally:
        tracks_imported.disconnect(on_import)
        tracks_changed.disconnect(on_change)
        tracks_removed.disconnect(on_removal)


# --- many at once -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["artists", "albums", "tracks"])
def test_a_batch_needs_the_same_number_of_queries_whatever_its_size(kind: str, door: Door) -> None:
    def entries(prefix: str, count: int) -> list[dict[str, object]]:
        if kind == "artists":
            return [{"name": f"{prefix} {n}", "musicbrainz_artistid": None} for n in range(count)]
        body: dict[str, object] = {"artists": [f"of {prefix}", "Moss"], "genres": ["Drone", f"kind {prefix}"]}
        more = {"path": f"/{prefix}/{{}}.flac"} if kind == "tracks" else {}
        return [
            {"title": f"{prefix} {n}", **body, **{name: text.format(n) for name, text in more.items()}}
            for n in range(count)
        ]

    def queries(prefix: str, count: int) -> int:
        address = f"/api/{kind}/{'many' if kind == 'tracks' else 'batch'}"
        with CaptureQueriesContext(connection) as seen:
            said = door.send("POST", address, {kind: entries(prefix, count)})
        assert len({item["id"] for item in said}) == count
        return len(seen)

    door.get("/api/genres")  # the use of a token is noted once a minute
    few = queries("a", 5)
    # Search reads the words of a few at once, and leaves those of many to its job.
    assert queries("b", 500) <= few
    assert few <= 40
    assert queries("b", 500) < few, "all of them are there"
