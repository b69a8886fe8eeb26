"""Scans folders of music: all of them, or the one that a path lies in; a new folder becomes one of them."""

import json
import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import SoniqueBayError
from core.models import Job
from library.engine.paths import escaped
from library.management.waiting import Interrupted, totals, wait_for
from library.models import LibraryRoot
from library.schemas.scan import ScanStart
from library.services.roots import ensure_root
from library.services.scans import start_scans


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", help="a folder; without one, all folders of music are scanned")
        parser.add_argument("--wait", action="store_true", help="show how far it is, and end when it does")
        parser.add_argument("--json", action="store_true", help="end with one line of JSON; waits too")
        parser.add_argument("--force", action="store_true", help="read every file again, changed or not")
        parser.add_argument("--accept-missing", action="store_true", help="so many files are really gone")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            jobs = self._start(options)
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        if not (options["wait"] or options["json"]):
            self._say(f"{len(jobs)} scan(s) started; see Activity, or add --wait.")
            return
        try:
            done = wait_for(jobs, sys.stderr)
        except Interrupted:
            raise CommandError("Not waited for any longer; the scan itself goes on. Cancel it in Activity.") from None
        self._report(done, as_json=options["json"])

    def _start(self, options: dict[str, Any]) -> list[Job]:
        asked = {"force": options["force"], "accept_missing": options["accept_missing"]}
        if options["path"]:
            path = escaped(os.path.abspath(os.path.expanduser(options["path"])))
            if not os.path.isdir(os.path.expanduser(options["path"])):
                raise CommandError(f"{path} is no folder that can be seen from here.")
            root, made = ensure_root(path=path)
            if made:
                self._say(f"{root.path} is a folder of music from now on.")
            elif root.path != path:
                self._say(f"{path} is part of “{root.name}” ({root.path}), which is scanned as a whole.")
            return start_scans(asked=ScanStart(root_id=root.pk, **asked))
        if not LibraryRoot.objects.filter(enabled=True).exists():
            raise CommandError("There is no folder of music yet. Name one: manage.py scan ~/Music")
        return start_scans(asked=ScanStart(**asked))

    def _say(self, text: str) -> None:
        """To where people look; what programs read is the last line alone."""
        self.stderr.write(text)

    def _report(self, jobs: list[Job], *, as_json: bool) -> None:
        found = totals(jobs)
        if as_json:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(
                "{found:,} files: {new:,} new, {changed:,} changed, {unchanged:,} unchanged, {moved:,} moved, "
                "{missing:,} missing, {errors:,} errors; {seconds:,.1f} s.".format(**found)
            )
        failed = [job for job in jobs if job.state != Job.State.DONE]
        if failed:
            raise CommandError(" ".join(job.message or f"A scan is {job.state}." for job in failed))
