"""A genre: its albums, its artists, and the way to all of its tracks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.pages import genre_view
from library.selectors.pictures import give_covers, give_strata


@require_safe
def genre(request: HttpRequest, genre_id: int) -> HttpResponse:
    view = genre_view(genre_id)
    give_covers("albums", view.albums)
    give_covers("artists", view.artists)
    give_strata([view.genre])
    return render(request, "library/genre.html", {"view": view, "genre": view.genre})
