"""What lists of tracks can be narrowed by: the values on offer, and how one that is on is said."""

from collections.abc import Callable

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from analysis.filters import reach
from library.selectors.offers import Offer


def _yes() -> Offer:
    return [("1", "")]


def _ratings() -> Offer:
    return [(f"{least}-", _stars(f"{least}-")) for least in (10, 8, 6, 4)]


def _stars(text: str) -> str:
    """From so many on, of five."""
    try:
        least, most = reach(text)
    except ValueError:
        return text
    first = "" if least is None else _shown(least)
    if most is None or least == most:
        return f"{first}{'' if least == 10 else '+'}"
    return f"{first or _shown(1)}–{_shown(most)}"


def _shown(rating: float) -> str:
    return "★" * (int(rating) // 2) + ("½" if int(rating) % 2 else "")


def _times(text: str) -> str:
    return _("Plays: %(count)s") % {"count": text}


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return _("Played since %(day)s") % {"day": date_format(day, "DATE_FORMAT") if day else text}


def _unloved(text: str) -> str:
    return _("Loved") if text == "1" else _("Not loved")


OFFERS: dict[str, Callable[[], Offer]] = {"loved": _yes, "rating": _ratings, "never_played": _yes}
QUIET = frozenset({"plays", "last_played"})
"""reached from other pages, and shown while they are on"""
WORDS: dict[str, Callable[[str], str]] = {
    "loved": _unloved, "rating": _stars, "plays": _times, "last_played": _day,
}  # fmt: skip
