"""Takes over the library of the first SoniqueBay from its database, which is only read; see docs/migrating.md."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from core.backups.database import live_database
from core.backups.terminal import stoppable
from library.services.importing.building import Wanted, import_soniquebay
from library.services.importing.report import Report
from library.services.importing.source import opened

KEPT = "Nothing was changed."


def folders(text: str) -> tuple[str, str]:
    old, found, new = text.partition("=")
    if not (found and old.startswith("/") and new.startswith("/")):
        raise ArgumentTypeError(f"{text} is not OLD=NEW, two absolute folders such as /music=/srv/music")
    return old.rstrip("/") + "/", new.rstrip("/") + "/"


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("address", metavar="DSN", help="postgresql://user:password@host:5432/name")
        parser.add_argument(
            "--dry-run", action="store_true", help="do everything but the exchange, and say what is odd"
        )
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--replace", action="store_true", help="although this library has tracks already")
        parser.add_argument(
            "--moved",
            action="append",
            default=[],
            type=folders,
            metavar="OLD=NEW",
            help="the folder of music that was OLD there is NEW here; may be given several times",
        )
        parser.add_argument("--report", type=Path, help="a file for the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        connections.close_all()
        wanted = Wanted(tuple(options["moved"]), replace=options["replace"], dry_run=options["dry_run"])
        with stoppable(KEPT) as bar:
            if not (options["yes"] or options["dry_run"]):
                self._ask(options["address"])
            report = import_soniquebay(
                address=options["address"],
                database=live_database(),
                media=settings.MEDIA_ROOT,
                wanted=wanted,
                progress=bar,
            )
        # Out here, because nobody may be told that nothing was changed any more.
        self._say(report, wanted)
        if options["report"]:
            options["report"].write_text(json.dumps(report.as_json(), indent=1, ensure_ascii=False), encoding="utf-8")

    def _ask(self, address: str) -> None:
        with opened(address) as source:
            tracks = source.count("SELECT count(*) FROM tracks")
            self.stdout.write(
                f"This puts the library of {source.name} ({tracks:,} tracks) in the place of the one here."
            )
        self.stdout.write("Accounts, tokens, settings, jobs, the schedule and the folders of music stay.")
        if not sys.stdin.isatty():
            raise CommandError(f"Nobody is there to be asked: add --yes. {KEPT}")
        if input("Type yes to go on: ").strip().lower() != "yes":
            raise CommandError(KEPT)

    def _say(self, report: Report, wanted: Wanted) -> None:
        rows = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in report.rows.items() if count)
        self.stdout.write(f"Copied and compared: {rows}; {report.covers:,} pictures.")
        for found in report.found:
            self.stdout.write(str(found))
        if report.outside:
            self.stdout.write(
                f"{report.outside:,} files lie in no folder of music that is known here. Add it in the settings "
                "and scan; if it has another path than it had there, import again with --moved OLD=NEW first."
            )
        if wanted.dry_run:
            self.stdout.write(f"That was a try. {KEPT}")
            return
        if report.jobs_failed:
            self.stdout.write(f"Jobs that ran are marked as failed ({report.jobs_failed}); start them anew if wanted.")
        self.stdout.write("The library is imported; what runs goes on with it by itself. A scan brings it up to date.")
        self.stdout.write(
            f"The old database is kept as {report.put_aside}. Once all is well: manage.py restore --forget-old"
        )
