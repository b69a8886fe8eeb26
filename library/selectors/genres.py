"""Genres: lists, one by its number, pages."""

from collections.abc import Mapping

from django.db.models import QuerySet

from core.errors import NotFound
from core.pagination import KeysetPage, in_order, keyset_page
from library.filters import GENRES
from library.models import Album, Genre, Track
from library.selectors.rows import counted


def genre_rows() -> QuerySet[Genre]:
    """With `album_count` and `track_count`."""
    return Genre.objects.annotate(
        album_count=counted(Album.genres.through.objects.all(), "genre"),
        track_count=counted(Track.genres.through.objects.all(), "genre"),
    )


def genre_list(*, asked: Mapping[str, str], sort: str = "") -> QuerySet[Genre]:
    return in_order(GENRES.narrowed(genre_rows(), asked), GENRES.sort_named(sort).order)


def genre_page(*, asked: Mapping[str, str], sort: str, cursor: str | None, size: int) -> KeysetPage[Genre]:
    rows = genre_list(asked=asked, sort=sort)
    return keyset_page(rows, order=GENRES.sort_named(sort).order, cursor=cursor, size=size)


def genre_by_id(genre_id: int) -> Genre:
    found = genre_rows().filter(pk=genre_id).first()
    if found is None:
        raise NotFound("There is no such genre.")
    return found
