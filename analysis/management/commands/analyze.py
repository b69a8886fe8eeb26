"""Analyses how tracks sound: what was never analysed, what is of an older version, or everything anew."""

import json
import sys
from argparse import ArgumentParser
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError

from analysis.management.waiting import described, totals
from analysis.schemas.work import What
from analysis.selectors.governor import governor_settings, why_paused
from analysis.services.starting import start_analysis
from core.errors import SoniqueBayError
from core.models import Job
from library.management.waiting import Interrupted, add_choices, wait_for

REASONS = {
    "paused": "It is paused, and begins when somebody resumes it.",
    "hours": "It begins when its hours do.",
    "listening": "It waits while somebody listens.",
}
WHAT = {
    "missing": "tracks that were never analysed (this is what happens without a choice)",
    "stale": "tracks whose analysis is of an older version, or of a recording that was replaced",
    "all": "every track; what is known serves until the new is there, and locks are kept",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_choices(parser, WHAT, usual="missing")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            jobs = start_analysis(what=cast(What, options["what"]))
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        if jobs and (reason := why_paused(governor_settings())):
            self.stderr.write(REASONS[reason])
        if not (options["wait"] or options["json"]):
            told = f"{len(jobs)} part(s) started; see Activity, or add --wait." if jobs else "There is nothing to do."
            self.stderr.write(told)
            return
        try:
            done = wait_for(jobs, sys.stderr, described) if jobs else []
        except Interrupted:
            raise CommandError("Not waited for any longer; the analysis goes on. Cancel it in Activity.") from None
        self._report(done, as_json=options["json"])

    def _report(self, jobs: list[Job], *, as_json: bool) -> None:
        found = totals(jobs)
        told = "{analysed:,} tracks analysed, {partial:,} of them in part, {errors:,} errors; {music_s:,} s of music."
        self.stdout.write(json.dumps(found) if as_json else told.format(**found))
        failed = [job for job in jobs if job.state != Job.State.DONE]
        if failed:
            raise CommandError(" ".join(job.message or f"A part is {job.state}." for job in failed))
