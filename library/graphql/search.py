"""GraphQL of search: the same groups and facets as REST."""

from typing import TypeVar

import strawberry
from pydantic import BaseModel, ValidationError
from strawberry.types import Info

from core.errors import InvalidInput
from core.graphql import identity_in
from library.schemas.search import SearchFilters
from library.selectors.search import results
from library.selectors.search.suggestions import suggest

Made = TypeVar("Made")


def _made(kind: type[Made], rows: list[BaseModel]) -> list[Made]:
    return [kind(**row.model_dump()) for row in rows]


@strawberry.type
class FoundArtist:
    id: int
    name: str
    albums: int
    tracks: int
    cover: str | None


@strawberry.type
class FoundAlbum:
    id: int
    title: str
    artist_id: int
    artist: str
    year: int | None
    support: str
    tracks: int
    cover: str | None


@strawberry.type
class FoundTrack:
    id: int
    title: str
    artist_id: int
    artist: str
    album_id: int | None
    album: str | None
    year: int | None
    duration_ms: int | None
    available: bool
    cover: str | None
    found_in: list[str]


@strawberry.type
class FoundGenre:
    id: int
    name: str
    tracks: int


@strawberry.type
class FacetCount:
    facet: str
    key: str
    label: str
    count: int


@strawberry.type
class SearchResults:
    """What has these words, the nearest first."""

    query: str
    meant: str | None
    loosely: bool
    more: bool
    artists: list[FoundArtist]
    albums: list[FoundAlbum]
    tracks: list[FoundTrack]
    genres: list[FoundGenre]
    facets: list[FacetCount]


@strawberry.type(name="Suggestion")
class SuggestionType:
    kind: str
    id: int
    text: str
    detail: str
    cover: str | None


@strawberry.type
class SearchQuery:
    @strawberry.field
    def search(
        self,
        info: Info,
        query: str,
        artist: int | None = None,
        genre: int | None = None,
        decade: int | None = None,
        support: str | None = None,
        size: int = 20,
    ) -> SearchResults:
        """Artists, albums, tracks and genres; accents, case, unfinished words and one slip in a word are forgiven."""
        identity_in(info).require("read")
        if not 1 <= size <= results.MOST:
            raise InvalidInput(f"A group holds 1 to {results.MOST} items.", field="size")
        found = results.search(query, _filters(artist=artist, genre=genre, decade=decade, support=support), size)
        facets = [(name, value) for name, values in found.facets for value in values]
        return SearchResults(
            query=found.query,
            meant=found.meant,
            loosely=found.loosely,
            more=found.more,
            artists=_made(FoundArtist, list(found.artists.items)),
            albums=_made(FoundAlbum, list(found.albums.items)),
            tracks=_made(FoundTrack, list(found.tracks.items)),
            genres=_made(FoundGenre, list(found.genres.items)),
            facets=[FacetCount(facet=name, **value.model_dump()) for name, value in facets],
        )

    @strawberry.field
    def suggest(self, info: Info, query: str) -> list[SuggestionType]:
        """What to offer below a field while somebody types."""
        identity_in(info).require("read")
        return _made(SuggestionType, list(suggest(query).items))


def _filters(**given: object) -> SearchFilters:
    """By the same rules as REST."""
    try:
        return SearchFilters.model_validate(given)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise InvalidInput(wrong["msg"], field=".".join(str(part) for part in wrong["loc"])) from None
