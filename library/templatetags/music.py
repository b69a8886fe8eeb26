"""Music as it is shown: covers in their sizes, artists with links, times, formats and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from core.templatetags.frame import icon
from core.templatetags.readings import NBSP, megabytes, number
from library.engine.lrc import timed_lines
from library.filters.values import LOSSLESS
from library.models import Album, CoverImage, Track, TrackArtist

register = template.Library()
SIZES = (96, 320, 800)
NAMES = {"flac": "FLAC", "m4a": "AAC", "wma": "WMA", "wavpack": "WavPack", "opus": "Opus", "ogg": "Vorbis"}
SUPPORTS = {Album.Support.UNKNOWN, Album.Support.DIGITAL}
ROLES = {
    TrackArtist.Role.COMPOSER: pgettext_lazy("role", "Composer"),
    TrackArtist.Role.LYRICIST: pgettext_lazy("role", "Lyricist"),
    TrackArtist.Role.CONDUCTOR: pgettext_lazy("role", "Conductor"),
    TrackArtist.Role.PERFORMER: pgettext_lazy("role", "Performer"),
    TrackArtist.Role.REMIXER: pgettext_lazy("role", "Remixer"),
    TrackArtist.Role.PRODUCER: pgettext_lazy("role", "Producer"),
    TrackArtist.Role.ARRANGER: pgettext_lazy("role", "Arranger"),
    TrackArtist.Role.ENGINEER: pgettext_lazy("role", "Engineer"),
    TrackArtist.Role.MIXER: pgettext_lazy("role", "Mixing engineer"),
    TrackArtist.Role.DJMIXER: pgettext_lazy("role", "DJ"),
    TrackArtist.Role.WRITER: pgettext_lazy("role", "Writer"),
}


@dataclass(frozen=True)
class Shape:
    """How large a cover is drawn in one kind of place, and so which files it is worth asking for."""

    css: str
    side: int
    sizes: str
    largest: int = 800
    emblem: str = "wave"
    is_first: bool = False


CARDS = "(max-width: 720px) 45vw, 168px"
SHAPES = {
    "card": Shape("", side=320, sizes=CARDS),
    "person": Shape("round", side=320, sizes=CARDS, emblem="person"),
    "row": Shape("s", side=40, sizes="", largest=96),
    "person-row": Shape("s round", side=40, sizes="", largest=96, emblem="person"),
    "large": Shape("", side=280, sizes="280px", is_first=True),
    "person-large": Shape("round", side=200, sizes="200px", emblem="person", is_first=True),
    "stage": Shape("", side=460, sizes="min(480px, 90vw)", is_first=True),
    "head": Shape("", side=112, sizes="112px", largest=320, is_first=True),
}


@register.simple_tag
def cover(image: CoverImage | str | None, shape: str = "card", alt: str = "") -> SafeString:
    """A cover (or the digest of one) in the shape of its place, sized before it arrives; still water where none is."""
    place = SHAPES[shape]
    if not image or (isinstance(image, CoverImage) and image.problem):
        return format_html('<span class="cover blank {}">{}</span>', place.css, icon(place.emblem))
    digest = image if isinstance(image, str) else image.digest
    at = [(reverse("cover", args=[digest, side]), side) for side in SIZES if side <= place.largest]
    several = format_html_join(", ", "{} {}w", at)
    return format_html(
        '<img class="cover {}" src="{}"{} width="{}" height="{}" alt="{}" {}>',
        place.css,
        at[min(1, len(at) - 1)][0],
        format_html(' srcset="{}" sizes="{}"', several, place.sizes) if place.sizes else "",
        place.side,
        place.side,
        alt,
        SafeString('fetchpriority="high"' if place.is_first else 'loading="lazy" decoding="async"'),
    )


@register.simple_tag
def credit(named: Iterable[Any], otherwise: str = "") -> SafeString:
    """The artists in their order, each a link, with what stands between them."""
    parts = [(reverse("artist", args=[part.artist_id]), part.artist.name, part.join_phrase) for part in named]
    if not parts:
        return format_html("<bdi>{}</bdi>", otherwise)
    # A join phrase that nobody wrote is a comma; after the last one there is nothing to join.
    joined = [(url, name, join or ", ") for url, name, join in parts[:-1]] + [(*parts[-1][:2], "")]
    return format_html_join("", '<a class="under" href="{}"><bdi>{}</bdi></a>{}', joined)


@register.filter
def clock(milliseconds: int | None) -> str:
    """3:41 · 1:02:09."""
    if milliseconds is None:
        return ""
    seconds = round(milliseconds / 1000)
    hours, minutes = seconds // 3600, seconds % 3600 // 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


@register.filter
def playtime(milliseconds: int | None) -> str:
    """46 min · 2 h 08 · 11 days: no finer than one wants to know of an album or a library."""
    if not milliseconds:
        return ""
    minutes = max(1, round(milliseconds / 60_000))
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    if minutes < 48 * 60:
        return f"{minutes // 60}{NBSP}h{NBSP}{minutes % 60:02}"
    days = round(minutes / 1440)
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": number(days)}


@register.filter
def format_name(track: Track) -> str:
    """FLAC 24/96, MP3 256: what the file is, as collectors say it."""
    kind = track.file_type or ""
    if not kind:
        return ""
    name = NAMES.get(kind, kind.upper())
    if track.bit_depth and track.sample_rate and (track.bit_depth, track.sample_rate) != (16, 44_100):
        return f"{name} {track.bit_depth}/{number(round(track.sample_rate / 1000, 1))}"
    if kind not in LOSSLESS and not track.bit_depth and track.bitrate:
        return f"{name} {round(track.bitrate / 1000)}"
    return name


@register.filter
def kind(view: Any) -> str:
    """Album · Vinyl and FLAC 24/96: of an album's page."""
    release = RELEASES.get(view.album.release_type.casefold(), _("Album"))
    formats = list(dict.fromkeys(map(format_name, view.formats)))
    files = formats[0] if len(formats) == 1 else _("mixed formats") if formats else ""
    support = "" if view.album.support in SUPPORTS else view.album.get_support_display()
    both = _("%(one)s and %(other)s") % {"one": support, "other": files} if support and files else support or files
    return " · ".join(filter(None, (str(release), both)))


RELEASES = {
    "single": gettext_lazy("Single"),
    "ep": gettext_lazy("EP"),
    "compilation": gettext_lazy("Compilation"),
    "live": gettext_lazy("Live album"),
    "soundtrack": gettext_lazy("Soundtrack"),
}


@register.filter
def role_name(role: str) -> str:
    return str(ROLES.get(TrackArtist.Role(role), role) if role in TrackArtist.Role.values else role)


@register.filter
def lines(text: str) -> list[tuple[str, str]]:
    """Each line of LRC with the time at which it is sung, in the order of singing."""
    return [(clock(at_ms), words) for at_ms, words in timed_lines(text)]


@register.filter
def decibels(value: float | None) -> str:
    """−4.6 dB with a real minus."""
    if value is None:
        return ""
    return f"{number(round(value, 1))}".replace("-", "−") + f"{NBSP}dB"


@register.filter
def size(value: int | None) -> str:
    """118 MB."""
    return megabytes(value / 1_000_000) if value else ""


@register.filter
def bits(value: int | None) -> str:
    """961 kbit/s."""
    return f"{number(round(value / 1000))}{NBSP}kbit/s" if value else ""


@register.filter
def hertz(value: int | None) -> str:
    """44.1 kHz."""
    return f"{number(round(value / 1000, 1))}{NBSP}kHz" if value else ""


@register.filter
def support(album: Album) -> str:
    """Vinyl, CD, Cassette; digital and unknown go without saying."""
    return "" if album.support in SUPPORTS else album.get_support_display()


@register.filter
def channels(count: int) -> str:
    return {1: _("Mono"), 2: _("Stereo")}.get(count) or number(count)


@register.filter
def source_name(source: str) -> str:
    words = {"tags": _("from the tags"), "sidecar": _("from a file beside it"), "manual": _("written by hand")}
    return words.get(source, source)


@register.simple_tag(takes_context=True)
def place(context: Context, track: Track) -> str:
    """Where the file lies: the whole path for the owner, for others from the folder of music downwards."""
    path = track.path or ""
    if context["request"].user.is_superuser or track.root is None:
        return path if context["request"].user.is_superuser else path.rsplit("/", 1)[-1]
    return f"{track.root.name}/{track.folder}{path.rsplit('/', 1)[-1]}"


@register.simple_tag
def strata(images: Sequence[CoverImage]) -> SafeString:
    """Up to four covers as layers, like a horizon."""
    shown = [(reverse("cover", args=[image.digest, 320]),) for image in images[:4]]
    if not shown:
        return format_html('<span class="strata of-1 cover blank">{}</span>', icon("wave"))
    layer = '<img src="{}" alt="" width="320" height="120" loading="lazy" decoding="async">'
    layers = format_html_join("", layer, shown)
    return format_html('<span class="strata of-{}">{}</span>', len(shown), layers)
