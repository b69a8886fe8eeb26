"""Which tracks are meant by an album, an artist, a genre: those that can be played, in the order of their page."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from core.errors import Conflict, InvalidInput, NotFound
from library.models import Album, Artist, Genre, Track, TrackArtist
from library.selectors.pages import IN_ORDER
from player.schemas.queue import MOST_AT_ONCE, From

Origin = dict[str, Any]
Found = tuple[str, "QuerySet[Track]"]
BY_ALBUM = ("album__year", "album__sort_title", "album_id", *IN_ORDER)


def _album(number: int) -> Found:
    title = _named(Album.objects.filter(pk=number).values_list("title", flat=True), "album")
    return title, Track.objects.filter(album=number).order_by(*IN_ORDER)


def _artist(number: int) -> Found:
    """What bears this name, and what it has a part in as an artist."""
    name = _named(Artist.objects.filter(pk=number).values_list("name", flat=True), "artist")
    parts = TrackArtist.objects.filter(artist=number, role=TrackArtist.Role.ARTIST).values("track")
    return name, Track.objects.filter(Q(track_artist=number) | Q(pk__in=parts)).order_by(*BY_ALBUM)


def _genre(number: int) -> Found:
    name = _named(Genre.objects.filter(pk=number).values_list("name", flat=True), "genre")
    through = Track.genres.through.objects.filter(genre=number).values("track")
    return name, Track.objects.filter(pk__in=through).order_by("track_artist__sort_name", *BY_ALBUM)


def _track(number: int) -> Found:
    title = _named(Track.objects.filter(pk=number).values_list("title", flat=True), "track")
    return title, Track.objects.filter(pk=number)


def _named(names: "QuerySet[Any, str]", what: str) -> str:
    name = names.first()
    if name is None:
        raise NotFound(f"There is no such {what}.")
    return name


SOURCES: dict[str, Callable[[int], Found]] = {"album": _album, "artist": _artist, "genre": _genre, "track": _track}


def tracks_meant(source: From) -> tuple[Sequence[int], Origin]:
    """Their numbers, and what they come from."""
    if source.kind not in SOURCES:
        raise InvalidInput(f"Nothing can be played from a {source.kind} yet.", field="from")
    label, rows = SOURCES[source.kind](source.id)
    if source.kind != "track":
        rows = rows.filter(available=True)
    tracks = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if not tracks:
        raise Conflict(f"Nothing of “{label}” is there to be played.", hint="Its files are missing, or it has none.")
    url = reverse(source.kind, args=[source.id])
    return tracks, {"kind": source.kind, "id": source.id, "label": label, "url": url}
