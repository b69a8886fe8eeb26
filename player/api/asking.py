"""Whose queue and whose listens are meant: those of the person who asks."""

from django.http import HttpRequest

from core.doors import identity_of_request
from core.models import User
from player.services.talking import owner_of


def person(request: HttpRequest) -> User:
    return owner_of(identity_of_request(request))
