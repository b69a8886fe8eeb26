"""Pieces that every template may draw: icons of the sprite, the waterline at rest, what other apps add to a page."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.panels import Column, columns_of, panels_of

register = template.Library()
BARS = 150


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite; what it means is said by the text or label beside it."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def play_button(thing: str, number: int, name: str) -> SafeString:
    """Plays an album, an artist, a genre or a track; what that means is the player's to know."""
    label = _("Play %(name)s") % {"name": name or _("Untitled")}
    return format_html(
        '<button class="go" form="enqueue" name="now" value="{}:{}" aria-label="{}">{}</button>',
        thing,
        number,
        label,
        icon("play"),
    )


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


@register.simple_tag(takes_context=True)
def panels(context: Context, place: str, subject: Any = None) -> SafeString:
    """What other apps have to show in this place; nothing at all when they have nothing."""
    request = context["request"]
    filled = [(panel.template, panel.fill(request, subject)) for panel in panels_of(place)]
    shown = ((render_to_string(name, dict(values), request),) for name, values in filled if values is not None)
    return format_html_join("\n", "{}", shown)


@register.simple_tag(takes_context=True)
def columns(context: Context, place: str, rows: Sequence[Any]) -> list[Column]:
    """What other apps have to say of each row of a table, asked once for all of them."""
    return columns_of(place, context["request"], rows)


@register.simple_tag
def cell(column: Column, number: int) -> SafeString | str:
    return column.cell(number)
