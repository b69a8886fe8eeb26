"""REST as one: the routers of all apps under /api/, one way of saying no."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

import analysis.api.features
import analysis.api.governing
import analysis.api.searching
import analysis.api.work
import core.api
import library.api.albums
import library.api.artists
import library.api.collection
import library.api.covers
import library.api.demo
import library.api.genres
import library.api.roots
import library.api.scans
import library.api.search
import library.api.tracks
import library.api.tree
import player.api.listens
import player.api.queue
import player.api.streaming
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
api.add_router("/artists", library.api.artists.artists)
api.add_router("/albums", library.api.albums.albums)
api.add_router("/tracks", library.api.tracks.tracks)
api.add_router("/genres", library.api.genres.genres)
api.add_router("/library", library.api.tree.tree)
api.add_router("/v1/collection", library.api.collection.collection)
api.add_router("/search", library.api.search.search)
api.add_router("/v1/search", library.api.search.search_v1)
api.add_router("/roots", library.api.roots.roots)
api.add_router("/scans", library.api.scans.scans)
api.add_router("/tracks", library.api.scans.batches)
api.add_router("/covers", library.api.covers.covers)
api.add_router("/tracks", analysis.api.features.tracks)
api.add_router("/tracks", analysis.api.searching.similar)
api.add_router("/tracks", player.api.streaming.streams)
api.add_router("/audio-features", analysis.api.searching.search)
api.add_router("/analysis", analysis.api.governing.governing)
api.add_router("/analysis", analysis.api.work.work)
api.add_router("/queue", player.api.queue.queue)
api.add_router("/listens", player.api.listens.listens)
api.add_router("/tracks", player.api.listens.uses)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """Names the first field that is wrong, and how."""
    first = exc.errors[0] if exc.errors else {}
    # Of a value that may be of several kinds pydantic also names the kind that it tried, as in "str-enum[JobState]".
    place = ".".join(str(part) for part in first.get("loc", ())[1:] if "[" not in str(part))
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
