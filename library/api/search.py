"""REST of search: groups with facets, further pages of one group, what is offered while typing, and version 1."""

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from core.api import FAULTS
from core.doors import Needs
from library.schemas.search import (
    AlbumHits,
    ArtistHits,
    GenreHits,
    Group,
    SearchFilters,
    SearchOut,
    SearchV1Out,
    SuggestOut,
    TrackHits,
)
from library.selectors.search import results
from library.selectors.search.suggestions import suggest as suggestions

search = Router(tags=["search"])
search_v1 = Router(tags=["version 1"])
Size = Annotated[int, Field(ge=1, le=results.MOST)]


@search.get("", response={200: SearchOut, **FAULTS}, auth=Needs("read"))
def search_library(request: HttpRequest, filters: Query[SearchFilters], q: str = "", size: Size = 20) -> SearchOut:
    """Artists, albums, tracks and genres that have these words, the nearest first; accents and case do not matter, the
    last word may be unfinished, one slip in a word is forgiven. "A phrase" in quotes, -word without it."""
    return results.search(q, filters, size)


@search.get("/suggest", response={200: SuggestOut, **FAULTS}, auth=Needs("read"))
def suggest(request: HttpRequest, q: str = "") -> SuggestOut:
    """What to offer below a field while somebody types."""
    return suggestions(q)


@search.get("/{group}", response={200: ArtistHits | AlbumHits | TrackHits | GenreHits, **FAULTS}, auth=Needs("read"))
def search_group(
    request: HttpRequest,
    group: Group,
    filters: Query[SearchFilters],
    q: str = "",
    cursor: str | None = None,
    size: Size = 20,
) -> ArtistHits | AlbumHits | TrackHits | GenreHits:
    """More of one group; it ends with the 300th track, or the 100th of the others."""
    return results.search_group(q, group, filters, cursor, size)


@search_v1.get("", response={200: SearchV1Out, **FAULTS}, auth=Needs("read"))
def search_v1_library(
    request: HttpRequest,
    q: str = "",
    type: Literal["all", "artists", "albums", "tracks"] = "all",
    page: Annotated[int, Field(ge=1, le=1000)] = 1,
    page_size: Size = 30,
) -> SearchV1Out:
    """The same, in pages by their number."""
    return results.search_v1(q, type, page, page_size)
