"""The library itself: artists, albums, tracks and genres, as covers or as a table, narrowed and sorted."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from core.pagination import keyset_page
from library.selectors import pages
from library.selectors.stand_in import album_list, artist_list, covers_of, genre_list, library_counts, track_list
from library.views.listing import COOKIE_AGE_S, VIEW_COOKIE, Listing, Order, chips, listing_of

PAGE = 48
ROWS = 60

ARTIST_ORDERS = (
    Order("name", _("Name, A to Z"), ("sort_name", "id"), by_letter="sort_name"),
    Order("added", _("Newest in the library"), ("-date_added", "-id")),
)
ALBUM_ORDERS = (
    Order("artist", _("Artist, A to Z"), ("album_artist__sort_name", "year", "sort_title", "id"), by_letter="album_artist__sort_name"),
    Order("title", _("Title, A to Z"), ("sort_title", "id"), by_letter="sort_title"),
    Order("added", _("Newest in the library"), ("-date_added", "-id")),
    Order("year", _("Year, latest first"), ("-year", "-id")),
    Order("oldest", _("Year, earliest first"), ("year", "id")),
)
TRACK_ORDERS = (
    Order("title", _("Title, A to Z"), ("sort_title", "id"), by_letter="sort_title"),
    Order("added", _("Newest in the library"), ("-date_added", "-id")),
    Order("year", _("Year, latest first"), ("-year_number", "-id")),
)
GENRE_ORDERS = (Order("name", _("Name, A to Z"), ("name_key", "id"), by_letter="name_key"),)


@require_safe
def artists(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, ARTIST_ORDERS)
    rows = artist_list(asked=listing.asked, sort=listing.sort)
    return _answer(request, "artists", listing, rows, size=PAGE)


@require_safe
def albums(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, ALBUM_ORDERS)
    rows = album_list(asked=listing.asked, sort=listing.sort)
    return _answer(request, "albums", listing, rows, size=PAGE)


@require_safe
def tracks(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, TRACK_ORDERS)
    rows = pages.with_credits(track_list(asked=listing.asked, sort=listing.sort))
    return _answer(request, "tracks", listing, rows, size=ROWS)


@require_safe
def genres(request: HttpRequest) -> HttpResponse:
    listing = listing_of(request, GENRE_ORDERS)
    return _answer(request, "genres", listing, genre_list(asked=listing.asked, sort=listing.sort), size=PAGE)


def _answer(request: HttpRequest, tab: str, listing: Listing, rows: QuerySet[Any], *, size: int) -> HttpResponse:
    """The page, or for a list that grows the next rows alone."""
    if listing.begin:
        rows = rows.filter(**{f"{listing.order.by_letter}__gte": listing.begin})
    page = keyset_page(rows, order=listing.order.columns, cursor=listing.cursor, size=size)
    give_covers(tab, page.items)
    context = {"tab": tab, "listing": listing, "items": page.items, "next": listing.next_url(page.next_cursor)}
    if request.headers.get("HX-Target") == "more":
        return render(request, f"library/_{tab}_rows.html", context)
    context |= {"counts": library_counts(), "chips": chips(listing, {}, {})}
    return _remembered(request, listing, render(request, f"library/{tab}.html", context))


def give_covers(tab: str, rows: Sequence[Any]) -> None:
    """Each row gets the picture that it shows; a track shows its album's."""
    if tab == "genres":
        return
    entity, keys = ("artist", [row.pk for row in rows]) if tab == "artists" else ("album", _album_ids(tab, rows))
    found = covers_of(entity, list(dict.fromkeys(keys)))
    for row, key in zip(rows, keys, strict=True):
        row.cover = found.get(key)


def _album_ids(tab: str, rows: Sequence[Any]) -> list[int]:
    return [row.pk if tab == "albums" else row.album_id or 0 for row in rows]


def _remembered(request: HttpRequest, listing: Listing, response: HttpResponse) -> HttpResponse:
    """Covers or a table is a habit of this browser."""
    if request.GET.get("view") and request.COOKIES.get(VIEW_COOKIE) != listing.view:
        response.set_cookie(VIEW_COOKIE, listing.view, max_age=COOKIE_AGE_S, samesite="Lax", httponly=True)
    return response
