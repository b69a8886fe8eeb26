"""Sentences of the library's pages that numbers and tags stand in."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.templatetags.readings import number
from library.models import Track
from library.schemas.search import SearchOut
from library.selectors.counts import Kind
from library.selectors.pages import Summary
from library.templatetags.music import playtime

register = template.Library()
# Reasons that workers, which speak no language but this, give for files that they could not read.
REASONS = (
    gettext_noop("It is empty (0 bytes)."),
    gettext_noop("It is not a file."),
    gettext_noop("It is damaged, or not what its name says."),
    gettext_noop("It is being written; the next scan reads it."),
    gettext_noop("It is no picture that we know, whatever its name says."),
)
GROUPS: tuple[Kind, ...] = ("artists", "albums", "tracks", "genres")


@register.simple_tag
def totals(kind: Kind, summary: Summary) -> str:
    """312 albums · 3,870 tracks · 11 days of music."""
    said = [counted(kind, summary.count)]
    if kind == "albums" and summary.tracks:
        said.append(counted("tracks", summary.tracks))
    if summary.duration_ms:
        said.append(_("%(time)s of music") % {"time": playtime(summary.duration_ms)})
    return " · ".join(said)


@register.simple_tag
def counted(kind: Kind, count: int) -> str:
    shown = {"shown": number(count)}
    if kind == "artists":
        return ngettext("%(shown)s artist", "%(shown)s artists", count) % shown
    if kind == "albums":
        return ngettext("%(shown)s album", "%(shown)s albums", count) % shown
    if kind == "tracks":
        return ngettext("%(shown)s track", "%(shown)s tracks", count) % shown
    return ngettext("%(shown)s genre", "%(shown)s genres", count) % shown


@register.simple_tag
def found_words(found: SearchOut) -> str:
    """For those who listen: 3 artists, 12 albums, 80 tracks; or what to do when there is nothing."""
    counts = {name: getattr(found, name).count for name in GROUPS}
    return ", ".join(counted(name, count) for name, count in counts.items() if count) or found.hint


@register.simple_tag
def facts_of(track: Track) -> list[tuple[str, str]]:
    """What tags say of a track, beyond what its page has said already."""
    said = (
        (_("Released"), track.release_date),
        (_("First released"), track.original_date),
        (_("Recorded"), track.recording_date),
        (_("Language"), track.language),
        ("ISRC", track.isrc),
        (_("Comment"), track.comment),
        (_("MusicBrainz, recording"), track.musicbrainz_id),
        (_("MusicBrainz, release"), track.musicbrainz_albumid),
    )
    return [(label, value) for label, value in said if value]
