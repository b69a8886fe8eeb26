"""What an address asks of a list: filters, an order, a place to begin, covers or a table; and the addresses around it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise

from library.filters import TrackFilter, track_filters

VIEW_COOKIE = "soniquebay_view"
VIEWS = ("covers", "table")
COOKIE_AGE_S = 60 * 60 * 24 * 365
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Order:
    """One order of a list; `by_letter` is the column along which the rail of letters runs."""

    name: str
    label: str | Promise
    columns: tuple[str, ...]
    by_letter: str = ""


@dataclass(frozen=True)
class Choice:
    label: str | Promise
    url: str
    chosen: bool = False


@dataclass(frozen=True)
class Chip:
    """A filter as it stands above a list: off, on with what it lets through, or a menu of what it could."""

    name: str
    label: str | Promise
    url: str
    on: bool = False
    choices: list[Choice] = field(default_factory=list)
    asks: bool = False
    """nothing to choose from: the value is written"""


@dataclass(frozen=True)
class Listing:
    """One list as it is asked for."""

    path: str
    orders: Sequence[Order]
    asked: Mapping[str, str]
    sort: str
    begin: str
    cursor: str | None
    view: str

    @property
    def order(self) -> Order:
        return next((order for order in self.orders if order.name == self.sort), self.orders[0])

    def url(self, **changes: str | None) -> str:
        """The same list with something else; the beginning of it, unless a place is named."""
        usual = self.orders[0].name
        state: dict[str, str | None] = {**self.asked, "sort": self.sort if self.sort != usual else None, **changes}
        kept = {name: value for name, value in state.items() if value}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path

    def next_url(self, cursor: str | None) -> str:
        return self.url(begin=self.begin, cursor=cursor) if cursor else ""

    @property
    def sorts(self) -> list[Choice]:
        return [Choice(order.label, self.url(sort=order.name), order == self.order) for order in self.orders]

    @property
    def letters(self) -> list[Choice]:
        """Where the list can be entered; one may stand for more than one row or for none."""
        if not self.order.by_letter:
            return []
        return [Choice(letter.upper(), self.url(begin=letter), letter == self.begin) for letter in LETTERS]


def listing_of(request: HttpRequest, orders: Sequence[Order]) -> Listing:
    """Reads an address; what it names and we do not know is left alone, so that old links go on working."""
    known = {entry.name for entry in track_filters()}
    asked = {name: value for name, value in request.GET.items() if name in known and value}
    sort = request.GET.get("sort", "")
    begin = request.GET.get("begin", "")[:1].casefold()
    view = request.GET.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return Listing(
        path=request.path,
        orders=orders,
        asked=asked,
        sort=sort if any(order.name == sort for order in orders) else orders[0].name,
        begin=begin if begin in LETTERS else "",
        cursor=request.GET.get("cursor") or None,
        view=view if view in VIEWS else VIEWS[0],
    )


Offers = Mapping[str, Callable[[], Sequence[tuple[str, str | Promise]]]]


def chips(listing: Listing, offers: Offers, named: Mapping[str, str]) -> list[Chip]:
    """Those that are on first; filters of apps above come by themselves, and ask for what they cannot offer."""
    entries = sorted(track_filters(), key=lambda entry: (entry.name not in offers, list(offers).index(entry.name) if entry.name in offers else 0))
    shown = [entry for entry in entries if entry.name not in HIDDEN or entry.name in listing.asked]
    made = [_chip(listing, entry, offers, named) for entry in shown]
    return sorted(made, key=lambda chip: not chip.on)


# These narrow a list from elsewhere: from an artist's page, or from the rail of letters.
HIDDEN = {"artist", "album", "letter"}


def _chip(listing: Listing, entry: TrackFilter, offers: Offers, named: Mapping[str, str]) -> Chip:
    value = listing.asked.get(entry.name)
    offered = offers[entry.name]() if entry.name in offers else []
    if value is not None:
        label = named.get(entry.name) or next((words for given, words in offered if given == value), None)
        said = label or (entry.label if len(offered) == 1 else f"{entry.label}: {value}")
        return Chip(entry.name, said, listing.url(**{entry.name: None}), on=True)
    if len(offered) == 1:
        return Chip(entry.name, entry.label, listing.url(**{entry.name: offered[0][0]}))
    choices = [Choice(words, listing.url(**{entry.name: given})) for given, words in offered]
    return Chip(entry.name, entry.label, "", choices=choices, asks=not choices)

