"""The life of a job: asked for, claimed, reported on, finished, cancelled, taken up again after a worker's death.

A claim hands out an attempt number, and every later word must name it: a worker that was believed dead and comes
back is told that the job is somebody else's now, so that nothing is done twice.
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from core import queue
from core.errors import Conflict, NotFound, Superseded
from core.events import publish
from core.jobs import Queue, kind_named, meter_of
from core.models import Job, JobError, User
from core.schemas import (
    ACTIVE_STATES,
    FINAL_STATES,
    ClaimedJob,
    Figures,
    ItemError,
    JobFinish,
    JobReport,
    JobState,
    ProgressEvent,
)
from core.selectors import job_title
from core.signals import job_ended

# A queued job whose message was lost (by Redis, or by a worker that died with it) is sent again after this long.
SEND_AGAIN_AFTER = timedelta(seconds=10)
FIRST_SEND_WITHIN = timedelta(seconds=5)


def start_job(*, kind: str, params: dict[str, Any] | None = None, requested_by: User | None = None) -> Job:
    """Queues a job; a second one of the same kind and subject is refused while the first is active."""
    what = kind_named(kind)
    checked = what.check_params(params or {}) if what.check_params else params or {}
    try:
        with transaction.atomic():
            job = Job.objects.create(
                kind=what.name,
                subject=what.subject(checked),
                queue=what.queue,
                params=checked,
                requested_by=requested_by,
            )
    except IntegrityError:
        raise Conflict(
            f"“{what.title}” is already waiting or running.", hint="See Activity; cancel it there, or let it finish."
        ) from None
    queue.enqueue(job)
    announce(job)
    return job


@transaction.atomic
def claim_job(*, job_id: UUID, worker: str) -> ClaimedJob:
    """Gives a queued job to the worker that asks first."""
    job = _locked(job_id)
    if job.state != Job.State.QUEUED:
        raise Conflict(f"This job is {job.state}, not waiting.")
    now = timezone.now()
    job.state = Job.State.RUNNING
    job.attempt += 1
    job.worker = worker
    job.message = ""
    job.started_at = job.started_at or now
    job.heartbeat_at = now
    job.save(update_fields=["state", "attempt", "worker", "message", "started_at", "heartbeat_at"])
    announce(job)
    return ClaimedJob(
        id=job.pk,
        kind=job.kind,
        params=job.params,
        checkpoint=job.checkpoint,
        attempt=job.attempt,
        heartbeat_s=settings.JOB_HEARTBEAT_S,
    )


@transaction.atomic
def report_job(*, job_id: UUID, report: JobReport) -> bool:
    """Notes progress and the heartbeat; True asks the worker to stop, because somebody cancelled."""
    job = _running(job_id, report.attempt)
    if report.step is not None:
        job.step = report.step
    if report.current is not None:
        job.current = report.current
    if report.total is not None:
        job.total = report.total
    _add_figures(job, report.metrics or {})
    if report.checkpoint is not None:
        job.checkpoint = report.checkpoint
    job.heartbeat_at = timezone.now()
    _note_errors(job, report.errors)
    job.save(update_fields=["step", "current", "total", "figures", "checkpoint", "heartbeat_at", "error_count"])
    announce(job)
    return job.cancel_requested


@transaction.atomic
def finish_job(*, job_id: UUID, finish: JobFinish) -> Job:
    """Closes a job; a failure that may pass by itself puts it back into the queue a bounded number of times."""
    job = _running(job_id, finish.attempt)
    _add_figures(job, finish.metrics)
    if finish.state == JobState.FAILED and (finish.retry or finish.given_back):
        if job.cancel_requested:
            return _close(job, state=Job.State.CANCELLED, message=_("Cancelled; what was done is kept."))
        job.setbacks += not finish.given_back
        if job.setbacks < settings.JOB_MOST_ATTEMPTS:
            return _requeue(job, message=finish.message)
    return _close(job, state=Job.State(finish.state), message=finish.message)


@transaction.atomic
def cancel_job(*, job_id: UUID) -> Job:
    """A waiting job ends at once; a running one is asked to stop with its next report, and keeps what it has done."""
    job = _locked(job_id)
    if job.state in FINAL_STATES:
        raise Conflict(f"This job is {job.state} already.")
    job.cancel_requested = True
    if job.state == Job.State.QUEUED:
        return _close(job, state=Job.State.CANCELLED, message=_("Cancelled before it began."))
    job.save(update_fields=["cancel_requested"])
    announce(job)
    return job


def retry_job(*, job_id: UUID, requested_by: User | None = None) -> Job:
    """Starts a new job with the parameters of one that has ended."""
    old = Job.objects.filter(pk=job_id).first()
    if old is None:
        raise NotFound("There is no such job.")
    if old.state in ACTIVE_STATES:
        raise Conflict(f"This job is {old.state}: there is nothing to try again yet.")
    return start_job(kind=old.kind, params=old.params, requested_by=requested_by)


def revive_jobs(*, listening_since: datetime | None = None) -> int:
    """Queues again what a dead worker left behind, and sends again what no worker has heard of; control calls it.

    Who could not be heard, because the database was away, is not dead: silence counts from `listening_since`.
    """
    _send_waiting_jobs()
    limit = timezone.now() - timedelta(seconds=settings.JOB_DEAD_AFTER_S)
    if listening_since is not None and listening_since > limit:
        return 0
    silent = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=limit)
    return sum(_revive(job_id) for job_id in silent.values_list("pk", flat=True))


def _send_waiting_jobs() -> None:
    now = timezone.now()
    waiting = Job.objects.filter(state=Job.State.QUEUED).order_by("queued_at", "id")
    for job in waiting.filter(sent_at=None, queued_at__lt=now - FIRST_SEND_WITHIN).exclude(queue=Queue.CONTROL):
        if not queue.send(job):
            return
    for name in (Queue.FILES, Queue.COMPUTE, Queue.NETWORK):
        _send_lost(list(waiting.filter(queue=name, sent_at__lt=now - SEND_AGAIN_AFTER)), name)


def _send_lost(jobs: list[Job], name: Queue) -> None:
    """As many as messages are missing: a job may wait for days, and must not fill the queue with its messages."""
    there = queue.waiting_messages(name) if jobs else None
    if there is None:
        return
    for job in jobs[: max(0, len(jobs) - there)]:
        if not queue.send(job):
            return


@transaction.atomic
def _revive(job_id: UUID) -> bool:
    job = Job.objects.select_for_update(skip_locked=True).filter(pk=job_id, state=Job.State.RUNNING).first()
    limit = timezone.now() - timedelta(seconds=settings.JOB_DEAD_AFTER_S)
    if job is None or job.heartbeat_at is None or job.heartbeat_at >= limit:
        return False
    job.setbacks += 1
    if job.cancel_requested:
        _close(job, state=Job.State.CANCELLED, message=_("Cancelled; its worker had gone silent."))
    elif job.setbacks >= settings.JOB_MOST_ATTEMPTS:
        _close(job, state=Job.State.FAILED, message=_("Every worker that took it up has died."))
    else:
        _requeue(job, message=_("Its worker went silent; another one takes it up where it stopped."))
    return True


def announce(job: Job) -> None:
    """Tells every listener how the job stands."""
    publish(
        ProgressEvent(
            task_id=job.pk,
            step=job.step,
            current=job.current,
            total=job.total,
            percent=job.percent,
            metrics=job.figures,
            kind=job.kind,
            title=job_title(job),
            state=JobState(job.state),
            message=job.message,
            errors=job.error_count,
        )
    )


def _locked(job_id: UUID) -> Job:
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such job.")
    return job


def _running(job_id: UUID, attempt: int) -> Job:
    job = _locked(job_id)
    if job.state != Job.State.RUNNING or job.attempt != attempt:
        raise Superseded(f"Attempt {attempt} of this job is over: it is {job.state}, attempt {job.attempt}.")
    return job


def _add_figures(job: Job, figures: Figures) -> None:
    before, job.figures = job.figures, {**job.figures, **figures}
    # Prometheus' own numbers cannot be rolled back.
    transaction.on_commit(partial(meter_of(job.kind).count, before, job.figures), robust=True)


def _note_errors(job: Job, errors: list[ItemError]) -> None:
    if not errors:
        return
    rows = [
        JobError(job=job, item=e.item, item_digest=hashlib.sha256(e.item.encode()).hexdigest(), reason=e.reason)
        for e in errors
    ]
    JobError.objects.bulk_create(rows, ignore_conflicts=True)
    job.error_count = job.errors.count()


def _requeue(job: Job, *, message: str) -> Job:
    job.state = Job.State.QUEUED
    job.message = message
    job.sent_at = None
    job.worker = ""
    job.save(update_fields=["state", "message", "sent_at", "worker", "figures", "setbacks"])
    queue.enqueue(job)
    announce(job)
    return job


def _close(job: Job, *, state: Job.State, message: str) -> Job:
    job.state = state
    job.message = message
    job.finished_at = timezone.now()
    job.save(update_fields=["state", "message", "finished_at", "cancel_requested", "figures"])
    if state == Job.State.DONE and job.started_at:
        seconds = (job.finished_at - job.started_at).total_seconds()
        transaction.on_commit(partial(meter_of(job.kind).time, seconds), robust=True)
    job_ended.send(Job, job=job)
    announce(job)
    return job
