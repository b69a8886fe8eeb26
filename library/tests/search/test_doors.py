"""Search through its doors: REST, version 1, GraphQL; who may; pages; the cache."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from prometheus_client.registry import REGISTRY
from pytest_django import DjangoAssertNumQueries

from library.models import Artist
from library.selectors.search.results import search
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_album, make_artist, make_track

Api = Callable[[str], Client]


@pytest.fixture
def ask(api: Api, cast: None) -> Callable[..., Any]:
    client = api("read")

    def get(path: str, status: int = 200, **query: Any) -> Any:
        answer = client.get(f"/api{path}", query)
        assert answer.status_code == status, answer.content[:500]
        return answer.json()

    return get


def test_groups_and_facets_come_in_one_answer(ask: Callable[..., Any]) -> None:
    answer = ask("/search", q="radiohead")
    assert [hit["name"] for hit in answer["artists"]["items"]] == ["Radiohead"]
    assert {hit["title"] for hit in answer["albums"]["items"]} == {"Kid A", "Pablo Honey"}
    assert answer["tracks"]["count"] == 4
    assert answer["tracks"]["items"][0]["artist"] == "Radiohead"
    assert {value["key"] for value in answer["facets"]["decade"]} == {"1990", "2000"}


def test_facets_are_filters(ask: Callable[..., Any]) -> None:
    answer = ask("/search", q="radiohead", decade=1990, support="CD")
    assert {hit["title"] for hit in answer["tracks"]["items"]} == {"Creep", "You"}


@pytest.mark.parametrize(
    "query",
    [
        {"decade": 1995},
        {"support": "Wax"},
        {"artist": 0},
        {"genre": "x"},
        {"size": 0},
        {"size": 101},
        {"artist": 2**63},
    ],
)
def test_what_no_facet_can_be_is_refused(query: dict[str, Any], ask: Callable[..., Any]) -> None:
    assert ask("/search", 422, q="x", **query)["code"] == "invalid_input"


def test_further_pages_follow_without_gap_or_repetition(ask: Callable[..., Any]) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = ask("/search/tracks", q="rock", cursor=cursor, size=3)
        seen += [hit["id"] for hit in page["items"]]
        if not (cursor := page["next_cursor"]):
            break
    assert len(seen) == len(set(seen)) == page["count"] == 13


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "٣", "9" * 20])
def test_a_cursor_of_somebody_else_is_refused(cursor: str, ask: Callable[..., Any]) -> None:
    assert ask("/search/tracks", 422, q="rock", cursor=cursor)["field"] == "cursor"


def test_a_group_that_is_none_is_refused(ask: Callable[..., Any]) -> None:
    ask("/search/playlists", 422, q="rock")


def test_suggestions_come_while_typing(ask: Callable[..., Any]) -> None:
    answer = ask("/search/suggest", q="rad")
    assert answer["items"][0] == {
        "kind": "artist",
        "id": Artist.objects.get(name="Radiohead").pk,
        "text": "Radiohead",
        "detail": "",
        "cover": None,
    }


def test_version_1_counts_pages_by_number(ask: Callable[..., Any]) -> None:
    answer = ask("/v1/search", q="rock", type="tracks", page=2, page_size=5)
    assert answer["artists"] is None
    assert {name: answer["tracks"][name] for name in ("total", "page", "page_size", "pages")} == {
        "total": 13,
        "page": 2,
        "page_size": 5,
        "pages": 3,
    }
    assert len(answer["tracks"]["items"]) == 5
    assert ask("/v1/search", q="beatles")["artists"]["total"] == 2
    assert ask("/v1/search", q="")["tracks"]["total"] == 0


def test_graphql_answers_the_same(api: Api, cast: None) -> None:
    query = """
        query($q: String!) {
          search(query: $q, decade: 1990) {
            meant artists { name } albums { title artist } tracks { title found_in } facets { facet label count }
          }
          suggest(query: $q) { kind text }
        }
    """
    answer = api("read").post(
        "/api/graphql", {"query": query, "variables": {"q": "raidohead"}}, content_type="application/json"
    )
    data = answer.json()["data"]
    assert data["search"]["meant"] == "radiohead"
    assert data["search"]["artists"] == [{"name": "Radiohead"}]
    assert {track["title"] for track in data["search"]["tracks"]} == {"Creep", "You"}
    assert {"facet": "support", "label": "CD", "count": 2} in data["search"]["facets"]
    assert data["suggest"][0] == {"kind": "artist", "text": "Radiohead"}


@pytest.mark.parametrize("arguments", ["decade: 1995", 'support: "Wax"', "size: 0", "size: 1000"])
def test_graphql_refuses_what_rest_refuses(arguments: str, api: Api, cast: None) -> None:
    query = '{ search(query: "x", ' + arguments + ") { query } }"
    answer = api("read").post("/api/graphql", {"query": query}, content_type="application/json").json()
    assert answer["errors"][0]["extensions"]["code"] == "invalid_input"


@pytest.mark.parametrize("path", ["/api/search", "/api/search/suggest", "/api/search/tracks", "/api/v1/search"])
def test_nobody_unknown_may_search(path: str, client: Client, api: Api, db: None) -> None:
    assert client.get(path, {"q": "x"}).status_code == 401
    assert api("worker").get(path, {"q": "x"}).status_code == 403


def reads(result: str) -> float:
    return REGISTRY.get_sample_value("cache_reads_total", {"group": "search", "result": result}) or 0.0


@pytest.mark.django_db(transaction=True)
def test_a_search_is_kept_until_something_is_written(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    artist = make_artist("Moss")
    refresh_search_documents(track_ids=[make_track("Low Tide", artist, make_album("Tides", artist)).pk])
    misses, hits = reads("miss"), reads("hit")
    search("moss")
    with django_assert_num_queries(3):
        search("moss")
    assert (reads("miss") - misses, reads("hit") - hits) == (1, 1)
    artist.name = "Lichen"
    artist.save()
    assert [hit.name for hit in search("moss").artists.items] == ["Lichen"]
    assert reads("miss") - misses == 2
