"""Lists `up` among the commands; manage.py answers it before Django is loaded."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from soniquebay import supervisor


class Command(BaseCommand):
    help = "Start everything: PostgreSQL, Redis, the web, a worker, control."
    requires_system_checks: list[str] = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(supervisor.main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        sys.exit(supervisor.main(list(args)))
