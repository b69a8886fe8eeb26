"""Play, queue, love: at the head of whatever can be played, and in every row of a table of tracks."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.models import User
from core.panels import Column
from core.templatetags.frame import icon
from library.models import Track, TrackUse

HALVES = 10


def several(kind: str) -> Any:
    """Of an album, an artist, a genre."""

    def fill(request: HttpRequest, subject: Any) -> Mapping[str, Any]:
        return {"thing": f"{kind}:{subject.pk}", "several": True}

    return fill


def one(request: HttpRequest, track: Track) -> Mapping[str, Any] | None:
    """Of a track that is there; without a file it can still be loved."""
    user = cast(User, request.user)
    use = TrackUse.objects.filter(user=user, track=track).first() or TrackUse(user=user, track=track)
    return {"thing": f"track:{track.pk}", "use": use, "stars": _stars()}


def _stars() -> list[dict[str, Any]]:
    return [{"value": value, "label": _star(value)} for value in range(1, HALVES + 1)]


def _star(value: int) -> str:
    whole = value / 2
    shown = f"{value // 2}½" if value % 2 and value > 1 else ("½" if value == 1 else str(value // 2))
    return ngettext("%(count)s star", "%(count)s stars", int(whole) or 1) % {"count": shown}


def columns(request: HttpRequest, tracks: Sequence[Track]) -> list[Column]:
    """Hearts and what else can be done: one query for all rows."""
    user = cast(User, request.user)
    ids = [track.pk for track in tracks]
    loved = set(TrackUse.objects.filter(user=user, track__in=ids, loved=True).values_list("track", flat=True))
    more = _("More about %(name)s")
    cells = {track.pk: format_html("{}{}", _heart(track.pk, track.pk in loved), _more(track, more)) for track in tracks}
    return [Column(format_html('<span class="sr">{}</span>', _("Loved")), "heart", cells)]


def _heart(track_id: int, loved: bool) -> SafeString:
    word = _("Loved") if loved else _("Love")
    return format_html(
        '<button type="button" class="icon-btn needs-js{}" data-love="{}" aria-pressed="{}" aria-label="{}" title="{}">'
        "{}</button>",
        " loved" if loved else "",
        track_id,
        "true" if loved else "false",
        word,
        word,
        icon("heart"),
    )


def _more(track: Track, words: str) -> SafeString:
    label = words % {"name": track.title or _("Untitled")}
    return format_html(
        '<button type="button" class="icon-btn more needs-js opt" data-more="track:{}" aria-label="{}">{}</button>',
        track.pk,
        label,
        icon("more"),
    )
