"""REST as one: the routers of all apps under /api/, one way of saying no."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import core.api
import library.api.demo
from core import errors
from core.doors import Needs
from core.logs import get_logger
from core.version import VERSION
from soniquebay.faults import as_ours
from soniquebay.middleware import error_response

log = get_logger(__name__)

api = NinjaAPI(
    title="SoniqueBay",
    version=VERSION,
    description="Your music library, its analysis and its player. Send a token as `Authorization: Bearer TOKEN`.",
    urls_namespace="api",
    auth=Needs("read"),
    docs_decorator=login_required,
)
api.add_router("/jobs", core.api.jobs)
api.add_router("", core.api.workers)
api.add_router("/tokens", core.api.tokens)
api.add_router("/demo-library", library.api.demo.demo)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """Names the first field that is wrong, and how."""
    first = exc.errors[0] if exc.errors else {}
    place = ".".join(str(part) for part in first.get("loc", ())[1:])
    message = f"{place}: {first.get('msg', 'is not valid')}" if place else str(first.get("msg", "is not valid"))
    return error_response(request, errors.InvalidInput(message, field=place))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, exc: Http404) -> HttpResponse:
    return error_response(request, errors.NotFound("There is nothing at this address."))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """What ninja itself refuses: a body that is no JSON, mostly."""
    return error_response(request, errors.InvalidInput(str(exc)))


@api.exception_handler(Exception)
def on_anything(request: HttpRequest, exc: Exception) -> HttpResponse:
    """Our errors and absent stores become what the table says; whatever nobody foresaw is raised, and logged."""
    error = as_ours(exc)
    if error is None:
        raise exc
    return error_response(request, error)
