"""Jobs that need the database itself, such as a backup: claimed, reported and finished like a worker's."""

import time
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, close_old_connections
from pydantic import JsonValue

from core.errors import Conflict, SoniqueBayError, Superseded
from core.jobs import Queue, kind_named
from core.logs import bind, clear, get_logger
from core.models import Job, Worker
from core.schemas import ClaimedJob, ItemError, JobFinish, JobReport
from core.services.jobs import claim_job, finish_job, report_job

log = get_logger(__name__)
REPORT_EVERY_S = 0.5
# Django's errors, and the driver's own from jobs that connect by themselves; the pool's are among the latter.
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


class Cancelled(Exception):
    """Somebody asked for the job to stop."""


class GivenBack(Exception):
    """Control ends before the job does: it goes back to the queue."""


class DatabaseJob:
    """What a database job is given: its parameters, and a way to say how far it is."""

    def __init__(self, claimed: ClaimedJob) -> None:
        self.claimed = claimed
        self.why_stop: Exception | None = None
        self.figures: dict[str, Any] = {}
        self.reported_at = 0.0

    @property
    def params(self) -> dict[str, JsonValue]:
        return self.claimed.params

    def progress(self, step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        """Says how far it is, a few times a second at most; raises when there is no reason to go on."""
        self.go_on()
        self.figures.update(figures)
        now = time.monotonic()
        if now - self.reported_at < REPORT_EVERY_S and current != total:
            return
        self.reported_at = now
        self._report(
            JobReport(attempt=self.claimed.attempt, step=step, current=current, total=total, metrics=self.figures)
        )

    def go_on(self) -> None:
        """Raises when the job should stop."""
        if self.why_stop:
            raise self.why_stop

    def give_back(self) -> None:
        """Called from beside when control ends."""
        self.why_stop = self.why_stop or GivenBack()

    def error(self, item: str, reason: str) -> None:
        self._report(JobReport(attempt=self.claimed.attempt, errors=[ItemError(item=item, reason=reason)]))

    def heartbeat(self) -> None:
        """Called from beside while the job is busy with one long thing."""
        try:
            if report_job(job_id=self.claimed.id, report=JobReport(attempt=self.claimed.attempt)):
                self.why_stop = Cancelled()
        except Conflict as error:
            self.why_stop = error

    def _report(self, report: JobReport) -> None:
        if report_job(job_id=self.claimed.id, report=report):
            self.why_stop = Cancelled()
        self.go_on()


def next_waiting() -> DatabaseJob | None:
    """Claims the oldest database job that waits."""
    job = Job.objects.filter(state=Job.State.QUEUED, queue=Queue.CONTROL).order_by("queued_at", "id").first()
    if job is None:
        return None
    try:
        return DatabaseJob(claim_job(job_id=job.pk, worker=Worker.CONTROL))
    except Conflict:
        return None


def run_job(job: DatabaseJob) -> None:
    """Runs it to its end, whatever that is; never raises, because nobody would hear it."""
    bind(job_id=str(job.claimed.id), kind=job.claimed.kind)
    try:
        finish = _outcome(job)
        finish_job(job_id=job.claimed.id, finish=finish)
        log.info("job_ended", state=finish.state, reason=finish.message)
    except Superseded:
        log.warning("job_superseded")
    except Exception:
        # The row still says "running": its silence will be noticed, and the job taken up again.
        log.exception("job_end_not_noted")
    finally:
        close_old_connections()
        clear()


def _outcome(job: DatabaseJob) -> JobFinish:
    run = kind_named(job.claimed.kind).run
    attempt = job.claimed.attempt
    if run is None:
        return JobFinish(attempt=attempt, state="failed", message="No code of control runs this kind of job.")
    try:
        run(job)
    except Cancelled:
        return JobFinish(attempt=attempt, state="cancelled", message="Stopped; what was done is kept.")
    except GivenBack:
        return JobFinish(attempt=attempt, state="failed", message="Control was stopped.", given_back=True)
    except Superseded:
        raise
    except AWAY as error:
        log.warning("database_away", reason=str(error).strip().split("\n")[0])
        return JobFinish(attempt=attempt, state="failed", message="The database went away.", retry=True)
    except SoniqueBayError as error:
        return JobFinish(attempt=attempt, state="failed", message=f"{error.message} {error.hint}".strip())
    except Exception as error:
        log.exception("job_failed")
        return JobFinish(attempt=attempt, state="failed", message=f"{type(error).__name__}: {error}"[:2000])
    return JobFinish(attempt=attempt, state="done", metrics=job.figures)
