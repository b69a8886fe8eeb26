"""The doors of the whole: health for machines, metrics for Prometheus, and the faults that reach nobody else."""

import sys
from functools import cache
from importlib import import_module

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from core.doors import identify
from core.errors import InvalidInput, NotAllowed, NotFound, SoniqueBayError
from core.health import health as look
from core.health import status
from core.schemas import HealthOut, PartOut
from soniquebay.api import api
from soniquebay.faults import as_ours
from soniquebay.middleware import error_response


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """How every part is doing; 503 while nothing can be answered. Strangers hear no versions and no driver's words."""
    parts = look()
    found = status(parts)
    shown = parts if found != "down" and _is_known(request) else [part.as_strangers_see_it() for part in parts]
    answer = HealthOut(status=found, version=settings.VERSION, parts=[PartOut.model_validate(part) for part in shown])
    return JsonResponse(answer.model_dump(), status=503 if found == "down" else 200)


def _is_known(request: HttpRequest) -> bool:
    try:
        return identify(request).allows("read")
    except SoniqueBayError:
        return False


@login_not_required
def admin_entrance(request: HttpRequest) -> HttpResponse:
    """The admin's own sign-in form would be a second door, without the lock of the first."""
    if request.user.is_authenticated:
        return forbidden(request, PermissionDenied("Only the owner may do this."))
    return redirect_to_login(request.GET.get("next") or reverse("admin:index"))


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads, with a token of scope read."""
    try:
        identify(request).require("read")
    except SoniqueBayError as error:
        return error_response(request, error)
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


@login_not_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document of the REST API, for programs too; the page that explains it is for people."""
    identify(request).require("read")
    return HttpResponse(_document(), content_type="application/json")


@cache
def _document() -> bytes:
    """Once a process: it takes a second, and is the same until the next version."""
    return JsonResponse(api.get_openapi_schema()).content


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, InvalidInput("This request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotAllowed(str(exception) or "This is not yours to see."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_response(
        request,
        NotAllowed(
            "This page was open for too long, or came from elsewhere.", hint="Go back, load it again, try again."
        ),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, NotFound("There is nothing at this address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """The last door: a store that went away outside of any view is said as such, the rest is honest about itself."""
    raised = sys.exc_info()[1]
    error = as_ours(raised) if raised else None
    return error_response(
        request,
        error or SoniqueBayError("Something went wrong here, and was noted in the log.", hint="Nothing was changed."),
    )


@csrf_exempt
def graphql(request: HttpRequest) -> HttpResponseBase:
    """Loaded with the first question: whoever never asks one keeps a tenth of the web's memory.

    CSRF is checked by identify(), for sessions only.
    """
    answer: HttpResponseBase = import_module("soniquebay.graphql").endpoint(request)
    return answer
