"""Artists: lists, one by its number, pages."""

from collections.abc import Mapping

from django.db.models import QuerySet

from core.errors import NotFound
from core.pagination import KeysetPage, in_order, keyset_page
from library.filters import ARTISTS
from library.models import Album, Artist, Track
from library.selectors.rows import counted


def artist_rows() -> QuerySet[Artist]:
    """With `album_count` and `track_count`: what bears their name first."""
    return Artist.objects.annotate(
        album_count=counted(Album.objects.all(), "album_artist"),
        track_count=counted(Track.objects.all(), "track_artist"),
    )


def artist_list(*, asked: Mapping[str, str], sort: str = "") -> QuerySet[Artist]:
    return in_order(ARTISTS.narrowed(artist_rows(), asked), ARTISTS.sort_named(sort).order)


def artist_page(*, asked: Mapping[str, str], sort: str, cursor: str | None, size: int) -> KeysetPage[Artist]:
    rows = artist_list(asked=asked, sort=sort)
    return keyset_page(rows, order=ARTISTS.sort_named(sort).order, cursor=cursor, size=size)


def artist_by_id(artist_id: int) -> Artist:
    found = artist_rows().filter(pk=artist_id).first()
    if found is None:
        raise NotFound("There is no such artist.")
    return found
