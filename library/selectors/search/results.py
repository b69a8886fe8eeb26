"""Search: groups of what was found, from the ranking that is kept in the cache, and their further pages."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from django.utils.translation import gettext as _

from core.cache import cached
from core.errors import InvalidInput
from library.engine.asked import Asked, understood
from library.schemas.search import (
    AlbumHits,
    ArtistHits,
    Facets,
    GenreHits,
    Group,
    SearchFilters,
    SearchOut,
    SearchV1Out,
    TrackHits,
)
from library.selectors.search.facets import facets_of
from library.selectors.search.hits import album_hits, artist_hits, genre_hits, track_hits
from library.selectors.search.ranking import Ranking, page_of, ranked

CACHE_GROUP = "search"
FIRST_PAGE = 20
V1_GROUPS = ("artists", "albums", "tracks")
Hits = ArtistHits | AlbumHits | TrackHits | GenreHits
MOST = 100


@dataclass
class Found:
    """What is kept for a request: ids and counts; names are read anew each time, so that they are never old."""

    ranking: Ranking
    facets: Facets
    asked: Asked


def search(query: str, filters: SearchFilters | None = None, size: int = FIRST_PAGE) -> SearchOut:
    """The first page of each group, and the facets."""
    asked = understood(query)
    if not asked:
        hint = _("Type a name, a title, or words of a song. Quotes keep words together, a minus leaves them out.")
        return SearchOut(query=asked.text, hint=hint)
    found = _found(asked, filters or SearchFilters())
    ranking = found.ranking
    return SearchOut(
        query=asked.text,
        meant=ranking.meant,
        loosely=ranking.loosely,
        more=ranking.more,
        artists=artists_page(found, 0, size),
        albums=albums_page(found, 0, size),
        tracks=tracks_page(found, 0, size),
        genres=genres_page(found, 0, size),
        facets=found.facets,
        hint="" if ranking.count else _("Nothing in the library has these words. Fewer of them find more."),
    )


def search_group(
    query: str, group: Group, filters: SearchFilters | None = None, cursor: str | None = None, size: int = FIRST_PAGE
) -> Hits:
    """A further page of one group."""
    asked = understood(query)
    start = _start(cursor)
    return PAGES[group](_found(asked, filters or SearchFilters()), start, size)


def search_v1(query: str, kind: str, page: int, page_size: int) -> SearchV1Out:
    """In pages by their number, as version 1 counts."""
    asked = understood(query)
    found = _found(asked, SearchFilters())
    start = (page - 1) * page_size

    def envelope(hits: Hits) -> dict[str, object]:
        pages = ceil(hits.count / page_size)
        return {"items": hits.items, "total": hits.count, "page": page, "page_size": page_size, "pages": pages}

    wanted = V1_GROUPS if kind == "all" else (kind,)
    return SearchV1Out.model_validate(
        {"query": asked.text} | {name: envelope(PAGES[name](found, start, page_size)) for name in wanted}
    )


def _found(asked: Asked, filters: SearchFilters) -> Found:
    if not asked:
        return Found(Ranking(), Facets(), asked)
    said = f"{asked.all_words()}\n{asked.name}\n{filters.model_dump_json()}"
    key = hashlib.blake2b(said.encode(), digest_size=16).hexdigest()
    return cached(CACHE_GROUP, key, lambda: _compute(asked, filters))


def _compute(asked: Asked, filters: SearchFilters) -> Found:
    ranking, answered = ranked(asked, filters)
    return Found(ranking, facets_of(ranking.tracks), answered)


def _start(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 6):
        raise InvalidInput("This cursor is not one of ours.", hint="Begin again without a cursor.", field="cursor")
    return int(cursor)


def artists_page(found: Found, start: int, size: int) -> ArtistHits:
    ids, following = page_of(found.ranking.artists, start, size)
    return ArtistHits(items=artist_hits(ids), count=len(found.ranking.artists), next_cursor=following)


def albums_page(found: Found, start: int, size: int) -> AlbumHits:
    ids, following = page_of(found.ranking.albums, start, size)
    return AlbumHits(items=album_hits(ids), count=len(found.ranking.albums), next_cursor=following)


def tracks_page(found: Found, start: int, size: int) -> TrackHits:
    ids, following = page_of(found.ranking.tracks, start, size)
    return TrackHits(items=track_hits(ids, found.asked), count=len(found.ranking.tracks), next_cursor=following)


def genres_page(found: Found, start: int, size: int) -> GenreHits:
    ids, following = page_of(found.ranking.genres, start, size)
    return GenreHits(items=genre_hits(ids), count=len(found.ranking.genres), next_cursor=following)


PAGES: dict[str, Callable[[Found, int, int], Hits]] = {
    "artists": artists_page,
    "albums": albums_page,
    "tracks": tracks_page,
    "genres": genres_page,
}
