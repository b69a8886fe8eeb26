"""Lists of many thousand tracks, ordered and narrowed by their sound: pages enter an index."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.filters import SORTS
from analysis.schemas.work import AnalyzeParams
from analysis.selectors.work import next_tracks
from library.selectors.tracks import track_page
from library.tests.large import make_large_library
from library.tests.test_lists import TRACKS_MADE, middle_of, plan_of, rows_read, scans

FILL = """
    UPDATE tracks SET file_mtime_ns = 1;
    INSERT INTO track_audio_features (track_id, bpm, camelot_key, energy, analyzer_version, analysis_source, date_added,
        date_modified)
    SELECT id, 60 + random() * 120, 1 + (random() * 11)::int || 'A', random(), 1, 'librosa', now(), now()
    FROM tracks WHERE id % 50 <> 0;
    ANALYZE track_audio_features; ANALYZE tracks;
"""


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        make_large_library(tracks=TRACKS_MADE)
        with connection.cursor() as cursor:
            cursor.execute(FILL)
        yield
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE artists, albums, tracks, genres CASCADE")


@pytest.mark.parametrize("page", ["first", "deep"])
@pytest.mark.parametrize("sort", [sort.name for sort in SORTS])
def test_a_page_in_the_order_of_sound_is_read_from_an_index(sort: str, page: str, large: None, db: None) -> None:
    cursor = middle_of("tracks", sort) if page == "deep" else None
    with CaptureQueriesContext(connection) as seen:
        assert len(track_page(asked={}, sort=sort, cursor=cursor, size=50).items) == 50
    nodes = scans(plan_of(seen))
    assert any(node.get("Index Name", "").startswith("idx_track_") for node in nodes), nodes
    assert rows_read(nodes) <= TRACKS_MADE // 10


@pytest.mark.parametrize(
    "asked", [{"bpm": "118-126"}, {"compatible": "8A"}, {"bpm": "118-126", "camelot": "8A", "energy": "0.5"}], ids=str
)
def test_a_list_is_narrowed_by_an_index(asked: dict[str, str], large: None, db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert track_page(asked=asked, sort="bpm", cursor=None, size=50).items
    assert rows_read(scans(plan_of(seen))) <= TRACKS_MADE // 5


def test_the_next_tracks_are_found_without_reading_all_features(large: None, db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        assert len(next_tracks(AnalyzeParams(what="missing"), 12)) == 12
    assert len(seen) <= 3
