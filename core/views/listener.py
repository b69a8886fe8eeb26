"""Who is looking at a page."""

from django.http import HttpRequest

from core.auth import Identity, identity_of
from core.errors import NotAllowed, NotAuthenticated
from core.models import User


def identity_of_page(request: HttpRequest) -> Identity:
    """The signed-in person and what they may do; the middleware lets nobody else in here."""
    identity = identity_of(request.user)
    if identity is None:
        raise NotAuthenticated("This page needs a session.")
    return identity


def listener_of(request: HttpRequest) -> User:
    user = identity_of_page(request).user
    if user is None:
        raise NotAuthenticated("This page is for people.")
    return user


def owner_of(request: HttpRequest) -> User:
    user = listener_of(request)
    if not user.is_superuser:
        raise NotAllowed("Only the owner may do this.")
    return user
