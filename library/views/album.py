"""An album: its cover, what it is, its tracks disc by disc, its other editions."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.covers import covers_of
from library.selectors.pages import album_view
from library.views.light import light_of


@require_safe
def album(request: HttpRequest, album_id: int) -> HttpResponse:
    view = album_view(album_id)
    found = covers_of("album", [album_id, *(edition.pk for edition in view.editions)])
    for edition in view.editions:
        edition.cover = found.get(edition.pk)  # type: ignore[attr-defined]
    cover = found.get(album_id)
    return render(request, "library/album.html", {"view": view, "album": view.album, "cover": cover, **light_of(cover)})
