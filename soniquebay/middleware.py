"""Turns errors that views raise into the page or the JSON that their reader expects."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from core.errors import InvalidInput, SoniqueBayError
from core.logs import get_logger, without_secrets
from core.schemas import ErrorOut
from soniquebay.faults import as_ours, headers_of, status_of

log = get_logger("soniquebay.faults")


MACHINES_READ = {"/health", "/metrics"}
LONGEST_PLAIN = 300
JSON = "application/json"
LONGEST = 2000


class Faults(MiddlewareMixin):
    """Our own errors, and stores that are away, get their status; the rest goes on to be a 500 with its traceback."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        error = as_ours(exception)
        return None if error is None else error_response(request, error)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What libraries refuse in words of their own, below /api/, is said in ours."""
        if response.status_code < 400 or not _is_read_by_machines(request) or not isinstance(response, HttpResponse):
            return response
        return response if response.headers.get("Content-Type") == "application/json" else _in_json(request, response)


class NotSentAgain(ConditionalGetMiddleware):
    """A 304 for what its reader has already; Django's own forgets the file that it stands for."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith("/api/") and response.headers.get("Content-Type", "").startswith(JSON):
            # A row's date does not know that an artist's new name changes the answer of a track: the digest does.
            request.META.pop("HTTP_IF_MODIFIED_SINCE", None)
            response.headers.setdefault("Cache-Control", "private, no-cache")
        answer: HttpResponseBase = super().process_response(request, response)
        if answer is not response:
            answer._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]
        return answer


def _is_read_by_machines(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/") or request.path_info in MACHINES_READ


def _in_json(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code == 405:
        said = ErrorOut(
            code="method_not_allowed",
            message="This address does not answer to that method.",
            hint=f"Allowed: {response.headers.get('Allow', 'none')}.",
        )
    else:
        said = ErrorOut(code=InvalidInput.code, message=response.content.decode(errors="replace")[:LONGEST_PLAIN])
    said.request_id = getattr(request, "id", "")
    response.content = json.dumps(said.model_dump()).encode()
    response.headers["Content-Type"] = "application/json"
    response.headers["Content-Length"] = str(len(response.content))
    return response


def error_response(request: HttpRequest, error: SoniqueBayError) -> HttpResponse:
    """The error as JSON below /api/, as a page elsewhere; the page needs neither database nor session."""
    status = status_of(error)
    if status >= 500:
        log.warning("unavailable", path=without_secrets(request.path), reason=error.message)
    if _is_read_by_machines(request):
        answer: HttpResponse = JsonResponse(error_out(request, error).model_dump(), status=status)
    else:
        answer = render(None, "error.html", {"error": error, "status": status}, status=status)
    for name, value in headers_of(error).items():
        answer.headers[name] = value
    return answer


def error_out(request: HttpRequest, error: SoniqueBayError) -> ErrorOut:
    return ErrorOut(
        code=error.code,
        message=_sendable(error.message),
        hint=_sendable(error.hint),
        field=_sendable(error.field),
        request_id=getattr(request, "id", ""),
    )


def _sendable(text: str) -> str:
    """Errors quote what was sent: half a surrogate pair cannot be sent back, and nobody reads a megabyte."""
    return text[:LONGEST].encode(errors="replace").decode()
