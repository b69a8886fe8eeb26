"""Pictures as files: thumbnails under the digest of what they show, which never changes, so that nobody asks twice."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from core.auth import authenticate_request
from core.errors import NotAuthenticated, NotFound
from library.engine.cover_files import DIGEST, SIZES, found_original, sniffed, thumbnail

FOREVER = "private, max-age=31536000, immutable"
SHORTLY = "private, max-age=30"
# While there is no thumbnail yet, a picture of up to so many bytes does as well.
SMALL_ENOUGH = 400_000
PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 96"><rect width="96" height="96" fill="#8884"/>'
    '<circle cx="48" cy="48" r="26" fill="none" stroke="#8888" stroke-width="3"/>'
    '<circle cx="48" cy="48" r="5" fill="#8888"/></svg>'
)


@login_not_required
@require_safe
def cover(request: HttpRequest, digest: str, size: int) -> HttpResponseBase:
    """A thumbnail; its original where that is small, or a plain disc, while it is being made."""
    _let_in(request)
    if not DIGEST.fullmatch(digest) or size not in SIZES:
        raise NotFound("There is no such picture.")
    tag = f'"{digest[:32]}-{size}"'
    place = thumbnail(settings.MEDIA_ROOT, digest, size)
    if tag in request.headers.get("If-None-Match", "") and place.is_file():
        return _kept(HttpResponseNotModified(), tag)
    try:
        return _kept(HttpResponse(place.read_bytes(), content_type="image/webp"), tag)
    except FileNotFoundError:
        return _meanwhile(digest)


@login_not_required
@require_safe
def original(request: HttpRequest, digest: str) -> HttpResponseBase:
    """The picture as it was found."""
    _let_in(request)
    place = found_original(settings.MEDIA_ROOT, digest) if DIGEST.fullmatch(digest) else None
    if place is None:
        raise NotFound("There is no such picture.")
    tag = f'"{digest[:32]}"'
    if tag in request.headers.get("If-None-Match", ""):
        return _kept(HttpResponseNotModified(), tag)
    content = place.read_bytes()
    return _kept(HttpResponse(content, content_type=sniffed(content[:32]) or "application/octet-stream"), tag)


def _let_in(request: HttpRequest) -> None:
    """A session or a token: players show covers too."""
    identity = authenticate_request(request)
    if identity is None:
        raise NotAuthenticated("This needs a session or a token.", hint="Sign in first.")
    identity.require("read")


def _kept(response: HttpResponseBase, tag: str) -> HttpResponseBase:
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = FOREVER
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _meanwhile(digest: str) -> HttpResponseBase:
    place = found_original(settings.MEDIA_ROOT, digest)
    if place and place.stat().st_size <= SMALL_ENOUGH:
        content = place.read_bytes()
        response = HttpResponse(content, content_type=sniffed(content[:32]) or "application/octet-stream")
    else:
        response = HttpResponse(PLACEHOLDER, content_type="image/svg+xml")
        # A program by its type, but one that may do nothing.
        response.headers["Content-Security-Policy"] = "default-src 'none'"
    response.headers["Cache-Control"] = SHORTLY
    response.headers["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ("Cookie",))
    return response
