"""A track: its facts, who had a part in it, its words, and where its file is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.models import Cover
from library.selectors.covers import cover_of
from library.selectors.pages import track_view
from library.views.light import light_of


@require_safe
def track(request: HttpRequest, track_id: int) -> HttpResponse:
    view = track_view(track_id)
    cover = cover_of(Cover.Entity.TRACK, track_id)
    return render(request, "library/track.html", {"view": view, "track": view.track, "cover": cover, **light_of(cover)})
