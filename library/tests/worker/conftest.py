"""A scan against a server of the tests' own, in this process."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.schemas import ClaimedJob
from core.worker.child import run
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.running import RunningJob
from library.tests.worker.scan_server import ScanServer
from library.worker.scan.scanning import scan

Scanning = Callable[..., ScanServer]


@pytest.fixture
def worker_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As bin/up would have it."""
    given = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "API_URL": "http://127.0.0.1:1", "WORKER_TOKEN": "secret"}
    for name, value in {**given, "WORKER_ROOTS": "/", "WORKER_NAME": "here"}.items():
        monkeypatch.setenv(name, value)
    config.cache_clear()
    yield
    config.cache_clear()


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


@pytest.fixture
def server(music: Path) -> Iterator[ScanServer]:
    server = ScanServer(str(music))
    yield server
    server.close()


@pytest.fixture
def scanned(server: ScanServer, worker_environment: None) -> Scanning:
    """Does the job that the server hands out, as the process of a job would."""

    def scanned() -> ScanServer:
        api = ApiClient(server.url, "secret", patience_s=5)
        run(str(server.job["id"]), lambda job: scan(job, sleep=lambda seconds: None), api, worker="here")
        api.close()
        return server

    return scanned


@pytest.fixture
def running(server: ScanServer) -> RunningJob:
    return RunningJob(ClaimedJob.model_validate(server.job), ApiClient(server.url, "secret"))


def aged(folder: Path) -> None:
    """Long enough ago that nobody waits whether a file is still being written."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            os.utime(path, ns=(1_700_000_000_000_000_000, 1_700_000_000_000_000_000))
