"""Saves the database and the covers into one file, while everything runs."""

from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from core.backups.making import make_backup, own_place
from core.backups.progress import MB
from core.backups.terminal import stoppable


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, help="where to, instead of the home's folder of backups")

    def handle(self, *args: Any, **options: Any) -> None:
        place = own_place()
        if options["folder"]:
            place = replace(place, folder=options["folder"].absolute())
        with stoppable("No backup was made; the older ones are kept.") as bar:
            made = make_backup(place, bar)
        size = made.path.stat().st_size / MB
        rows, covers = sum(made.manifest.rows.values()), made.manifest.media.files
        self.stdout.write(f"{made.path} ({size:,.1f} MB: {rows:,} rows, {covers:,} covers), read back and found whole.")
        self.stdout.write(
            "It holds no secrets: keep the home's folder secrets/ too, in another place than the backups."
        )
