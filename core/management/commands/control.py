"""Runs control: the schedule, the database jobs, the revival of dead jobs."""

import signal
from typing import Any

from django.core.management.base import BaseCommand

from core.control import Control


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        control = Control()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: control.stop())
        control.run()
