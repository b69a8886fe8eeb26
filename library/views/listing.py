"""What an address asks of a list: filters, an order, a letter to begin at; and the addresses around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from library.filters import Filter, Registry, Sort
from library.selectors.offers import OFFERS, QUIET, TYPED, WORDS, named

VIEWS = ("covers", "table")
VIEW_COOKIE = "soniquebay_view"


@dataclass(frozen=True)
class Choice:
    """Something that can be chosen from a menu."""

    label: str | Promise
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter as it stands above a list: off, on with what it lets through, or a menu of what it could."""

    name: str
    label: str | Promise
    url: str = ""
    on: bool = False
    choices: list[Choice] = field(default_factory=list)
    is_typed: bool = False
    """anything can be asked for, besides what is on offer"""


@dataclass(frozen=True)
class Listing:
    """One list as it is asked for."""

    path: str
    registry: Registry
    usual: str
    """the name of the sort that an address need not say"""
    asked: Mapping[str, str]
    sort: str
    begin: str
    cursor: str | None
    view: str

    @property
    def order(self) -> Sort:
        return self.registry.sort_named(self.sort)

    @property
    def state(self) -> dict[str, str]:
        return {**self.asked, **({"sort": self.sort} if self.sort != self.usual else {})}

    def url(self, **changes: str | None) -> str:
        """The same list with something else; from its beginning, unless a place is named."""
        kept = {name: value for name, value in {**self.state, **changes}.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def next_url(self, cursor: str | None) -> str:
        return self.url(begin=self.begin, cursor=cursor) if cursor else ""

    @property
    def sorts(self) -> list[Choice]:
        return [
            Choice(sort.label, self.url(sort=sort.name if sort.name != self.usual else None), sort == self.order)
            for sort in self.registry.sorts()
        ]

    @property
    def views(self) -> dict[str, str]:
        return {view: self.url(begin=self.begin, view=view) for view in VIEWS}


def listing_of(request: HttpRequest, registry: Registry, *, usual: str) -> Listing:
    """Reads an address; a name that we do not know is left alone, so that old links go on working."""
    filters = {entry.name for entry in registry.filters()}
    sorts = {entry.name for entry in registry.sorts()}
    sort, begin = request.GET.get("sort", ""), request.GET.get("begin", "").casefold()
    view = request.GET.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return Listing(
        path=request.path,
        registry=registry,
        usual=usual,
        asked={name: value for name in request.GET if name in filters and (value := request.GET.get(name, ""))},
        sort=sort if sort in sorts else usual,
        begin=begin if len(begin) == 1 and "a" <= begin <= "z" else "",
        cursor=request.GET.get("cursor") or None,
        view=view if view in VIEWS else VIEWS[0],
    )


# These narrow a list from elsewhere (an artist's page, the rail of letters): they are shown while they are on.
FROM_ELSEWHERE = {
    "artist", "contributor", "album", "root", "role", "year", "added_since", "soundtrack", "letter", "artist_letter",
}  # fmt: skip


def chips_of(listing: Listing) -> list[Chip]:
    """What is on, what can be switched on, and what apps above have added, in this order."""
    known = list(OFFERS)
    entries = sorted(
        listing.registry.filters(), key=lambda entry: known.index(entry.name) if entry.name in known else len(known)
    )
    on = [_on(listing, entry) for entry in entries if entry.name in listing.asked]
    off = [_off(listing, entry) for entry in entries if entry.name not in {*listing.asked, *FROM_ELSEWHERE, *QUIET}]
    if listing.begin:
        begins = _("From %(letter)s") % {"letter": listing.begin.upper()}
        on.append(Chip("begin", begins, listing.url(), on=True))
    return on + [chip for chip in off if chip]


def _on(listing: Listing, entry: Filter) -> Chip:
    value = listing.asked[entry.name]
    offered = dict(OFFERS[entry.name]()) if entry.name in OFFERS else {}
    said = named(entry.name, value) or offered.get(value)
    if said is None:
        said = WORDS[entry.name](value) if entry.name in WORDS else f"{entry.label}: {value}"
    return Chip(entry.name, said or entry.label, listing.url(**{entry.name: None}), on=True)


def _off(listing: Listing, entry: Filter) -> Chip | None:
    if entry.name not in OFFERS:
        return Chip(entry.name, entry.label, is_typed=True)
    offered = OFFERS[entry.name]()
    if not offered:
        return None
    choices = [Choice(label, listing.url(**{entry.name: value})) for value, label in offered]
    if len(choices) == 1 and not choices[0].label:
        return Chip(entry.name, entry.label, choices[0].url)
    return Chip(entry.name, entry.label, choices=choices, is_typed=entry.name in TYPED)
