"""Home: what to do first in an empty place, and one quiet line about what is being done."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.panels import panels_of
from core.selectors import active_jobs


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "core/home.html", {"active": active_jobs(), "music_folder": settings.MUSIC_DIR})


@require_safe
def now_line(request: HttpRequest) -> HttpResponse:
    """The quiet line alone, for the page that shows it."""
    if not request.headers.get("HX-Request"):
        return redirect("home")
    return render(request, "core/_now_line.html", {"active": active_jobs()})


@require_safe
def first_steps(request: HttpRequest) -> HttpResponse:
    """What to do first alone, for the page that shows it: it changes as music comes in."""
    if not request.headers.get("HX-Request"):
        return redirect("home")
    if any(panel.fill(request, None) is not None for panel in panels_of("home")):
        # Something has come in: the whole of Home looks different now, and the player beside it stays as it is.
        place = {"path": reverse("home"), "target": "#main", "select": "#main", "swap": "outerHTML"}
        return HttpResponse(status=204, headers={"HX-Location": json.dumps(place)})
    return render(request, "core/_first_steps.html")
