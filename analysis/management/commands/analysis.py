"""Carries analyses from one installation to another, by what the recordings are: locks and corrections come along."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.services.exporting import export_bundle
from analysis.services.importing import import_bundle
from core.errors import SoniqueBayError


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        for name, said in (
            ("export", "writes all that is known of how recordings sound into one file"),
            ("import", "reads such a file; a second time changes nothing"),
        ):
            part = parts.add_parser(name, help=said)
            part.add_argument("file", type=Path, help="such as analyses.jsonl.gz")
            part.add_argument("--json", action="store_true", help="end with one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"].expanduser()
        try:
            if options["what"] == "export":
                self._export(path, as_json=options["json"])
            else:
                self._import(path, as_json=options["json"])
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror or error}") from None

    def _export(self, path: Path, *, as_json: bool) -> None:
        count = export_bundle(path=path)
        told = f"{count:,} recordings are in {path}."
        self.stdout.write(json.dumps({"recordings": count}) if as_json else told)

    def _import(self, path: Path, *, as_json: bool) -> None:
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        found = import_bundle(path=path)
        if as_json:
            self.stdout.write(found.model_dump_json())
            return
        self.stdout.write(
            f"{found.recordings:,} recordings: {found.matched:,} are here too, {found.unknown:,} are not. "
            f"Of {found.changed:,} tracks something is known now that was not, of {found.unchanged:,} nothing new."
        )
        if found.unreadable:
            self.stderr.write(f"{found.unreadable:,} lines could not be read.")
