"""Albums: lists, one by its number, pages."""

from collections.abc import Mapping

from django.db.models import QuerySet

from core.errors import NotFound
from core.pagination import KeysetPage, in_order, keyset_page
from library.filters import ALBUMS
from library.models import Album, Track
from library.selectors.rows import album_artists, counted, summed


def album_rows() -> QuerySet[Album]:
    """With `album_artist`, `album_artists` in order, `track_count` and `total_ms`."""
    return (
        Album.objects.select_related("album_artist")
        .prefetch_related(album_artists())
        .annotate(
            track_count=counted(Track.objects.all(), "album"),
            total_ms=summed(Track.objects.all(), "album", "duration_ms"),
        )
    )


def album_list(*, asked: Mapping[str, str], sort: str = "") -> QuerySet[Album]:
    return in_order(ALBUMS.narrowed(album_rows(), asked), ALBUMS.sort_named(sort).order)


def album_page(*, asked: Mapping[str, str], sort: str, cursor: str | None, size: int) -> KeysetPage[Album]:
    rows = album_list(asked=asked, sort=sort)
    return keyset_page(rows, order=ALBUMS.sort_named(sort).order, cursor=cursor, size=size)


def album_by_id(album_id: int) -> Album:
    found = album_rows().filter(pk=album_id).first()
    if found is None:
        raise NotFound("There is no such album.")
    return found
