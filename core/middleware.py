"""What happens around every request: ids in the logs, time in the metrics, sign-in by default, language by person."""

import re
import time
import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from core import metrics
from core.auth import identity_of, note_who_asks
from core.logs import bind, clear, get_logger, without_secrets

log = get_logger("soniquebay.request")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# Anybody can make up methods, and a metric keeps every label that it has ever seen.
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}


class RequestContext(MiddlewareMixin):
    """Gives every request an id that its log lines, its answer and its error messages share."""

    def process_request(self, request: HttpRequest) -> None:
        given = request.headers.get("X-Request-ID", "")
        request.id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex[:16]  # type: ignore[attr-defined]
        request.began = time.perf_counter()  # type: ignore[attr-defined]
        clear()
        bind(request_id=request.id)  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        seconds = time.perf_counter() - request.began  # type: ignore[attr-defined]
        match = request.resolver_match
        route = match.route if match else "none"
        method = request.method if request.method in METHODS else "other"
        metrics.api_request_duration_seconds.labels(method, route, response.status_code).observe(seconds)
        response.headers["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        if route != "health":
            log.info(
                "request",
                method=request.method,
                path=without_secrets(request.path),
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Every page needs a session unless it says otherwise; the APIs under /api/ do their own, tokens included."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        # By path_info, as the resolver does: `path` also holds what a proxy says of where we are mounted.
        if request.path_info.startswith("/api/"):
            return None
        answer = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is not None and request.headers.get("HX-Request"):
            # A fragment cannot be a login form: the whole page goes there.
            return HttpResponse(status=401, headers={"HX-Redirect": answer.headers["Location"]})
        return answer


class PersonalLocale(MiddlewareMixin):
    """Who asks; the person's language, else the one chosen in this browser, else what the browser asks for."""

    def process_request(self, request: HttpRequest) -> None:
        identity = identity_of(request.user)
        note_who_asks(identity)
        chosen = identity.user.language if identity and identity.user else ""
        chosen = chosen or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        language = chosen if chosen in known else translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response
