"""The library's pieces of Home: what came in last, and genres to wander in."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from core.panels import Panel
from library.selectors.counts import library_counts
from library.selectors.pages import largest_genres, newest_albums
from library.selectors.pictures import give_covers, give_strata


def _newest(request: HttpRequest, _subject: Any) -> Mapping[str, Any] | None:
    albums = newest_albums()
    if not albums:
        return None
    give_covers("albums", albums)
    return {"albums": albums, "count": library_counts()["albums"]}


def _genres(request: HttpRequest, _subject: Any) -> Mapping[str, Any] | None:
    genres = largest_genres()
    if len(genres) < 2:
        return None
    give_strata(genres)
    return {"genres": genres, "count": library_counts()["genres"]}


PANELS = (
    Panel("library.newest", "home", "library/_home_newest.html", _newest, order=40),
    Panel("library.genres", "home", "library/_home_genres.html", _genres, order=60),
)
