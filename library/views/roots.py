"""Folders of music: which there are, how they are scanned, what could not be read, what is missing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.models import LibraryRoot


@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    return render(request, "library/roots.html", {"roots": LibraryRoot.objects.order_by("name")})
