"""GraphQL of the library: lists and what hangs from them in a handful of statements; batches, corrections, removals."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.models import User
from library import models
from library.tests.factories import make_album, make_artist, make_cover, make_genre, make_root, make_track

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def ask(api: Callable[[str], Client]) -> Ask:
    """The answer to a document, asked with a token of a scope."""
    clients = {scope: api(scope) for scope in ("read", "write", "worker")}

    def send(query: str, scope: str = "write", **variables: object) -> Any:
        data = json.dumps({"query": query, "variables": variables})
        answer = clients[scope].post("/api/graphql", data, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return send


def data(answer: Any) -> Any:
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


# --- lists ------------------------------------------------------------------------------------------------------------


def test_lists_are_filtered_sorted_counted_and_paged(ask: Ask) -> None:
    for title, year in (("Ebb", 1991), ("Flow", 1995), ("Tide", 2003)):
        make_track(title, year_number=year)
    document = """query ($c: String) {
        tracks(where: {decade: 1990, lossless: true}, sort: "newest", size: 1, cursor: $c) {
            items { title } next_cursor total
        }
    }"""
    first = data(ask(document, "read"))["tracks"]
    assert (first["items"], first["total"]) == ([{"title": "Flow"}], 2)
    second = data(ask(document, "read", c=first["next_cursor"]))["tracks"]
    assert (second["items"], second["next_cursor"]) == ([{"title": "Ebb"}], None)


@pytest.mark.parametrize("kind", ["artists", "albums", "tracks", "genres"])
@pytest.mark.parametrize(
    "where", ['{password: "x"}', '"x"', "[1]", "{letter: []}", '{letter: "zz"}', "{letter: 1e999}"]
)
def test_a_filter_that_cannot_be_used_is_refused(kind: str, where: str, ask: Ask) -> None:
    assert code(ask(f"{{ {kind}(where: {where}) {{ next_cursor }} }}", "read")) == "invalid_input"


def test_an_unasked_total_is_not_counted(ask: Ask) -> None:
    make_track()
    ask("{ tracks { next_cursor } }")
    with CaptureQueriesContext(connection) as seen:
        ask('{ tracks(where: {letter: "x"}) { next_cursor } }')
    assert not [query for query in seen if "COUNT" in query["sql"]]


def test_one_is_found_by_its_number(ask: Ask) -> None:
    track = make_track("Ebb", genres=["Drone"], file_size=5 * 10**9)
    models.Lyrics.objects.create(track=track, text="la", synced=True)
    document = """query ($id: Int!) {
        track(id: $id) { title file_size lyrics { text synced } genres { name } album { id } } }"""
    found = data(ask(document, "read", id=track.pk))["track"]
    assert found["file_size"] == 5 * 10**9
    assert found["lyrics"] == {"text": "la", "synced": True}
    assert (found["genres"], found["album"]) == ([{"name": "Drone"}], None)
    for kind in ("artist", "album", "track", "genre"):
        assert code(ask(f"{{ {kind}(id: 999999) {{ id }} }}", "read")) == "not_found"


def test_workers_read_no_library(ask: Ask) -> None:
    for document in ("{ tracks { next_cursor } }", "{ track(id: 1) { id } }", "{ library_counts { tracks } }"):
        assert code(ask(document, "worker")) == "not_allowed"


def test_counts_are_told(ask: Ask) -> None:
    make_track(album=make_album(), duration_ms=2 * 10**9)
    make_track(missing_since="2024-01-01T00:00:00Z", duration_ms=2 * 10**9)
    counts = data(ask("{ library_counts { tracks albums missing duration_ms } }", "read"))["library_counts"]
    assert counts == {"tracks": 2, "albums": 1, "missing": 1, "duration_ms": 4 * 10**9}


# --- what hangs from what ---------------------------------------------------------------------------------------------


def make_shelf(count: int) -> None:
    """Albums of different artists, each with two tracks that bear a genre and three credits."""
    for _ in range(count):
        album = make_album()
        album.genres.add(make_genre("Drone"))
        make_cover(album)
        for place in (1, 2):
            track = make_track(album=album, genres=["Drone", "Folk"], track_position=place)
            for position in (1, 2):
                models.TrackArtist.objects.create(track=track, artist=make_artist(), position=position)


NESTED = {
    "tracks": """{ tracks(size: 50) { items {
        title bpm key track_artist { name genres { name } } artists { join_phrase artist { name } }
        album { title cover { url color_1 } album_artist { name cover { digest } } }
        genres { name } cover { digest } lyrics { text }
    } } }""",
    "albums": """{ albums(size: 50, sort: "newest") { items {
        title track_count artists { artist { name } } genres { name track_count } cover { url }
        tracks(size: 5) { title bpm artists { artist { name } } album { title } }
    } } }""",
    "artists": """{ artists(size: 50) { items {
        name album_count track_count cover { digest }
        albums(size: 5) { title cover { digest } tracks(size: 3) { title } } tracks(size: 3) { title album { title } }
    } } }""",
    "genres": "{ genres(size: 50) { items { name album_count track_count } } }",
}


@pytest.mark.parametrize("kind", NESTED)
def test_a_nested_query_needs_the_same_statements_whatever_the_number_of_rows(kind: str, ask: Ask) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            data(ask(NESTED[kind], "read"))
        return len(seen)

    make_shelf(2)
    ask("{ library_counts { tracks } }", "read")
    few = statements()
    make_shelf(50)
    assert statements() == few
    assert few <= 20


def test_what_hangs_from_each_is_its_own_and_in_order(ask: Ask) -> None:
    moss, fern = make_artist("Moss"), make_artist("Fern")
    ebb, flow = make_album("Ebb", moss), make_album("Flow", fern)
    for album in (ebb, flow):
        for place in (3, 1, 2):
            make_track(f"{album.title} {place}", album=album, track_position=place)
    found = data(ask('{ albums(sort: "title") { items { title track_count tracks(size: 2) { title } } } }', "read"))
    assert found["albums"]["items"] == [
        {"title": "Ebb", "track_count": 3, "tracks": [{"title": "Ebb 1"}, {"title": "Ebb 2"}]},
        {"title": "Flow", "track_count": 3, "tracks": [{"title": "Flow 1"}, {"title": "Flow 2"}]},
    ]


def test_one_track_has_one_artist_in_each_of_its_parts(ask: Ask) -> None:
    track = make_track("Ebb", make_artist("Moss"))
    models.TrackArtist.objects.create(track=track, artist=make_artist("Reed"), role="performer", detail="oboe")
    document = """{ tracks { items {
        artists { artist { name } } performers: artists(role: "performer") { detail artist { name } }
    } } }"""
    (item,) = data(ask(document, "read"))["tracks"]["items"]
    assert item == {
        "artists": [{"artist": {"name": "Moss"}}],
        "performers": [{"detail": "oboe", "artist": {"name": "Reed"}}],
    }


# --- writes -----------------------------------------------------------------------------------------------------------


def test_a_batch_of_five_hundred_is_a_handful_of_statements(ask: Ask) -> None:
    make_root("/music")
    document = "mutation ($t: [TrackCreateInput!]!) { create_tracks(data: $t) { id title bpm } }"

    def statements(prefix: str, count: int) -> int:
        tracks = [
            {
                "title": f"{prefix} {n}",
                "path": f"/music/{prefix}/{n}.flac",
                "artists": ["Moss"],
                "genre": "Drone",
                "bpm": 120,
            }
            for n in range(count)
        ]
        with CaptureQueriesContext(connection) as seen:
            made = data(ask(document, t=tracks))["create_tracks"]
        assert [track["title"] for track in made] == [track["title"] for track in tracks]
        return len(seen)

    ask("{ library_counts { tracks } }")
    few = statements("a", 3)
    assert statements("b", 500) <= few
    assert statements("b", 500) < few
    assert models.Track.objects.count() == 503


def test_a_wrong_entry_loses_the_whole_batch_and_is_named(ask: Ask) -> None:
    document = "mutation ($a: [AlbumCreateInput!]!) { create_albums(data: $a) { id } }"
    answer = ask(document, a=[{"title": "Fine"}, {"title": " "}])
    assert code(answer) == "invalid_input"
    assert "title" in answer["errors"][0]["message"]
    answer = ask(document, a=[{"title": "Fine", "support": "Wax"}])
    assert code(answer) == "invalid_input"
    assert not models.Album.objects.exists()


def test_a_correction_is_locked(ask: Ask) -> None:
    album = make_album("Ebb", year=1990)
    document = """mutation ($id: Int!, $data: AlbumUpdateInput!) {
        update_album(id: $id, data: $data) { title year locked_fields artists { artist { name } } } }"""
    said = data(ask(document, id=album.pk, data={"year": None, "artists": ["Moss", "Fern"]}))["update_album"]
    assert said == {
        "title": "Ebb",
        "year": None,
        "locked_fields": ["artists", "year"],
        "artists": [{"artist": {"name": "Moss"}}, {"artist": {"name": "Fern"}}],
    }
    assert code(ask(document, id=album.pk, data={"title": None})) == "invalid_input"


def test_what_is_used_stays_and_the_rest_goes(ask: Ask, listener: User) -> None:
    track = make_track(album=make_album())
    models.TrackUse.objects.create(user=listener, track=track)
    assert code(ask(f"mutation {{ delete_track(id: {track.pk}) }}")) == "conflict"
    assert code(ask(f"mutation {{ delete_album(id: {track.album_id}) }}")) == "conflict"
    models.TrackUse.objects.all().delete()
    assert data(ask(f"mutation {{ delete_track(id: {track.pk}) }}")) == {"delete_track": True}
    assert data(ask(f"mutation {{ delete_album(id: {track.album_id}) }}")) == {"delete_album": True}


MUTATIONS = [
    'create_artists(data: [{name: "x"}]) { id }', 'create_albums(data: [{title: "x"}]) { id }',
    'create_tracks(data: [{title: "x"}]) { id }', 'create_genres(names: ["x"]) { id }',
    "update_artist(id: 1, data: {}) { id }", "update_album(id: 1, data: {}) { id }",
    "update_track(id: 1, data: {}) { id }", 'update_genre(id: 1, name: "x") { id }', "delete_artist(id: 1)",
    "delete_album(id: 1)", "delete_track(id: 1)", "delete_genre(id: 1)",
]  # fmt: skip


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_readers_change_nothing(mutation: str, ask: Ask) -> None:
    assert code(ask(f"mutation {{ {mutation} }}", "read")) == "not_allowed"


HOSTILE = ["\x00", "\ud800", "\u202e", "<script>", "' OR 1=1 --", "x" * 100_000, "🐙", ""]
DOCUMENTS = [
    "query ($t: String!) { cover(digest: $t) { url } }",
    "query ($t: String!) { tracks(sort: $t) { next_cursor } }",
    "query ($t: String!) { albums(cursor: $t) { next_cursor } }",
    "query ($t: JSON!) { tracks(where: {genre: $t}) { next_cursor } }",
    "query ($t: JSON!) { artists(where: $t) { next_cursor } }",
    "mutation ($t: String!) { create_artists(data: [{name: $t, sort_name: $t}]) { id } }",
    "mutation ($t: String!) { create_albums(data: [{title: $t, artists: [$t], genres: [$t], discogs_id: $t}]) { id } }",
    "mutation ($t: String!) { create_tracks(data: [{title: $t, year: $t, track_number: $t, key: $t}]) { id } }",
    "mutation ($t: String!) { create_tracks(data: [{title: \"x\", path: $t}]) { id } }",
    "mutation ($t: String!) { create_genres(names: [$t]) { id } }",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_only_texts(text: str, ask: Ask) -> None:
    for document in DOCUMENTS:
        for error in ask(document, t=text).get("errors") or []:
            assert error.get("extensions", {}).get("code") != "error", (document, error)
