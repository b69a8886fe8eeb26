"""Sentences of the library's pages that numbers stand in."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.readings import number
from library.models import Track
from library.selectors.counts import Kind
from library.selectors.pages import Summary
from library.templatetags.music import playtime


def tabs(counts: Mapping[str, int]) -> list[tuple[str, str, str, int]]:
    """Name, address, label and count of each list."""
    labels = {"artists": _("Artists"), "albums": _("Albums"), "tracks": _("Tracks"), "genres": _("Genres")}
    return [(name, reverse(f"library_{name}"), label, counts[name]) for name, label in labels.items()]


def totals(kind: Kind, summary: Summary) -> str:
    """312 albums · 3,870 tracks · 11 days of music."""
    said = [counted(kind, summary.count)]
    if kind == "albums" and summary.tracks:
        said.append(counted("tracks", summary.tracks))
    if summary.duration_ms:
        said.append(_("%(time)s of music") % {"time": playtime(summary.duration_ms)})
    return " · ".join(said)


def counted(kind: Kind, count: int) -> str:
    shown = {"shown": number(count)}
    if kind == "artists":
        return ngettext("%(shown)s artist", "%(shown)s artists", count) % shown
    if kind == "albums":
        return ngettext("%(shown)s album", "%(shown)s albums", count) % shown
    if kind == "tracks":
        return ngettext("%(shown)s track", "%(shown)s tracks", count) % shown
    return ngettext("%(shown)s genre", "%(shown)s genres", count) % shown


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
