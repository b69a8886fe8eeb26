"""Pieces of the analysis' pages that templates write: sureness in five strokes, chips of keys, values with units."""

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from analysis.views.tables import key_chip
from analysis.views.tiles import Tile, sureness_words
from analysis.views.words import source_name, with_unit

register = template.Library()
# What the engine and its children, which speak no language but this, say of files.
REASONS = (
    gettext_noop("The file holds no sound."),
    gettext_noop("Not one moment of it could be decoded."),
    gettext_noop("Its part of the file holds no sound."),
    gettext_noop("Invalid data found when processing input"),
    gettext_noop("No such file or directory"),
    gettext_noop("Permission denied"),
    gettext_noop("End of file"),
    gettext_noop("None of these tracks has a file that could be read."),
    gettext_noop("The analysis is already waiting or running."),
    gettext_noop("See Activity; cancel it, or let it finish."),
    gettext_noop("This was taken back already."),
    gettext_noop("It has been changed again since."),
    gettext_noop("Take back the later change first."),
    gettext_noop("There is no such change of this track."),
    gettext_noop("There is no such candidate."),
    gettext_noop("They may have changed: load the track again."),
    gettext_noop("This track has no tempo yet."),
    gettext_noop("Enter it instead."),
    gettext_noop("This is no key."),
    gettext_noop("Such as C, F#m, A minor or 8A."),
    gettext_noop("There is no such track."),
)


@register.simple_tag
def sureness(tile: Tile) -> SafeString:
    """Five strokes; nothing where nobody says how sure they are."""
    if tile.sureness is None:
        return SafeString("")
    strokes = format_html_join("", "<i{}></i>", ((SafeString(' class="on"' if on else ""),) for on in tile.dots))
    words = sureness_words(tile.sureness)
    return format_html('<span class="conf" role="img" aria-label="{}">{}</span>', words, strokes)


@register.simple_tag
def act(name: str, *args: object) -> SafeString:
    """What a form says that changes the panel of a track; without scripts it goes to the page and back."""
    url = reverse(name, args=args)
    return format_html(
        'method="post" action="{}" hx-post="{}" hx-target="#sound" hx-select="#sound" hx-swap="outerHTML"', url, url
    )


@register.filter
def chip(place: str) -> SafeString:
    return key_chip(place)


@register.filter
def said_by(source: str) -> str:
    return source_name(source)


@register.simple_tag
def feature(field: str, value: float | None) -> str:
    return with_unit(field, value)


@register.simple_tag(takes_context=True)
def place_of(context: Context, path: str | None) -> str:
    """The whole path for the owner, for others the file's name alone."""
    text = path or ""
    return text if context["request"].user.is_superuser else text.rsplit("/", 1)[-1]


@register.filter
def next_step(reason: str) -> str:
    """What to do about a file that could not be analysed."""
    text = reason.casefold()
    if any(word in text for word in ("permission", "denied")):
        return _("The server may not read it: give it the right to, then try again.")
    if any(word in text for word in ("no such file", "not there", "unreachable")):
        return _("Is its disk mounted? Mount it, then try again.")
    if any(word in text for word in ("longer than", "stuck", "crashed", "died", "memory")):
        return _("Try again when the machine has less to do; the rest was analysed.")
    return _("Replace the file with a sound copy: it is analysed by itself as soon as it changes.")
