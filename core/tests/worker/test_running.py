"""A job while a worker does it: what is said of it, how often, and what makes it stop."""

import threading
import time
from collections.abc import Callable

import pytest

from core.schemas import ClaimedJob
from core.tests.worker.stand_in import Answer, Asked, JobServer, as_json, refusal
from core.worker.client import ApiClient
from core.worker.errors import ApiRefused, Cancelled, JobLost
from core.worker.running import ERRORS_AT_ONCE, RunningJob


def until(true: Callable[[], object], within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "this did not come about"
        time.sleep(0.01)


def work_until_stopped(running: RunningJob) -> None:
    for number in range(10_000):
        running.progress("Reading", number)
        time.sleep(0.01)


def test_ten_thousand_steps_are_few_reports_and_the_last_is_among_them(
    running: RunningJob, job_server: JobServer
) -> None:
    began = time.monotonic()
    with running:
        for number in range(10_000):
            running.progress("Reading", number + 1, 10_000, item=f"{number}.flac")
    seconds = time.monotonic() - began
    assert 1 <= len(job_server.reports) <= seconds * 10 + 2
    last = job_server.reports[-1]
    assert (last["attempt"], last["step"], last["current"], last["total"]) == (3, "Reading", 10_000, 10_000)
    assert last["metrics"]["item"] == "9999.flac"
    assert last["metrics"]["memory_mb"] > 1


def test_every_error_is_told_once_in_reports_of_a_bounded_size(running: RunningJob, job_server: JobServer) -> None:
    with running:
        for number in range(1234):
            running.error(f"{number}.flac", "cut short")
    errors = [report["errors"] for report in job_server.reports]
    assert max(map(len, errors)) <= ERRORS_AT_ONCE
    assert len(errors) >= 3
    items = [error["item"] for some in errors for error in some]
    assert sorted(items) == sorted(f"{number}.flac" for number in range(1234))


def test_what_was_done_is_told_also_when_the_work_fails(running: RunningJob, job_server: JobServer) -> None:
    def fail() -> None:
        with running:
            running.progress("Reading", 7, 9, checkpoint={"after": "g"})
            running.error("g.flac", "cut short")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    (report,) = job_server.reports
    assert (report["current"], report["checkpoint"]) == (7, {"after": "g"})
    assert report["errors"] == [{"item": "g.flac", "reason": "cut short"}]


def test_a_report_mentions_only_what_is_new(running: RunningJob, job_server: JobServer) -> None:
    with running:
        running.error("a.flac", "cut short")
        running.tell()
    assert set(job_server.reports[0]) == {"attempt", "errors"}


def test_a_checkpoint_stays_until_there_is_another(running: RunningJob, job_server: JobServer) -> None:
    assert running.checkpoint == {"after": "f"}
    with running:
        running.progress("Reading", 1, checkpoint={"after": "g"})
        running.progress("Reading", 2)
    assert running.checkpoint == {"after": "g"}
    assert [report["checkpoint"] for report in job_server.reports if "checkpoint" in report] == [{"after": "g"}]


def test_a_job_with_nothing_to_say_still_lives(running: RunningJob, job_server: JobServer) -> None:
    with running:
        until(lambda: len(job_server.reports) >= 2)
    assert all(report == {"attempt": 3, "errors": []} for report in job_server.reports)


def test_work_goes_on_while_the_server_answers_slowly(running: RunningJob, job_server: JobServer) -> None:
    asked, go_on = threading.Event(), threading.Event()

    def slowly(report: Asked) -> Answer:
        asked.set()
        go_on.wait(20)
        return as_json({"cancel": False})

    job_server.report = slowly
    with running:
        running.progress("Reading", 1, 1)
        assert asked.wait(20)
        began = time.monotonic()
        for number in range(1000):
            running.progress("Reading", number)
        assert time.monotonic() - began < 10
        go_on.set()


def test_what_could_not_be_told_is_told_later(job_server: JobServer, connect: Callable[..., ApiClient]) -> None:
    running = RunningJob(ClaimedJob.model_validate(job_server.job), connect(job_server.url, patience_s=0))
    job_server.queue.append(refusal(503))
    with running:
        running.progress("Reading", 1, 5, checkpoint={"after": "a"})
        running.error("a.flac", "cut short")
        until(lambda: job_server.reports)
        running.progress("Reading", 2, 5)
    last = job_server.reports[-1]
    assert (last["current"], last["checkpoint"], len(last["errors"])) == (2, {"after": "a"}, 1)


def test_cancelling_reaches_the_work(running: RunningJob, job_server: JobServer) -> None:
    job_server.report = lambda asked: as_json({"cancel": True})
    with pytest.raises(Cancelled), running:
        work_until_stopped(running)


def test_a_job_that_is_somebody_elses_now_stops(running: RunningJob, job_server: JobServer) -> None:
    job_server.report = lambda asked: refusal(409, "Attempt 3 of this job is over.")
    with pytest.raises(JobLost, match="is over"), running:
        work_until_stopped(running)
    assert len(job_server.reports) == 1


@pytest.mark.parametrize("answer", [refusal(401), refusal(422), as_json({"neither": "nor"})])
def test_a_server_that_takes_no_reports_stops_the_work(
    running: RunningJob, job_server: JobServer, answer: Answer
) -> None:
    """Else the job would go on without a heartbeat, beside the worker that it is given to next."""
    job_server.report = lambda asked: answer
    with pytest.raises((ApiRefused, KeyError)), running:
        work_until_stopped(running)


@pytest.mark.parametrize("figure", [float("nan"), float("inf"), None, [1]])
def test_a_figure_that_cannot_be_sent_is_the_tasks_mistake(
    running: RunningJob, job_server: JobServer, figure: float
) -> None:
    with pytest.raises(ValueError, match=r"figure|metrics"), running:
        running.progress("Reading", 1, bpm=figure)
    assert "bpm" not in running.metrics


def test_names_that_are_no_text_and_reasons_that_are_long_are_told_as_far_as_that_goes(
    running: RunningJob, job_server: JobServer
) -> None:
    name = b"caf\xe9.mp3".decode("utf-8", "surrogateescape")
    with running:
        running.progress("Reading " + "x" * 600, 1, item=name)
        running.error(name, "because " * 1000)
        running.error("", "")
    report = job_server.reports[-1]
    assert report["metrics"]["item"] == "caf\\udce9.mp3"
    assert len(report["step"]) == 500
    assert [(error["item"], len(error["reason"])) for error in report["errors"]] == [
        ("caf\\udce9.mp3", 2000),
        ("?", len("unknown")),
    ]
