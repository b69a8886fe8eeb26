"""What control does by the second: whom it believes dead, what it sends again, what the schedule starts."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.db import OperationalError
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from core import control as control_module
from core import queue, schedule
from core.control import Control
from core.jobs import Queue
from core.models import Job
from core.schedule import JobScheduler
from core.schemas import JobFinish
from core.services.jobs import cancel_job, claim_job, finish_job, revive_jobs, start_job

KIND = "library.demo_library"
pytestmark = pytest.mark.django_db


def ago(seconds: float) -> Any:
    return timezone.now() - timedelta(seconds=seconds)


def silent_job() -> Job:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    Job.objects.filter(pk=job.pk).update(heartbeat_at=ago(600))
    return job


def test_a_worker_that_could_not_be_heard_is_not_dead() -> None:
    """The database was away for ten minutes: its first word after that is on its way."""
    job = silent_job()
    assert revive_jobs(listening_since=ago(1)) == 0
    job.refresh_from_db()
    assert (job.state, job.attempt) == (Job.State.RUNNING, 1)
    assert revive_jobs(listening_since=ago(settings.JOB_DEAD_AFTER_S + 1)) == 1


def test_after_an_outage_silence_counts_anew(transactional_db: None) -> None:
    control = Control()
    control._turn()
    heard = control.listening_since
    control._turn()
    assert control.listening_since == heard is not None
    assert control.last_fault == ""
    control._start_anew()
    assert control.listening_since is None


def test_a_duty_that_fails_does_not_keep_the_others_from_being_done() -> None:
    control = Control()
    done: list[float] = []

    def fail(now: float) -> None:
        raise KeyError("nobody foresaw this")

    control.duties = [fail, done.append]  # type: ignore[list-item]
    control._turn()
    control._turn()
    assert len(done) == 2
    assert "nobody foresaw this" in control.last_fault


# --- messages --------------------------------------------------------------------------------------------------------


def messages() -> int:
    return queue.waiting_messages(Queue.COMPUTE) or 0


@pytest.fixture
def waiting() -> Callable[[int], list[Job]]:
    """Jobs whose messages were sent a minute ago, and of which nobody has heard."""

    def make(count: int) -> list[Job]:
        states = {"kind": KIND, "queue": Queue.COMPUTE, "sent_at": ago(60), "queued_at": ago(60)}
        return Job.objects.bulk_create(Job(subject=str(number), **states) for number in range(count))

    return make


def test_messages_that_redis_lost_are_sent_again(waiting: Callable[[int], list[Job]]) -> None:
    waiting(3)
    revive_jobs()
    assert messages() == 3


def test_jobs_that_wait_for_long_do_not_fill_the_queue(waiting: Callable[[int], list[Job]]) -> None:
    jobs = waiting(3)
    for _minute in range(10):
        revive_jobs()
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(sent_at=ago(60))
    assert messages() == 3


def test_only_as_many_are_sent_again_as_were_lost(waiting: Callable[[int], list[Job]]) -> None:
    jobs = waiting(3)
    queue.send(jobs[2])
    Job.objects.update(sent_at=ago(60))
    revive_jobs()
    assert messages() == 3


def test_a_broker_that_is_away_is_no_reason_to_send_more(
    waiting: Callable[[int], list[Job]], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(1)
    nowhere = Celery(broker="redis://127.0.0.1:1/0", set_as_current=False)
    nowhere.conf.broker_transport_options = {"max_retries": 0, "socket_connect_timeout": 1}
    monkeypatch.setattr(queue, "producer", lambda: nowhere)
    assert queue.waiting_messages(Queue.COMPUTE) is None
    assert revive_jobs() == 0


def test_a_cancelled_job_whose_worker_was_stopped_is_not_begun_again() -> None:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="a")
    cancel_job(job_id=job.pk)
    finish = JobFinish(attempt=1, state="failed", message="Its worker was stopped.", retry=True)
    assert finish_job(job_id=job.pk, finish=finish).state == Job.State.CANCELLED


# --- the schedule ----------------------------------------------------------------------------------------------------


@pytest.fixture
def scheduler(transactional_db: None) -> JobScheduler:
    """It closes connections, which no test's transaction would survive."""
    PeriodicTask.objects.all().delete()
    return JobScheduler(app=queue.producer(), lazy=True)


def missed(task: str = "clean_up", **more: Any) -> PeriodicTask:
    """Was due half a day ago, when this machine was off."""
    hour = (timezone.localtime().hour + 12) % 24
    when, _made = CrontabSchedule.objects.get_or_create(
        minute="0", hour=str(hour), day_of_week="*", day_of_month="*", month_of_year="*", timezone=settings.TIME_ZONE
    )
    return PeriodicTask.objects.create(name=task, task=task, crontab=when, last_run_at=ago(3 * 86400), **more)


def kinds() -> list[str]:
    return list(Job.objects.values_list("kind", flat=True))


def test_a_machine_that_was_off_at_night_makes_up_for_it(scheduler: JobScheduler) -> None:
    missed()
    scheduler.tick()
    assert kinds() == ["clean_up"]


def test_a_control_that_is_killed_right_after_does_not_start_it_again(scheduler: JobScheduler) -> None:
    task = missed()
    scheduler.tick()
    task.refresh_from_db()
    assert task.last_run_at > ago(60)
    assert task.total_run_count == 1


def test_what_could_not_be_started_because_the_database_went_away_is_started_when_it_is_back(
    scheduler: JobScheduler, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: Any) -> None:
        raise OperationalError("the server closed the connection")

    missed()
    with monkeypatch.context() as outage:
        outage.setattr(schedule, "start_job", away)
        with pytest.raises(OperationalError):
            scheduler.tick()
    scheduler.forget()
    scheduler.tick()
    assert kinds() == ["clean_up"]


@pytest.mark.parametrize(
    "entry",
    [
        {"task": "nothing.like_it"},
        {"kwargs": '{"unknown": 1}'},
        {"kwargs": "[1, 2]"},
        {"kwargs": '"text"'},
    ],
)
def test_an_entry_that_cannot_run_is_named_and_the_schedule_goes_on(
    scheduler: JobScheduler, entry: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    missed(**{"task": "backup_database", **entry})
    scheduler.tick()
    assert "schedule_names_what_cannot_run" in caplog.text
    assert kinds() == []
    missed("clean_up")
    scheduler.forget()
    scheduler.tick()
    scheduler.tick()
    assert kinds() == ["clean_up"]


# --- what accompanies control ---------------------------------------------------------------------------------------


def test_a_companion_that_falls_is_started_again_and_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    began: list[int] = []
    again = threading.Event()

    def fall(stopping: threading.Event) -> None:
        began.append(1)
        if len(began) == 3:
            again.set()
        raise ValueError("fallen")

    monkeypatch.setattr(control_module, "companions", lambda: {"stone": fall})
    monkeypatch.setattr(control_module, "COMPANION_PAUSE_S", 0.01)
    control = Control()
    control._start_companions()
    assert again.wait(10)
    control.stop()


def test_a_companion_is_told_when_control_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()

    def accompany(stopping: threading.Event) -> None:
        stopping.wait()
        told.set()

    monkeypatch.setattr(control_module, "companions", lambda: {"friend": accompany})
    control = Control()
    control._start_companions()
    control.stop()
    assert told.wait(10)
