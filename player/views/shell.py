"""What a browser keeps so that SoniqueBay opens without a network: a page that says so, and what it looks like.

It is everybody's: a browser asks for both of them of its own accord, also where nobody is signed in any more.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

STYLES = ("tokens", "frame", "components", "states", "entrance")
KEPT = (*(f"css/{name}.css" for name in STYLES), "js/theme.js", "img/logo.svg")


@login_not_required
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for it serves what lies below its own address."""
    kept = [static(name) for name in KEPT]
    answer = render(request, "player/service-worker.js", {"kept": kept}, content_type="text/javascript")
    patch_cache_control(answer, no_cache=True)
    return answer


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "player/offline.html")
