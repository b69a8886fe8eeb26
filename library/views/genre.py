"""A genre: its albums."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.pages import genre_by_id


@require_safe
def genre(request: HttpRequest, genre_id: int) -> HttpResponse:
    return render(request, "library/genre.html", {"genre": genre_by_id(genre_id)})
