"""What lists of tracks can be narrowed by: the values on offer, and how one that is on is said."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analysis.filters import reach
from analysis.schemas.fields import MOODS
from analysis.selectors.harmony import CAMELOT
from analysis.views.words import decimal, field_name, key_name
from library.selectors.offers import Offer

EN = "–"
NBSP = "\u00a0"


def _tempi() -> Offer:
    named = {"-70": f"< 70{NBSP}BPM", "170-": f"> 170{NBSP}BPM"}
    steps = ((70, 90), (90, 110), (110, 120), (120, 130), (130, 150), (150, 170))
    between = [(f"{least}-{most}", f"{least}{EN}{most}{NBSP}BPM") for least, most in steps]
    return [("-70", named["-70"]), *between, ("170-", named["170-"])]


def _keys() -> Offer:
    return [(place, f"{place} · {key_name(place)}") for place in CAMELOT]


def _compatible() -> Offer:
    return [(place, f"{place} ±1 · {key_name(place)}") for place in CAMELOT]


def _moods() -> Offer:
    return [(mood, field_name(f"mood_{mood}")) for mood in MOODS]


def _energies() -> Offer:
    return [
        ("..0.33", pgettext("energy", "Calm")),
        ("0.33..0.66", pgettext("energy", "In between")),
        ("0.66..", pgettext("energy", "Lively")),
    ]


def _yes() -> Offer:
    return [("1", "")]


OFFERS: dict[str, Callable[[], Offer]] = {
    "bpm": _tempi,
    "camelot": _keys,
    "compatible": _compatible,
    "mood": _moods,
    "energy": _energies,
    "without_features": _yes,
}
TYPED = frozenset({"bpm"})
"""besides what is on offer, anything can be typed"""
QUIET = frozenset({"key", "valence", "danceability", "loudness"})
"""reached from the plots, and shown while they are on"""


def _span(name: str, places: int, unit: str = "") -> Callable[[str], str]:
    """120–125 BPM, from either way of writing it; what cannot be read is refused by the filter itself."""

    def said(text: str) -> str:
        try:
            least, most = reach(text)
        except ValueError:
            return text
        least_said, most_said = ("" if end is None else decimal(end, places) for end in (least, most))
        between = least_said if least == most else f"{least_said}{EN}{most_said}"
        if least is None or most is None:
            between = f"< {most_said}" if least is None else f"> {least_said}"
        return f"{between}{NBSP}{unit}" if unit else f"{field_name(name)} {between}"

    return said


def _together(text: str) -> str:
    return _("Camelot %(key)s ±1") % {"key": text.upper()}


WORDS: dict[str, Callable[[str], str]] = {
    "bpm": _span("bpm", 0, "BPM"),
    "loudness": _span("loudness", 0, "LUFS"),
    "energy": _span("energy", 2),
    "valence": _span("valence", 2),
    "danceability": _span("danceability", 2),
    "compatible": _together,
}
