"""Camelot's wheel: twelve hours, major outside and minor inside."""

from collections.abc import Callable, Mapping, Sequence
from math import cos, radians, sin
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from analysis.selectors.harmony import CAMELOT, compatible_keys


class Ring(NamedTuple):
    """Radii in units of the drawing, and half of the angle that a sector takes up."""

    outer: float
    inner: float
    half: float


RINGS = {"B": Ring(154, 112, 14.25), "A": Ring(110, 68, 13.9)}
CHOSEN = {"B": Ring(157.5, 108.5, 15.6), "A": Ring(113.5, 64.5, 15.9)}
FRAME = '<svg class="wheel" viewBox="-160 -160 320 320" {}>{}{}</svg>'
SECTOR = '<g class="{}" style="--k:{}{}"><path d="{}"/><text x="{}" y="{}">{}</text></g>'


def wheel_of_key(place: str, *, name: str, label: str) -> SafeString:
    """One key and those that go with it; the rest faint."""
    near = set(compatible_keys(place))
    sectors = [_sector(key, "is-here" if key == place else "is-near" if key in near else "") for key in CAMELOT]
    letter = place[-1]
    # Last, so that its edge lies over its neighbours.
    edge = format_html('<path class="edge" d="{}"/>', _outline(int(place[:-1]), CHOSEN[letter]))
    middle = format_html('<text class="middle" y="-12">{}</text><text class="below" y="14">{}</text>', place, name)
    drawn = format_html_join("", "{}", ((sector,) for sector in sectors))
    return format_html(FRAME, format_html('role="img" aria-label="{}"', label), drawn, edge + middle)


def wheel_of_library(
    counts: Mapping[str, int],
    *,
    label: str,
    address: Callable[[str], str],
    said: Callable[[str, int], str],
    middle: tuple[str, str],
) -> SafeString:
    """How many tracks stand in each key: the more, the stronger its colour; each leads to them."""
    most = max(counts.values(), default=0) or 1
    drawn = []
    for key in CAMELOT:
        count = counts.get(key, 0)
        strength = f";--w:{round(9 + 71 * count / most) if count else 5}%"
        share = count / most
        sector = _sector(key, "is-many" if share > 0.6 else "is-some" if share > 0.2 else "", strength)
        words = said(key, count)
        link = '<a href="{}" aria-label="{}">{}</a>'
        drawn.append(format_html(link, address(key), words, sector) if count else sector)
    centre = format_html('<text class="middle" y="-10">{}</text><text class="below" y="16">{}</text>', *middle)
    return format_html(
        FRAME,
        format_html('role="group" aria-label="{}"', label),
        format_html_join("", "{}", ((one,) for one in drawn)),
        centre,
    )


def _sector(key: str, css: str, more: str = "") -> SafeString:
    hour, letter = int(key[:-1]), key[-1]
    ring = RINGS[letter]
    x, y = _point((ring.outer + ring.inner) / 2, _angle(hour))
    return format_html(SECTOR, f"{letter} {css}".strip(), hour, more, _outline(hour, ring), f"{x:.1f}", f"{y:.1f}", key)


def _outline(hour: int, ring: Ring) -> str:
    centre = _angle(hour)
    begin, end = centre - ring.half, centre + ring.half
    a, b, c, d = (
        "{:.1f} {:.1f}".format(*_point(radius, angle))
        for radius, angle in ((ring.outer, begin), (ring.outer, end), (ring.inner, end), (ring.inner, begin))
    )
    return f"M{a}A{ring.outer:g} {ring.outer:g} 0 0 1 {b}L{c}A{ring.inner:g} {ring.inner:g} 0 0 0 {d}Z"


def _angle(hour: int) -> float:
    """Twelve is at the top."""
    return (hour - 3) * 30.0


def _point(radius: float, angle: float) -> tuple[float, float]:
    return radius * cos(radians(angle)), radius * sin(radians(angle))


def wheel_of_way(keys: Sequence[str], *, label: str, middle: tuple[str, str]) -> SafeString:
    """Keys that follow each other, and the line that leads from one to the next."""
    passed = set(keys)
    sectors = [_sector(key, "is-near" if key in passed else "") for key in CAMELOT]
    stations = [_point((RINGS[key[-1]].outer + RINGS[key[-1]].inner) / 2, _angle(int(key[:-1]))) for key in keys]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in stations)
    ends = format_html_join(
        "",
        '<circle class="{}" cx="{}" cy="{}" r="5"/>',
        (
            (css, f"{x:.1f}", f"{y:.1f}")
            for css, (x, y) in zip(("begin", "end"), stations[:1] + stations[-1:], strict=False)
        ),
    )
    way = format_html('<polyline class="way" points="{}"/>', line) + ends if stations else SafeString("")
    centre = format_html('<text class="middle" y="-10">{}</text><text class="below" y="16">{}</text>', *middle)
    drawn = format_html_join("", "{}", ((sector,) for sector in sectors))
    return format_html(FRAME, format_html('role="img" aria-label="{}"', label), drawn, way + centre)
