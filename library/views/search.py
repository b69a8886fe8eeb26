"""Search: results while typing, grouped, with facets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "library/search.html", {"query": request.GET.get("q", "")[:200]})
