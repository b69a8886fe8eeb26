"""An artist: what they made, what they had a part in, what is heard most of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.views.listener import listener_of
from library.models import Cover
from library.selectors.covers import cover_of
from library.selectors.pages import artist_view
from library.selectors.pictures import give_covers
from library.views.light import light_of


@require_safe
def artist(request: HttpRequest, artist_id: int) -> HttpResponse:
    view = artist_view(artist_id, listener_id=listener_of(request).pk)
    give_covers("albums", [*view.albums, *view.appears_on])
    give_covers("tracks", view.tracks)
    picture = cover_of(Cover.Entity.ARTIST, artist_id)
    context = {"view": view, "artist": view.artist, "picture": picture, **light_of(picture)}
    return render(request, "library/artist.html", context)
