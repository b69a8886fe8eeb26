"""How the library sounds: spreads of tempo, key, energy and loudness, each bar a way into the list of its tracks."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from analysis.schemas.fields import Span
from analysis.selectors.spreads import GRID, SCALES, Scale, Spreads, spreads
from analysis.selectors.statistics import get_analysis_statistics
from analysis.views.drawings.wheel import wheel_of_library
from analysis.views.words import FACETS, decimal, key_name
from core.templatetags.readings import number

PLOTS = ("bpm", "loudness", "energy", "danceability", "valence")
TENTHS = Scale(Span(0, 1), GRID)
LISTS = {"tracks"}
MARKS = {"bpm": 40, "loudness": 10, "energy": 0.25, "danceability": 0.25, "valence": 0.25}
"""how far apart the words along the foot of a plot stand"""


@dataclass(frozen=True)
class Bar:
    count: int
    height: int
    """of a hundred"""
    words: str
    url: str


@dataclass(frozen=True)
class Mark:
    at: float
    """percent of the width"""
    words: str

    @property
    def left(self) -> str:
        return f"{self.at:.1f}"


@dataclass(frozen=True)
class Plot:
    field: str
    label: str | Promise
    note: str
    bars: list[Bar]
    marks: list[Mark]


@require_safe
def plots(request: HttpRequest) -> HttpResponse:
    spread = spreads()
    there = [_plot(field, spread.of(field)) for field in PLOTS]
    context = {
        "statistics": get_analysis_statistics(),
        "plots": [plot for plot in there if plot],
        "wheel": _wheel(spread) if spread.keys else "",
        "keys": _most_common(spread),
        "grid": _grid(spread),
    }
    return render(request, "analysis/plots.html", context)


def _list_url(**asked: str) -> str:
    return f"{reverse('library_tracks')}?{urlencode(asked)}"


def _tracks(count: int) -> str:
    return ngettext("%(shown)s track", "%(shown)s tracks", count) % {"shown": number(count)}


def _plot(field: str, counts: Sequence[int]) -> Plot | None:
    if not any(counts):
        return None
    scale, facet, most = SCALES[field], FACETS[field], max(counts)
    places = 2 if scale.width < 1 else 0
    bars = []
    for place, count in enumerate(counts):
        ends = (decimal(scale.begin(place + by), places) for by in (0, 1))
        between = _("%(from)s to %(to)s") % dict(zip(("from", "to"), ends, strict=True))
        words = _("%(what)s: %(tracks)s") % {"what": f"{between} {facet.unit}".strip(), "tracks": _tracks(count)}
        # One track is seen too.
        height = max(2, round(100 * count / most)) if count else 0
        bars.append(Bar(count, height, words, _list_url(**{field: _reach(scale, place)})))
    return Plot(field, facet.label, _note(field, counts), bars, _marks(field))


def _reach(scale: Scale, place: int) -> str:
    """As a filter reads it: what lies beyond the ends was counted with them; a filter holds both, a bar its first."""
    least = _plain(scale.begin(place)) if place else ""
    most = _plain(scale.begin(place + 1) - scale.width / 1000) if place < scale.parts - 1 else ""
    return f"{least}..{most}"


def _plain(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _note(field: str, counts: Sequence[int]) -> str:
    """Where the middle one stands."""
    scale, facet = SCALES[field], FACETS[field]
    half, seen = sum(counts) / 2, 0
    for place, count in enumerate(counts):
        seen += count
        if seen >= half:
            middle = scale.begin(place) + scale.width / 2
            value = f"{decimal(middle, 1 if scale.width < 1 else 0)} {facet.unit}".strip()
            return _("Half of %(tracks)s lies below %(value)s") % {"tracks": _tracks(sum(counts)), "value": value}
    return ""


def _marks(field: str) -> list[Mark]:
    scale, apart = SCALES[field], MARKS[field]
    span = scale.span.most - scale.span.least
    count = round(span / apart)
    places = 2 if apart < 1 else 0
    values = [scale.span.least + apart * place for place in range(count + 1)]
    return [Mark(100 * (value - scale.span.least) / span, decimal(value, places)) for value in values]


def _wheel(spread: Spreads) -> SafeString:
    total = sum(spread.keys.values())
    return wheel_of_library(
        spread.keys,
        label=_("Tracks by key"),
        address=lambda key: _list_url(camelot=key),
        said=lambda key, count: f"{key}, {key_name(key)}: {_tracks(count)}",
        middle=(number(total), ngettext("track with a key", "tracks with a key", total)),
    )


@dataclass(frozen=True)
class KeyCount:
    key: str
    name: str
    count: int
    percent: int
    url: str


def _most_common(spread: Spreads) -> list[KeyCount]:
    """Five of them."""
    first = sorted(spread.keys.items(), key=lambda pair: -pair[1])[:5]
    most = first[0][1] if first else 1
    return [
        KeyCount(key, key_name(key), count, round(100 * count / most), _list_url(camelot=key)) for key, count in first
    ]


@dataclass(frozen=True)
class Cell:
    count: int
    strength: int
    words: str
    url: str


def _grid(spread: Spreads) -> list[list[Cell]]:
    """Energy upwards, valence to the right; nothing while nothing was measured."""
    most = max(map(max, spread.grid))
    if not most:
        return []
    return [[_cell(energy, valence, spread, most) for valence in range(GRID)] for energy in reversed(range(GRID))]


def _cell(energy: int, valence: int, spread: Spreads, most: int) -> Cell:
    count = spread.grid[energy][valence]
    asked = {"energy": _reach(TENTHS, energy), "valence": _reach(TENTHS, valence)}
    words = _("Energy %(energy)s, valence %(valence)s: %(tracks)s") % {
        "energy": decimal(energy / GRID, 1),
        "valence": decimal(valence / GRID, 1),
        "tracks": _tracks(count),
    }
    return Cell(count, round(12 + 88 * count / most) if count else 0, words, _list_url(**asked))


def way_here(request: HttpRequest, kind: str) -> dict[str, str] | None:
    """At the head of the list of tracks."""
    return {} if kind in LISTS else None
