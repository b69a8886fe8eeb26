"""With many rows: every look-up goes through an index, and takes as many queries as with few."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.rows import fill
from library.engine.asked import understood
from library.models import Track
from library.schemas.search import SearchFilters
from library.selectors.search.results import search
from library.selectors.search.staleness import stale_tracks
from library.selectors.search.suggestions import suggest
from library.selectors.search.vocabulary import what_was_meant
from library.services.search_documents import refresh_search_documents
from library.services.search_healing import _count_and_sweep

ROWS = 20_000
LARGE = ("search_documents", "search_names", "search_words", "tracks", "track_artists", "albums", "covers")
ASKED = ["love", "be", "bjork dream", "lov nigth", '"night love"', "love -night", "xyzzy plugh", "the", "b"]


@pytest.fixture
def large(db: None) -> None:
    connection.ensure_connection()
    assert connection.connection
    fill(connection.connection, ROWS)
    refresh_search_documents(track_ids=list(Track.objects.values_list("pk", flat=True)))
    _count_and_sweep()


def statements(call: Callable[[], object]) -> Iterator[str]:
    with CaptureQueriesContext(connection) as captured:
        call()
    return (query["sql"] for query in captured.captured_queries)


def scanned(sql: str) -> set[str]:
    """Tables that a statement may read from one end to the other; a limit right above ends it early."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"), ())
        (plan,) = cursor.fetchone() or ([],)
    return set(_scanned(plan[0]["Plan"], limited=False))


def _scanned(node: dict[str, Any], limited: bool) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE and not limited:
        yield node["Relation Name"]
    for child in node.get("Plans", []):
        yield from _scanned(child, limited=node["Node Type"] == "Limit")


def test_no_search_reads_a_table_from_end_to_end(large: None) -> None:
    """A single test, because the rows take longer to make than to ask."""
    calls: dict[str, Callable[[], object]] = {}
    for asked in ASKED:
        calls[f"search {asked}"] = lambda asked=asked: search(asked)  # type: ignore[misc]
        calls[f"suggest {asked}"] = lambda asked=asked: suggest(asked)  # type: ignore[misc]
        calls[f"meant {asked}"] = lambda asked=asked: what_was_meant(understood(asked))  # type: ignore[misc]
    calls["narrowed"] = lambda: search("love", SearchFilters(genre=1, artist=1, decade=1990, support="CD"))
    wrong = {
        f"{name}: {sql}": tables
        for name, call in calls.items()
        for sql in statements(call)
        if sql.startswith(("SELECT", "(SELECT", "\n", "WITH")) and (tables := scanned(sql))
    }
    assert not wrong, "\n".join(f"{tables}: {sql}" for sql, tables in wrong.items())
    counts = {asked: len(list(statements(lambda asked=asked: search(asked)))) for asked in ASKED}  # type: ignore[misc]
    assert max(counts.values()) <= 12
    assert all(len(list(statements(lambda asked=asked: suggest(asked)))) <= 3 for asked in ASKED)  # type: ignore[misc]
    assert stale_tracks(thoroughly=True) == []
