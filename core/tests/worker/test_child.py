"""One attempt at a job, from the claim to the last word: in this process, and in one of its own that gets signals."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.tests.worker.stand_in import AWAY, Answer, Asked, JobServer, as_json, refusal
from core.tests.worker.test_running import until, work_until_stopped
from core.worker.child import Interruption, run
from core.worker.client import ApiClient
from core.worker.errors import NotForMe, WorkerError
from core.worker.running import RunningJob

ROOT = Path(__file__).resolve().parents[3]
Do = Callable[[RunningJob], None]


@pytest.fixture
def api(job_server: JobServer, connect: Callable[..., ApiClient]) -> ApiClient:
    return connect(job_server.url)


@pytest.fixture
def attempt(job_server: JobServer, api: ApiClient) -> Callable[[Do], None]:
    return lambda do: run(str(job_server.job["id"]), do, api, worker="desktop")


def test_a_job_that_is_done_ends_with_its_figures(job_server: JobServer, attempt: Callable[[Do], None]) -> None:
    def do(job: RunningJob) -> None:
        assert job.params == {"deep": True}
        assert job.checkpoint == {"after": "f"}
        job.progress("Reading", 2, 2, made=2)

    attempt(do)
    assert job_server.bodies("claim") == [{"worker": "desktop"}]
    assert (job_server.finish["state"], job_server.finish["attempt"]) == ("done", 3)
    assert job_server.finish["metrics"]["made"] == 2


def test_an_exception_ends_a_job_with_its_reason(job_server: JobServer, attempt: Callable[[Do], None]) -> None:
    def do(job: RunningJob) -> None:
        raise ZeroDivisionError("division by zero")

    attempt(do)
    finish = job_server.finish
    assert (finish["state"], finish["retry"]) == ("failed", False)
    assert finish["message"] == "ZeroDivisionError: division by zero"


@pytest.mark.parametrize("retry", [True, False])
def test_an_error_says_whether_the_job_may_succeed_later(
    job_server: JobServer, attempt: Callable[[Do], None], retry: bool
) -> None:
    def do(job: RunningJob) -> None:
        raise WorkerError("The file changed meanwhile. " * 200, retry=retry)

    attempt(do)
    assert (job_server.finish["state"], job_server.finish["retry"]) == ("failed", retry)
    assert job_server.finish["message"].startswith("The file changed meanwhile.")


def test_a_job_that_is_not_for_this_worker_is_given_back_with_a_reason(
    job_server: JobServer, attempt: Callable[[Do], None]
) -> None:
    def do(job: RunningJob) -> None:
        raise NotForMe("This worker does not see the folder.")

    attempt(do)
    assert (job_server.finish["state"], job_server.finish["given_back"]) == ("failed", True)
    assert job_server.finish["message"] == "This worker does not see the folder."


def test_a_cancelled_job_says_so(job_server: JobServer, attempt: Callable[[Do], None]) -> None:
    job_server.report = lambda asked: as_json({"cancel": True})
    attempt(work_until_stopped)
    assert job_server.finish["state"] == "cancelled"
    assert "kept" in job_server.finish["message"]


def test_a_lost_job_has_no_last_word(job_server: JobServer, attempt: Callable[[Do], None]) -> None:
    job_server.report = lambda asked: refusal(409)
    attempt(work_until_stopped)
    assert job_server.bodies("finish") == []


@pytest.mark.parametrize("status", [401, 403, 404, 409])
def test_a_job_that_is_not_given_is_not_done(job_server: JobServer, attempt: Callable[[Do], None], status: int) -> None:
    job_server.claim = refusal(status)
    done: list[RunningJob] = []
    attempt(done.append)
    assert done == []
    assert len(job_server.asked) == 1


def test_a_server_that_is_away_for_too_long_gets_the_job_back_by_silence(
    job_server: JobServer, attempt: Callable[[Do], None]
) -> None:
    job_server.others = lambda asked: AWAY

    def do(job: RunningJob) -> None:
        job_server.script = lambda asked: AWAY
        job.api.get("/api/thing")

    attempt(do)
    assert job_server.bodies("claim")


def test_a_signal_before_the_work_gives_the_job_back_undone(job_server: JobServer, api: ApiClient) -> None:
    interruption, done = Interruption(api), list[RunningJob]()
    interruption(signal.SIGTERM, None)
    run(str(job_server.job["id"]), done.append, api, worker="desktop", interruption=interruption)
    assert done == []
    assert (job_server.finish["state"], job_server.finish["given_back"]) == ("failed", True)


def test_a_signal_after_the_work_does_not_disturb_the_last_word(job_server: JobServer, api: ApiClient) -> None:
    interruption = Interruption(api)
    job_server.on_finish = lambda: interruption(signal.SIGTERM, None)
    run(str(job_server.job["id"]), lambda job: None, api, worker="desktop", interruption=interruption)
    assert job_server.finish["state"] == "done"


def test_a_second_signal_does_not_disturb_the_farewell(job_server: JobServer, api: ApiClient) -> None:
    interruption = Interruption(api)

    def do(job: RunningJob) -> None:
        job.progress("Reading", 4, checkpoint={"after": "d"})
        try:
            interruption(signal.SIGTERM, None)
        finally:
            interruption(signal.SIGTERM, None)

    run(str(job_server.job["id"]), do, api, worker="desktop", interruption=interruption)
    assert job_server.finish["given_back"]
    assert job_server.reports[-1]["checkpoint"] == {"after": "d"}


# --- in a process of its own -----------------------------------------------------------------------------------------


class LongJob:
    """The job server of a task that waits in the middle of its work."""

    def __init__(self, server: JobServer) -> None:
        self.server = server
        self.reached, self.go_on = threading.Event(), threading.Event()
        server.others = self._hold

    def _hold(self, asked: Asked) -> Answer:
        self.reached.set()
        self.go_on.wait(60)
        return as_json([])

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
            "API_URL": self.server.url,
            "WORKER_TOKEN": "sbay_worker_secret",
        }

    def command(self, task: str, parent: int) -> list[str]:
        return [sys.executable, "-m", "core.worker.child", task, str(self.server.job["id"]), str(parent)]


@pytest.fixture
def long_job(job_server: JobServer) -> Iterator[LongJob]:
    long_job = LongJob(job_server)
    yield long_job
    long_job.go_on.set()


def start(command: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def test_sigterm_gives_the_job_back(long_job: LongJob, job_server: JobServer) -> None:
    child = start(long_job.command("library.demo_library", os.getpid()), long_job.environment)
    assert long_job.reached.wait(30)
    child.terminate()
    assert child.wait(20) == 0
    assert (job_server.finish["state"], job_server.finish["given_back"]) == ("failed", True)
    assert job_server.finish["message"] == "Its worker was stopped."


def test_ctrl_c_in_the_terminal_is_the_workers_to_answer(long_job: LongJob, job_server: JobServer) -> None:
    child = start(long_job.command("library.demo_library", os.getpid()), long_job.environment)
    assert long_job.reached.wait(30)
    child.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert child.poll() is None
    child.terminate()
    assert child.wait(20) == 0
    assert job_server.finish["given_back"]


PARENT = "import os, subprocess, sys; subprocess.Popen([*sys.argv[1:], str(os.getpid())]).wait()"


def test_a_job_outlives_its_killed_worker_only_to_give_itself_back(long_job: LongJob, job_server: JobServer) -> None:
    command = long_job.command("library.demo_library", 0)[:-1]
    parent = start([sys.executable, "-c", PARENT, *command], long_job.environment)
    assert long_job.reached.wait(30)
    parent.kill()
    parent.wait()
    until(lambda: job_server.bodies("finish"))
    assert job_server.finish["given_back"]


def test_a_worker_that_died_before_its_job_began_is_noticed(long_job: LongJob, job_server: JobServer) -> None:
    child = start(long_job.command("library.demo_library", parent=1), long_job.environment)
    assert child.wait(30) == 0
    assert job_server.finish["given_back"]
    assert not long_job.reached.is_set()


@pytest.mark.parametrize("task", ["library.from_the_future", "nowhere.at_all"])
def test_a_task_that_this_worker_does_not_have_is_a_reason(long_job: LongJob, job_server: JobServer, task: str) -> None:
    assert start(long_job.command(task, os.getpid()), long_job.environment).wait(30) == 0
    assert job_server.finish["state"] == "failed"
    assert task.split(".")[0] in job_server.finish["message"]
