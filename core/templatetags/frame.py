"""Pieces that every template may draw: icons of the sprite, and the waterline at rest."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()
BARS = 150


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; what it means is said by the text or label beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def waterline() -> SafeString:
    """A waveform in which nothing sounds: bars as low as they go, with their reflection."""
    above, below = ("".join(f"M{4 * bar + 1} {top}V{end}" for bar in range(BARS)) for top, end in ((63, 60), (67, 68)))
    return format_html(
        '<svg viewBox="0 0 600 100" preserveAspectRatio="none"><path vector-effect="non-scaling-stroke" d="{}"/>'
        '<path vector-effect="non-scaling-stroke" opacity=".38" d="{}"/></svg>',
        above,
        below,
    )
