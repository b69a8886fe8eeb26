"""The page of what plays, full screen; and the first row of Home."""

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analysis.views.tables import key_chip
from core.models import User
from core.templatetags.readings import moment, number
from library.models import CoverImage, Track, TrackUse
from library.templatetags.music import clock
from library.views.light import light_of
from player.models import PlayQueue
from player.selectors.playing import Playing, what_plays, words_of


@require_safe
def playing(request: HttpRequest) -> HttpResponse:
    user = _person(request)
    found = what_plays(user)
    shown: dict[str, Any] = {"shows": _shows(found)}
    if found is None:
        return render(request, "player/playing.html", shown)
    lyrics = words_of(found.track.pk)
    use = TrackUse.objects.filter(user=user, track=found.track).first()
    shown |= {**_shown(found), **light_of(found.cover), "lyrics": lyrics}
    shown["use"] = use or TrackUse(user=user, track=found.track)
    return render(request, "player/playing.html", shown)


def resume(request: HttpRequest, _subject: Any) -> Mapping[str, Any] | None:
    """Where one was, as long as there is something to go on with."""
    found = what_plays(_person(request))
    if found is None:
        return None
    at = clock(found.queue.position_ms)
    words = _("Resume at %(time)s") % {"time": at} if found.queue.position_ms >= 1000 else _("Play")
    return {**_shown(found), "where": _where(found), "resume": words}


def _shown(found: Playing) -> dict[str, Any]:
    features = found.features
    return {
        "track": found.track,
        "cover": found.cover,
        "place": found.place,
        "count": found.count,
        "origin": found.origin or {},
        "bpm": number(round(features.bpm)) if features and features.bpm else "",
        "key": key_chip(features.camelot_key) if features and features.camelot_key else "",
        "gain": features.replaygain_track_gain if features else None,
        "next": [_next(found.track, *following) for following in found.next],
    }


def _next(before: Track, track: Track, cover: CoverImage | None) -> dict[str, Any]:
    """Why it comes next, where that is more than that somebody has put it there."""
    follows = (
        track.album_id is not None
        and track.album_id == before.album_id
        and track.track_position == (before.track_position or 0) + 1
    )
    because = _("The next on the record") if follows else ""
    return {"title": track.title or _("Untitled"), "artist": track.artist_credit, "cover": cover, "because": because}


def _where(found: Playing) -> str:
    """Track 3 of 9 · paused on Firefox, yesterday."""
    place = _("Track %(place)s of %(count)s") % {"place": number(found.place), "count": number(found.count)}
    queue = found.queue
    if queue.state == PlayQueue.State.PLAYING:
        return f"{place} · {_('playing on %(device)s') % {'device': queue.device}}" if queue.device else place
    when = moment(queue.at)
    paused = [_("paused on %(device)s") % {"device": queue.device}] if queue.device else []
    return " · ".join([place, *paused, when])


def _shows(found: Playing | None) -> str:
    """By this the script knows whether it is still so."""
    return ",".join(map(str, found.entries)) if found else ""


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
