"""Who may listen, asked when a stream begins and again while it lasts, without keeping a database connection."""

import asyncio
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.db import connections
from django.http import HttpRequest, parse_cookie

from core.auth import Identity, authenticate_request
from core.errors import NotAllowed, NotAuthenticated

BEARER = "bearer."
# A crowd of sockets that all reconnect at once waits in line here instead of emptying the pool of connections.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="events-access")


@dataclass(frozen=True)
class Credential:
    """What a browser or program proves itself with, in a form that can be asked again later."""

    session: str = ""
    authorization: str = ""


def credential_of(headers: Mapping[str, str]) -> Credential:
    """Of headers whose names are lower case; a bearer token goes before a session, as everywhere."""
    authorization = headers.get("authorization", "")
    cookies = parse_cookie(headers.get("cookie", ""))
    session = "" if authorization else cookies.get(settings.SESSION_COOKIE_NAME, "")
    return Credential(session=session, authorization=authorization)


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Browsers open sockets to any site, cookies included, and name the page that did: it must be one of ours."""
    origin = headers.get("origin")
    if origin is None or origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return bool(urlsplit(origin).netloc) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def socket_credential(scope: Mapping[str, Any]) -> tuple[Credential, str | None]:
    """Of a socket's handshake, and the subprotocol to answer: browsers can send no header, but name subprotocols."""
    headers = {name.decode("latin1"): value.decode("latin1") for name, value in scope["headers"]}
    offered: list[str] = scope.get("subprotocols") or []
    bearer = next((name for name in offered if name.startswith(BEARER)), None)
    # A browser hangs up unless one of those that it offered is chosen; the token itself need not travel back.
    chosen = next((name for name in offered if name != bearer), bearer)
    if bearer and "authorization" not in headers:
        return Credential(authorization=f"Bearer {bearer.removeprefix(BEARER)}"), chosen
    if "authorization" not in headers and not comes_from_here(headers):
        return Credential(), chosen
    return credential_of(headers), chosen


def identify(credential: Credential) -> Identity | None:
    """Asks the database afresh, as for a new request."""
    request = HttpRequest()
    if credential.authorization:
        request.META["HTTP_AUTHORIZATION"] = credential.authorization
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(credential.session or None)
    request.user = get_user(request)
    return authenticate_request(request)


def require_reading(identity: Identity | None) -> Identity:
    if identity is None:
        raise NotAuthenticated("Sign in to hear of events.", hint="Send a session or a token of scope read.")
    identity.require("read")
    return identity


async def admit(credential: Credential) -> Identity:
    """Who it is; raises NotAuthenticated or NotAllowed."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _admit, credential)


async def refused(credentials: Collection[Credential]) -> set[Credential]:
    """Those that would not be admitted any more."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _refused, credentials)


def _admit(credential: Credential) -> Identity:
    try:
        return require_reading(identify(credential))
    finally:
        connections.close_all()


def _refused(credentials: Collection[Credential]) -> set[Credential]:
    gone = set()
    for credential in credentials:
        try:
            _admit(credential)
        except (NotAuthenticated, NotAllowed):
            gone.add(credential)
    return gone
