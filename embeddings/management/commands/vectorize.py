"""Makes vectors of what tracks say and sound like: of what is missing or has changed, or of everything anew."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any, cast

from django.core.management.base import BaseCommand, CommandError

from core.errors import SoniqueBayError
from core.models import Job
from embeddings.schemas.work import What
from embeddings.services.following import note_all_changed
from embeddings.services.vectorizing import start_vectorizing
from library.management.waiting import Interrupted, add_choices, progress_of, time_span, wait_for, waiting_for

FIGURES = ("vectors", "unchanged", "without", "refused")
WHAT = {
    "missing": "tracks that have no vector of the chosen model",
    "stale": "tracks whose words or sound have changed since",
    "all": "every track; the vectors there are serve until the new ones are there",
}


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_choices(parser, WHAT, usual="outstanding")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            note_all_changed()
            job, tracks = start_vectorizing(what=cast(What, options["what"]))
        except SoniqueBayError as error:
            raise CommandError(f"{error.message} {error.hint}".strip()) from None
        waits = options["wait"] or options["json"]
        if job is None or not waits:
            told = (
                f"{tracks:,} vectors are to be made; see Activity, or add --wait." if job else "There is nothing to do."
            )
            self.stderr.write(told)
        if waits:
            self._report(self._waited_for([job] if job else []), as_json=options["json"])

    def _waited_for(self, jobs: Sequence[Job]) -> list[Job]:
        try:
            return wait_for(jobs, sys.stderr, described) if jobs else []
        except Interrupted:
            raise CommandError("Not waited for any longer; it goes on. Cancel it in Activity.") from None

    def _report(self, jobs: Sequence[Job], *, as_json: bool) -> None:
        found = {name: sum(int(job.figures.get(name, 0)) for job in jobs) for name in FIGURES}
        told = (
            "{vectors:,} vectors made, {unchanged:,} unchanged, {without:,} with nothing to go by, {refused:,} refused."
        )
        self.stdout.write(json.dumps(found) if as_json else told.format(**found))
        if failed := [job for job in jobs if job.state != Job.State.DONE]:
            raise CommandError(" ".join(job.message or f"It is {job.state}." for job in failed))


def described(jobs: Sequence[Job], waited_s: float) -> str:
    if waiting := waiting_for(jobs, waited_s):
        return waiting
    job = jobs[0]
    parts = progress_of([one for one in jobs if one.state == Job.State.RUNNING], job.current, job.total or 0, "vectors")
    if rate := float(job.figures.get("rate_per_s", 0)):
        left = max(0, (job.total or 0) - job.current) / rate
        parts += [f"{rate * 60:,.0f} a minute", f"{time_span(left)} left"]
    return "  ".join(parts)
