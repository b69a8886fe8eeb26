"""The life of a job, as its services tell it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from core import queue
from core.errors import Conflict, InvalidInput, Superseded
from core.models import Job, JobError
from core.schemas import ItemError, JobFinish, JobReport
from core.services.jobs import cancel_job, claim_job, finish_job, report_job, retry_job, revive_jobs, start_job
from core.signals import job_ended

KIND = "library.demo_library"


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """Here the test is the worker."""
    monkeypatch.setattr(queue, "send", lambda job: True)


def silent_for(job: Job, seconds: float) -> None:
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(seconds=seconds))


def test_a_second_job_of_one_kind_and_subject_is_refused_while_the_first_is_active() -> None:
    job = start_job(kind=KIND)
    with pytest.raises(Conflict):
        start_job(kind=KIND)
    cancel_job(job_id=job.pk)
    assert start_job(kind=KIND).pk != job.pk


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(InvalidInput) as refusal:
        start_job(kind="nothing.like_it")
    assert KIND in refusal.value.hint


def test_the_first_worker_that_asks_gets_the_job() -> None:
    job = start_job(kind=KIND)
    assert claim_job(job_id=job.pk, worker="a").attempt == 1
    with pytest.raises(Conflict):
        claim_job(job_id=job.pk, worker="b")


def test_reports_keep_what_they_do_not_mention() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    report_job(job_id=job.pk, report=JobReport(attempt=1, step="Composing", current=3, total=24, metrics={"a": 1}))
    report_job(job_id=job.pk, report=JobReport(attempt=1, current=4, metrics={"b": 2}))
    job.refresh_from_db()
    assert (job.step, job.current, job.total, job.percent) == ("Composing", 4, 24, 16)
    assert job.figures == {"a": 1, "b": 2}


def test_an_error_that_is_reported_twice_is_kept_once() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    report = JobReport(attempt=1, errors=[ItemError(item="a.flac", reason="cut short")])
    report_job(job_id=job.pk, report=report)
    report_job(job_id=job.pk, report=report)
    job.refresh_from_db()
    assert job.error_count == JobError.objects.filter(job=job).count() == 1


def test_a_job_whose_worker_fell_silent_is_queued_again_and_keeps_its_checkpoint() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    report_job(job_id=job.pk, report=JobReport(attempt=1, current=7, checkpoint={"after": "g"}))
    assert revive_jobs() == 0
    silent_for(job, 60)
    assert revive_jobs() == 1
    taken_up = claim_job(job_id=job.pk, worker="b")
    assert (taken_up.attempt, taken_up.checkpoint) == (2, {"after": "g"})


def test_a_worker_that_comes_back_from_the_dead_is_told_that_the_job_is_not_its_own() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    silent_for(job, 60)
    revive_jobs()
    claim_job(job_id=job.pk, worker="b")
    with pytest.raises(Superseded):
        report_job(job_id=job.pk, report=JobReport(attempt=1, current=1))
    with pytest.raises(Superseded):
        finish_job(job_id=job.pk, finish=JobFinish(attempt=1, state="done"))


def test_a_job_that_kills_every_worker_is_given_up(settings: Any) -> None:
    settings.JOB_MOST_ATTEMPTS = 2
    job = start_job(kind=KIND)
    for _ in range(2):
        claim_job(job_id=job.pk, worker="a")
        silent_for(job, 60)
        revive_jobs()
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.FAILED, 2)


def test_a_passing_failure_is_tried_again_and_a_lasting_one_is_not() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    assert finish_job(job_id=job.pk, finish=JobFinish(attempt=1, state="failed", retry=True)).state == "queued"
    claim_job(job_id=job.pk, worker="a")
    assert finish_job(job_id=job.pk, finish=JobFinish(attempt=2, state="failed")).state == "failed"


def test_a_worker_that_is_told_to_stop_gives_its_job_back_as_often_as_it_takes(settings: Any) -> None:
    settings.JOB_MOST_ATTEMPTS = 2
    job = start_job(kind=KIND)
    for attempt in range(1, 6):
        claim_job(job_id=job.pk, worker="a")
        stop = JobFinish(attempt=attempt, state="failed", given_back=True)
        assert finish_job(job_id=job.pk, finish=stop).state == "queued"


def test_cancelling_a_running_job_reaches_its_worker_with_the_next_report() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    assert report_job(job_id=job.pk, report=JobReport(attempt=1)) is False
    cancel_job(job_id=job.pk)
    assert report_job(job_id=job.pk, report=JobReport(attempt=1)) is True
    finished = finish_job(job_id=job.pk, finish=JobFinish(attempt=1, state="cancelled"))
    assert finished.state == Job.State.CANCELLED


def test_only_a_job_that_has_ended_is_tried_again() -> None:
    job = start_job(kind=KIND)
    with pytest.raises(Conflict):
        retry_job(job_id=job.pk)
    cancel_job(job_id=job.pk)
    assert retry_job(job_id=job.pk).state == Job.State.QUEUED


def test_the_end_of_a_job_is_told_once_however_it_ended() -> None:
    told: list[tuple[str, str]] = []

    def hear(sender: Any, job: Job, **kwargs: Any) -> None:
        told.append((str(job.pk), job.state))

    job_ended.connect(hear)
    try:
        one, other = start_job(kind=KIND), start_job(kind="clean_up")
        claim_job(job_id=one.pk, worker="a")
        finish_job(job_id=one.pk, finish=JobFinish(attempt=1, state="failed", retry=True))
        claim_job(job_id=one.pk, worker="a")
        finish_job(job_id=one.pk, finish=JobFinish(attempt=2, state="done"))
        cancel_job(job_id=other.pk)
    finally:
        job_ended.disconnect(hear)
    assert told == [(str(one.pk), "done"), (str(other.pk), "cancelled")]


def test_a_message_that_redis_lost_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    job = start_job(kind=KIND)
    sent: list[Job] = []

    def send(job: Job) -> bool:
        sent.append(job)
        return True

    monkeypatch.setattr(queue, "send", send)
    revive_jobs()
    assert sent == []
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now() - timedelta(minutes=2))
    revive_jobs()
    assert sent == [job]


def test_lists_are_pages_by_key(api: Callable[[str], Client]) -> None:
    reader = api("read")
    for _ in range(5):
        cancel_job(job_id=start_job(kind=KIND).pk)
    seen: list[str] = []
    cursor = ""
    while True:
        page = reader.get(f"/api/jobs?size=2&cursor={cursor}").json()
        seen += [job["id"] for job in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ", "W10", "WzEsMl0", "WyJhIiwiYiJd", "%00", "é" * 50])
def test_a_cursor_that_is_not_ours_is_refused(api: Callable[[str], Client], cursor: str) -> None:
    answer = api("read").get("/api/jobs", {"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["field"] == "cursor"


def test_a_state_that_is_none_is_refused_by_the_name_of_its_field(api: Callable[[str], Client]) -> None:
    answer = api("read").get("/api/jobs?state=sleeping")
    assert answer.status_code == 422
    said = answer.json()
    assert said["field"] == "state"
    assert "'active'" in said["message"]
    assert "'queued'" in said["message"]


@pytest.mark.parametrize(
    ("address", "body", "scope"),
    [
        ("/api/jobs/run/backup_database", None, "admin"),
        ("/api/jobs", {"kind": "backup_database"}, "admin"),
        ("/api/jobs/run/library.demo_library", None, "write"),
        ("/api/jobs", {"kind": "no.such"}, "write"),
        ("/api/jobs", [], "write"),
    ],
)
def test_a_refusal_names_the_scope_that_would_do(
    api: Callable[[str], Client], address: str, body: object, scope: str
) -> None:
    answer = api("read").post(address, json.dumps(body), content_type="application/json")
    assert answer.status_code == 403
    assert f"This needs the scope {scope}; yours is read." in answer.json()["message"]
