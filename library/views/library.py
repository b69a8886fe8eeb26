"""The library itself: artists, albums, tracks and genres, as covers or as a table, narrowed and sorted."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.pagination import keyset_page
from library.filters import ALBUMS, ARTISTS, GENRES, TRACKS
from library.jobs import DEMO_LIBRARY
from library.selectors.albums import album_list
from library.selectors.artists import artist_list
from library.selectors.counts import COLUMNS, Kind, Way, letters, library_counts
from library.selectors.genres import genre_list
from library.selectors.pages import summary_of
from library.selectors.pictures import give_covers
from library.selectors.tracks import track_list
from library.views.listing import VIEW_COOKIE, Choice, Listing, chips_of, listing_of

COVERS = 48
ROWS = 80
COOKIE_AGE_S = 60 * 60 * 24 * 365


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    return redirect("library_albums")


@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, ARTISTS, usual="name")
    return _answer(request, "artists", listing, artist_list(asked=listing.asked, sort=listing.sort))


@require_safe
def albums(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, ALBUMS, usual="artist")
    return _answer(request, "albums", listing, album_list(asked=listing.asked, sort=listing.sort))


@require_safe
def tracks(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, TRACKS, usual="title")
    return _answer(request, "tracks", listing, track_list(asked=listing.asked, sort=listing.sort))


@require_safe
def genres(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, GENRES, usual="name")
    return _answer(request, "genres", listing, genre_list(asked=listing.asked, sort=listing.sort))


def _answer(request: HttpRequest, kind: Kind, listing: Listing, rows: QuerySet[Any]) -> HttpResponse:
    """The page; for a list that grows under the hand, its next rows alone."""
    way = WAYS.get(listing.sort)
    if listing.begin and way:
        rows = rows.filter(**{f"{COLUMNS[kind, way]}__gte": listing.begin})
    size = ROWS if kind == "tracks" or listing.view == "table" else COVERS
    page = keyset_page(rows, order=listing.order.order, cursor=listing.cursor, size=size)
    give_covers(kind, page.items)
    following = listing.next_url(page.next_cursor)
    context: dict[str, Any] = {"kind": kind, "listing": listing, "items": page.items, "next": following}
    if request.headers.get("HX-Target") == "more":
        return render(request, f"library/_{kind}_rows.html", context)
    context |= {
        "tabs": _tabs(),
        "chips": chips_of(listing),
        "summary": summary_of(kind, listing.asked),
        "demo_kind": DEMO_LIBRARY.name,
        "letters": _letters(kind, way, listing) if way else [],
    }
    return _remember(request, listing, render(request, f"library/{kind}.html", context))


def _tabs() -> list[tuple[str, str, str, int]]:
    """Name, address, label and count of each list."""
    labels = {"artists": _("Artists"), "albums": _("Albums"), "tracks": _("Tracks"), "genres": _("Genres")}
    counts = library_counts()
    return [(name, reverse(f"library_{name}"), label, counts[name]) for name, label in labels.items()]


# The sorts along which a list can be entered at a letter.
WAYS: dict[str, Way] = {"name": "name", "title": "name", "artist": "artist"}


def _letters(kind: Kind, way: Way, listing: Listing) -> list[Choice]:
    """Where the list can be entered; a letter with nothing under it has no address."""
    there = set(letters(of=kind, by=way))
    every = [*"abcdefghijklmnopqrstuvwxyz"]
    return [
        Choice(letter.upper(), listing.url(begin=letter) if letter in there else "", letter == listing.begin)
        for letter in every
    ] + ([Choice("#", listing.url(**{_letter_filter(kind, way): "#"}))] if "#" in there else [])


def _letter_filter(kind: Kind, way: Way) -> str:
    return "artist_letter" if way == "artist" and kind in {"albums", "tracks"} else "letter"


def _remember(request: HttpRequest, listing: Listing, response: HttpResponse) -> HttpResponse:
    """Covers or a table is a habit of this browser."""
    if request.GET.get("view") and request.COOKIES.get(VIEW_COOKIE) != listing.view:
        response.set_cookie(VIEW_COOKIE, listing.view, max_age=COOKIE_AGE_S, samesite="Lax", httponly=True)
    return response
