"""Lists of many thousand rows: first and deep pages enter an index, for the same number of statements."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.pagination import KeysetPage, cursor_behind, in_order
from library.filters import ALBUMS, ARTISTS, GENRES, TRACKS, Registry
from library.models import Artist
from library.selectors.albums import album_page
from library.selectors.artists import artist_page
from library.selectors.counts import KINDS, letters, library_counts, total_of
from library.selectors.genres import genre_page
from library.selectors.tracks import track_list, track_page
from library.tests.large import make_large_library

TRACKS_MADE = 20_000
PAGES: dict[str, tuple[Registry, Callable[..., KeysetPage[Any]], int]] = {
    "artists": (ARTISTS, artist_page, 1),
    "albums": (ALBUMS, album_page, 2),
    "tracks": (TRACKS, track_page, 2),
    "genres": (GENRES, genre_page, 1),
}
# By which index each order of a list is entered.
INDEXES = {
    ("artists", "name"): "idx_artist_sort_name",
    ("artists", "name_desc"): "idx_artist_sort_name",
    ("artists", "added"): "idx_artist_date_added",
    ("artists", "first_added"): "idx_artist_date_added",
    ("albums", "title"): "idx_album_sort_title",
    ("albums", "title_desc"): "idx_album_sort_title",
    ("albums", "artist"): "idx_artist_sort_name",
    ("albums", "newest"): "idx_album_year",
    ("albums", "oldest"): "idx_album_year",
    ("albums", "added"): "idx_album_date_added",
    ("albums", "first_added"): "idx_album_date_added",
    ("tracks", "title"): "idx_tracks_sort_title",
    ("tracks", "title_desc"): "idx_tracks_sort_title",
    ("tracks", "artist"): "idx_artist_sort_name",
    ("tracks", "album"): "idx_track_album",
    ("tracks", "newest"): "idx_tracks_year",
    ("tracks", "oldest"): "idx_tracks_year",
    ("tracks", "added"): "idx_tracks_date_added",
    ("tracks", "first_added"): "idx_tracks_date_added",
    ("tracks", "shortest"): "idx_tracks_duration",
    ("tracks", "longest"): "idx_tracks_duration",
}


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Made once for all of these tests, and gone after them."""
    with django_db_blocker.unblock():
        make_large_library(tracks=TRACKS_MADE)
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE artists, albums, tracks, genres CASCADE")


def middle_of(kind: str, sort: str) -> str:
    """The cursor of a page in the midst of a list."""
    registry, _, _ = PAGES[kind]
    model, _ = KINDS[kind]  # type: ignore[index]
    order = registry.sort_named(sort).order
    rows = model._default_manager.all()
    half = rows.count() // 2
    return cursor_behind(in_order(rows, order)[half], order)


def plan_of(seen: CaptureQueriesContext) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + seen[0]["sql"])
        (found,) = cursor.fetchone()
    return json.dumps(found if not isinstance(found, str) else json.loads(found))


def scans(plan: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        found.append(node)
        for inner in node.get("Plans", []):
            walk(inner)

    walk(json.loads(plan)[0]["Plan"])
    return found


def rows_read(nodes: list[dict[str, Any]]) -> float:
    """By the busiest part of a plan."""
    return max(float(node["Actual Rows"] * node["Actual Loops"]) for node in nodes if "Scan" in node["Node Type"])


@pytest.mark.parametrize("page", ["first", "deep"])
@pytest.mark.parametrize(("kind", "sort"), INDEXES)
def test_a_page_is_read_from_an_index(kind: str, sort: str, page: str, large: None, db: None) -> None:
    _, page_of, statements = PAGES[kind]
    cursor = middle_of(kind, sort) if page == "deep" else None
    with CaptureQueriesContext(connection) as seen:
        assert len(page_of(asked={}, sort=sort, cursor=cursor, size=50).items) == 50
    assert len(seen) == statements
    nodes = scans(plan_of(seen))
    assert any(node.get("Index Name", "").startswith(INDEXES[kind, sort]) for node in nodes)
    # Not one of the rows before the page is looked at, and none far behind it; artists' tracks are counted.
    assert rows_read(nodes) <= TRACKS_MADE // 10


def test_every_order_is_tried() -> None:
    """Of the library's own: apps above try theirs."""
    known = {
        (kind, sort.name)
        for kind, (registry, _, _) in PAGES.items()
        for sort in registry.sorts()
        if registry.is_own([], sort.name)
    }
    assert known - INDEXES.keys() == {("genres", name) for name in ("name", "name_desc", "added")}, "of a short list"


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("tracks", {"genre": "Genre 5"}),
        ("tracks", {"letter": "q"}),
        ("tracks", {"year": "1994"}),
        ("tracks", {"missing": "1"}),
        ("albums", {"artist_letter": "q"}),
        ("albums", {"letter": "q"}),
        ("artists", {"letter": "q"}),
    ],
    ids=str,
)
def test_a_filter_reads_little_more_than_it_lets_through(
    kind: str, asked: dict[str, str], large: None, db: None
) -> None:
    _, page_of, _ = PAGES[kind]
    with CaptureQueriesContext(connection) as seen:
        items = page_of(asked=asked, sort="", cursor=None, size=50).items
    assert items
    assert rows_read(scans(plan_of(seen))) <= TRACKS_MADE // 10


def test_the_tracks_of_an_artist_are_found_by_their_numbers(large: None, db: None) -> None:
    artist = Artist.objects.order_by("pk")[300]
    for page_of in (track_page, album_page):
        with CaptureQueriesContext(connection) as seen:
            items = page_of(asked={"artist": str(artist.pk)}, sort="", cursor=None, size=50).items
        assert items
        nodes = scans(plan_of(seen))
        assert not {node.get("Relation Name") for node in nodes if node["Node Type"] == "Seq Scan"} & {
            "tracks",
            "albums",
        }


def test_letters_are_one_statement(large: None, db: None) -> None:
    for kind in ("artists", "albums", "tracks"):
        for way in ("name", "artist"):
            with CaptureQueriesContext(connection) as seen:
                assert letters(of=kind, by=way) == list("abcdefghijklmnopqrstuvwxyz")
            assert len(seen) <= 1
            with CaptureQueriesContext(connection) as seen:
                letters(of=kind, by=way)
            assert len(seen) == 0, "kept in the cache"


def test_counts_are_kept_until_the_library_is_written(large: None, db: None) -> None:
    assert library_counts()["tracks"] == TRACKS_MADE
    assert total_of("tracks", {"lossless": "1"}) == TRACKS_MADE - TRACKS_MADE // 3
    with CaptureQueriesContext(connection) as seen:
        library_counts()
        total_of("tracks", {})
        total_of("albums", {})
        total_of("tracks", {"lossless": "1"})
    assert len(seen) == 0


@pytest.mark.parametrize("sort", ["artist", "newest", "album"])
def test_the_pages_of_a_list_hold_every_row_once(sort: str, large: None, db: None) -> None:
    asked = {"genre": "Genre 7"}
    seen: list[int] = []
    cursor: str | None = None
    while True:
        page = track_page(asked=asked, sort=sort, cursor=cursor, size=37)
        seen += [row.pk for row in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [row.pk for row in track_list(asked=asked, sort=sort)]
    assert len(set(seen)) == len(seen) == total_of("tracks", asked)
