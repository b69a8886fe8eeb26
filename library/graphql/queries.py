"""GraphQL's questions to the library: one by its number, lists by filter and sort, counts."""

from collections.abc import Mapping
from typing import Any

import strawberry
from django.db.models import QuerySet
from strawberry.scalars import JSON
from strawberry.types import Info

from core.errors import InvalidInput, NotFound
from core.graphql import identity_in
from core.pagination import keyset_page
from library import models
from library.filters import ALBUMS, ARTISTS, GENRES, TRACKS, Registry
from library.graphql.peers import together
from library.graphql.types import Album, Artist, BigInt, Cover, Genre, Track
from library.selectors.counts import Kind, library_counts, total_of
from library.selectors.covers import image_by_digest


@strawberry.type
class Page:
    """Where the next page begins, and how many there are in all (counted only when it is asked for)."""

    next_cursor: str | None
    kind: strawberry.Private[Kind]
    asked: strawberry.Private[Mapping[str, str]]

    @strawberry.field
    def total(self) -> int:
        return total_of(self.kind, self.asked)


@strawberry.type
class ArtistConnection(Page):
    items: list[Artist]


@strawberry.type
class AlbumConnection(Page):
    items: list[Album]


@strawberry.type
class TrackConnection(Page):
    items: list[Track]


@strawberry.type
class GenreConnection(Page):
    items: list[Genre]


@strawberry.type
class LibraryCounts:
    artists: int
    albums: int
    tracks: int
    genres: int
    available: int
    missing: int
    duration_ms: BigInt
    size: BigInt


def filters_in(where: object) -> dict[str, str]:
    """{genre: "Jazz", decade: 1990, lossless: true} as the texts of an address."""
    if where is None:
        return {}
    if not isinstance(where, dict):
        raise InvalidInput('Filters are written {name: value}, such as {genre: "Jazz"}.', field="where")
    return {str(name): _text(value) for name, value in where.items() if value is not None}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InvalidInput("A filter has one value.", field="where")


@strawberry.type
class LibraryQuery:
    @strawberry.field
    def artist(self, info: Info, id: int) -> Artist:
        return _one(info, models.Artist.objects.all(), id, "artist")

    @strawberry.field
    def album(self, info: Info, id: int) -> Album:
        return _one(info, models.Album.objects.all(), id, "album")

    @strawberry.field
    def track(self, info: Info, id: int) -> Track:
        return _one(info, models.Track.objects.all(), id, "track")

    @strawberry.field
    def genre(self, info: Info, id: int) -> Genre:
        return _one(info, models.Genre.objects.all(), id, "genre")

    @strawberry.field
    def cover(self, info: Info, digest: str) -> Cover:
        identity_in(info).require("read")
        return image_by_digest(digest.replace("\x00", ""))  # type: ignore[return-value]

    @strawberry.field
    def artists(
        self, info: Info, where: JSON | None = None, sort: str = "", cursor: str | None = None, size: int = 50
    ) -> ArtistConnection:
        return _page(info, ArtistConnection, "artists", models.Artist.objects.all(), ARTISTS, where, sort, cursor, size)

    @strawberry.field
    def albums(
        self, info: Info, where: JSON | None = None, sort: str = "", cursor: str | None = None, size: int = 50
    ) -> AlbumConnection:
        return _page(info, AlbumConnection, "albums", models.Album.objects.all(), ALBUMS, where, sort, cursor, size)

    @strawberry.field
    def tracks(
        self, info: Info, where: JSON | None = None, sort: str = "", cursor: str | None = None, size: int = 50
    ) -> TrackConnection:
        return _page(info, TrackConnection, "tracks", models.Track.objects.all(), TRACKS, where, sort, cursor, size)

    @strawberry.field
    def genres(
        self, info: Info, where: JSON | None = None, sort: str = "", cursor: str | None = None, size: int = 50
    ) -> GenreConnection:
        return _page(info, GenreConnection, "genres", models.Genre.objects.all(), GENRES, where, sort, cursor, size)

    @strawberry.field
    def library_counts(self, info: Info) -> LibraryCounts:
        identity_in(info).require("read")
        counts: dict[str, Any] = library_counts()
        return LibraryCounts(**counts)


def _one(info: Info, rows: QuerySet[Any], number: int, what: str) -> Any:
    identity_in(info).require("read")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(f"There is no such {what}.")
    return found


def _page(
    info: Info,
    answer: Any,
    kind: Kind,
    rows: QuerySet[Any],
    registry: Registry,
    where: object,
    sort: str,
    cursor: str | None,
    size: int,
) -> Any:
    identity_in(info).require("read")
    asked = filters_in(where)
    order = registry.sort_named(sort).order
    page = keyset_page(registry.joined(registry.narrowed(rows, asked), sort), order=order, cursor=cursor, size=size)
    return answer(items=together(page.items), next_cursor=page.next_cursor, kind=kind, asked=asked)
