"""Tracks: lists, one by its number, pages."""

from collections.abc import Mapping

from django.db.models import QuerySet

from core.errors import NotFound
from core.pagination import KeysetPage, in_order, keyset_page
from library.filters import TRACKS
from library.models import Track
from library.selectors.rows import named_artists


def track_rows() -> QuerySet[Track]:
    """With `album`, `track_artist`, and those who are named as artists, in order, as `named_artists`."""
    return Track.objects.select_related("album__album_artist", "track_artist").prefetch_related(named_artists())


def track_list(*, asked: Mapping[str, str], sort: str = "") -> QuerySet[Track]:
    rows = TRACKS.joined(TRACKS.narrowed(track_rows(), asked), sort)
    return in_order(rows, TRACKS.sort_named(sort).order)


def track_page(*, asked: Mapping[str, str], sort: str, cursor: str | None, size: int) -> KeysetPage[Track]:
    rows = track_list(asked=asked, sort=sort)
    return keyset_page(rows, order=TRACKS.sort_named(sort).order, cursor=cursor, size=size)


def track_by_id(track_id: int) -> Track:
    found = track_rows().filter(pk=track_id).first()
    if found is None:
        raise NotFound("There is no such track.")
    return found
