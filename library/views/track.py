"""A track: its facts, who had a part in it, its words, and where its file is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.pages import track_view
from library.models import Cover
from library.selectors.covers import cover_of
from library.views.light import light_of
from library.views.words import facts_of


@require_safe
def track(request: HttpRequest, track_id: int) -> HttpResponse:
    view = track_view(track_id)
    cover = cover_of(Cover.Entity.TRACK, track_id)
    context = {"view": view, "track": view.track, "cover": cover, "facts": facts_of(view.track), **light_of(cover)}
    return render(request, "library/track.html", context)
