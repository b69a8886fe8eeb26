"""Drawings of lists in order: how energy goes, as a curve over its own reflection."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE, HIGH = 600, 120
MARGIN = 8
CURVE = (
    '<svg class="curve" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="fill" d="{}"/>'
    '<path class="line" d="{}"/>{}</svg>'
)


def energy_curve(energies: Sequence[float | None], label: str) -> SafeString:
    """A dot for each track; where nothing was measured the line goes straight on, and there is no dot."""
    known = [(place, value) for place, value in enumerate(energies) if value is not None]
    if len(known) < 2:
        return SafeString("")
    points = [(_across(place, len(energies)), _up(value)) for place, value in known]
    line = _smooth(points)
    fill = f"{line}L{points[-1][0]:.1f} {HIGH}L{points[0][0]:.1f} {HIGH}Z"
    dots = format_html_join("", '<circle cx="{}" cy="{}" r="4"/>', ((f"{x:.1f}", f"{y:.1f}") for x, y in points))
    return format_html(CURVE, WIDE, HIGH, label, fill, line, dots)


def _across(place: int, count: int) -> float:
    return MARGIN + place * (WIDE - 2 * MARGIN) / max(count - 1, 1)


def _up(value: float) -> float:
    return HIGH - MARGIN - max(0.0, min(1.0, value)) * (HIGH - 2 * MARGIN)


def _smooth(points: Sequence[tuple[float, float]]) -> str:
    """Level at each dot, so that the line never swings beyond them."""
    path = f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = (x0 + x1) / 2
        path += f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}"
    return path
