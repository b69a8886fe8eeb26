"""A track: its facts, who had a part in it, its words, and where its file is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.pages import track_view
from library.selectors.covers import covers_of
from library.views.light import light_of


@require_safe
def track(request: HttpRequest, track_id: int) -> HttpResponse:
    view = track_view(track_id)
    album_id = view.track.album_id
    cover = covers_of("track", [track_id]).get(track_id)
    if cover is None and album_id:
        cover = covers_of("album", [album_id]).get(album_id)
    return render(request, "library/track.html", {"view": view, "track": view.track, "cover": cover, **light_of(cover)})
