"""How a value stands among those of the whole library: a hill, and a mark in it."""

from collections.abc import Sequence
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDE, HIGH = 240, 24
TOP = 3.0
FOOT = 23.0
FRAME = '<svg class="dist" viewBox="0 0 240 24" preserveAspectRatio="none" aria-hidden="true">{}{}</svg>'


def hill(counts: Sequence[int], share: float | None) -> SafeString:
    """The counts as one line; `share` says where the value stands, from 0 to 1."""
    ground = format_html('<path class="hill" d="{}"/>', _line(_smoothed(counts))) if any(counts) else SafeString("")
    if share is None:
        return format_html(FRAME, ground, "")
    mark = format_html('<path class="mark" vector-effect="non-scaling-stroke" d="M{} 0V24"/>', round(share * WIDE))
    return format_html(FRAME, ground or SafeString('<path class="hill" d="M0 23H240V23.5H0Z"/>'), mark)


def steps(counts: Sequence[int], chosen: int | None) -> SafeString:
    """The counts as columns, one of which is chosen."""
    most = max(counts, default=0) or 1
    width = WIDE / len(counts)
    columns = (
        ("is-here" if place == chosen else "", *_plain(place * width, HIGH - tall, width - 2, tall))
        for place, tall in enumerate(2 + 20 * count / most for count in counts)
    )
    column = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
    drawn = format_html_join("", column, columns)
    return format_html(FRAME, drawn, "")


def _plain(*numbers: float) -> list[str]:
    """In no language: a comma would be another coordinate."""
    return [f"{number:.1f}" for number in numbers]


def _smoothed(counts: Sequence[int]) -> list[float]:
    """Each with its neighbours."""
    ends = [counts[0], *counts, counts[-1]]
    return [(ends[place] + 2 * ends[place + 1] + ends[place + 2]) / 4 for place in range(len(counts))]


def _line(heights: Sequence[float]) -> str:
    most = max(heights) or 1
    step = WIDE / (len(heights) - 1)
    points = [(place * step, FOOT - (FOOT - TOP) * height / most) for place, height in enumerate(heights)]
    bends = (f"Q{x:.0f} {y:.1f} {(x + nx) / 2:.0f} {(y + ny) / 2:.1f}" for (x, y), (nx, ny) in pairwise(points[1:]))
    return f"M0 23.5V{points[0][1]:.1f}{''.join(bends)}L{WIDE} {points[-1][1]:.1f}V23.5Z"
