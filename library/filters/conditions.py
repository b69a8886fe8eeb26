"""Conditions that several lists share, written so that an index can answer them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from core.errors import InvalidInput
from library.engine.names import genre_key
from library.filters.values import LOSSLESS, OTHER_LETTERS, Years
from library.models import Album, AlbumArtist, Genre, Track, TrackArtist


def begins_with(column: str, letter: str) -> Q:
    """Columns that are sorted by are folded: their letters are a to z, whatever stands before or behind is other."""
    if letter == OTHER_LETTERS:
        return Q(**{f"{column}__lt": "a"}) | Q(**{f"{column}__gte": "{"})
    return Q(**{f"{column}__gte": letter, f"{column}__lt": chr(ord(letter) + 1)})


def within(column: str, span: Years) -> Q:
    return Q(**{f"{column}__range": (span.first, span.last)})


def genres_meant(text: str) -> "QuerySet[Genre, Any]":
    """By its number or by its name, however that is written."""
    meant = Q(name_key=genre_key(text))
    if text.isascii() and text.isdigit() and len(text) < 19:
        meant |= Q(pk=int(text))
    return Genre.objects.filter(meant).order_by().values("pk")


def tracks_of_artist(artist_id: int) -> "QuerySet[Track, int]":
    """Two short look-ups joined: as one condition they would mean reading every track."""
    first = Track.objects.filter(track_artist=artist_id).order_by().values_list("pk", flat=True)
    credited = TrackArtist.objects.filter(artist=artist_id, role=TrackArtist.Role.ARTIST).order_by()
    return first.union(credited.values_list("track_id", flat=True))


def albums_of_artist(artist_id: int) -> "QuerySet[Album, int]":
    first = Album.objects.filter(album_artist=artist_id).order_by().values_list("pk", flat=True)
    credited = AlbumArtist.objects.filter(artist=artist_id).order_by().values_list("album_id", flat=True)
    return first.union(credited)


def is_lossless(path: str, wanted: bool) -> Q:
    found = Q(**{f"{path}__in": sorted(LOSSLESS)})
    return found if wanted else ~found & Q(**{f"{path}__isnull": False})


def support(text: str) -> list[str]:
    """Vinyl, CD …, in any case, several with commas; the French of the older documents too."""
    known = {value.lower(): value for value in Album.Support.values} | {"vinyle": Album.Support.VINYL.value}
    asked: Iterable[str] = (part.strip().lower() for part in text.split(",") if part.strip())
    try:
        found = [known[part] for part in asked]
    except KeyError:
        raise InvalidInput("There is no such support.", hint=f"Known: {', '.join(Album.Support.values)}.") from None
    if not found:
        raise ValueError
    return found
