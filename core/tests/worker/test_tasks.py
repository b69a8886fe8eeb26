"""The worker's side of a job: a process is started for it, waited for, cleaned up after."""

import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from core.tests.worker.stand_in import JobServer
from core.tests.worker.test_child import LongJob
from core.worker import tasks


@pytest.fixture
def long_job(job_server: JobServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LongJob]:
    """Here the test is the worker."""
    long_job = LongJob(job_server)
    for name, value in long_job.environment.items():
        monkeypatch.setenv(name, value)
    yield long_job
    long_job.go_on.set()


def in_a_thread(job_server: JobServer) -> threading.Thread:
    thread = threading.Thread(target=tasks.run_in_child, args=["library.demo_library", str(job_server.job["id"])])
    thread.start()
    return thread


def jobs() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "core.worker.child" in child.cmdline()]


def test_a_killed_job_leaves_no_files_behind(long_job: LongJob, job_server: JobServer) -> None:
    thread = in_a_thread(job_server)
    assert long_job.reached.wait(30)
    (child,) = jobs()
    folder = Path(child.environ()["TMPDIR"])
    (folder / "half of a download.flac").write_bytes(bytes(1000))
    child.kill()
    thread.join(20)
    assert not thread.is_alive()
    assert not folder.exists()
    assert job_server.bodies("finish") == []


def test_a_worker_that_stops_gives_its_jobs_back_and_begins_no_more(
    long_job: LongJob, job_server: JobServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "_stopping", threading.Event())
    thread = in_a_thread(job_server)
    assert long_job.reached.wait(30)
    tasks.stop_children()
    thread.join(20)
    assert not thread.is_alive()
    assert job_server.finish["given_back"]
    tasks.run_in_child("library.demo_library", str(job_server.job["id"]))
    assert len(job_server.bodies("claim")) == 1
    assert jobs() == []
