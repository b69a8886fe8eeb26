"""How every JSON door asks who is there: a ninja security object that takes a session or a bearer token."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from core.auth import Identity, authenticate_request, note_who_asks
from core.errors import NotAllowed, NotAuthenticated


class Needs(AuthBase):
    """Lets in whoever holds one of the scopes; a session that changes something must also bring its CSRF token."""

    openapi_type = "http"
    openapi_scheme = "bearer"

    def __init__(self, *scopes: str, named: Callable[[HttpRequest], str] | None = None) -> None:
        """`named` tells which scope a refusal names, where what is asked for may need more than the door does."""
        self.scopes = scopes
        self.named = named
        super().__init__()

    def __call__(self, request: HttpRequest) -> Identity:
        identity = identify(request)
        if not any(identity.allows(scope) for scope in self.scopes):
            identity.require(self.scopes[0] if self.named is None else self.named(request))
        return identity


def identify(request: HttpRequest) -> Identity:
    """Who is asking, or an error that says how to be known."""
    identity = authenticate_request(request)
    if identity is None:
        raise NotAuthenticated(
            "This needs a session or a token.", hint="Sign in, or send: Authorization: Bearer TOKEN."
        )
    if identity.token_id is None and check_csrf(request) is not None:
        raise NotAllowed("The CSRF token is missing or old.", hint="Load the page again, or use a bearer token.")
    note_who_asks(identity)
    return identity


def identity_of_request(request: HttpRequest) -> Identity:
    """What `Needs` found; ninja keeps it as `request.auth`."""
    identity: Any = getattr(request, "auth", None)
    if not isinstance(identity, Identity):
        raise NotAuthenticated("This needs a session or a token.")
    return identity
