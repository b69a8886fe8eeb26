"""Makes an API token and prints it, and nothing else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import SoniqueBayError
from core.models import ApiToken, User
from core.services.tokens import create_token


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="what it is for")
        parser.add_argument("--scope", required=True, choices=ApiToken.Scope.values)
        parser.add_argument("--user", help="whose it is; the owner's if nobody is named")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            _row, secret = create_token(name=options["name"], scope=options["scope"], user=_person(options))
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        self.stdout.write(secret)


def _person(options: dict[str, Any]) -> User | None:
    if options["user"]:
        user = User.objects.filter(username=options["user"]).first()
        if user is None:
            raise CommandError(f"There is nobody called {options['user']}.")
        return user
    if options["scope"] == ApiToken.Scope.WORKER:
        return None
    return User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
