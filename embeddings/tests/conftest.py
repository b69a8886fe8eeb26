"""Vectors that mean nothing, and a worker that makes some, asked without a wire."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections

from core import queue
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.errors import NotForMe, WorkerError
from core.worker.running import RunningJob
from embeddings.tests.ollama import FakeOllama, running


@pytest.fixture
def vector() -> Callable[[int], list[float]]:
    """The same for the same number."""

    def made(seed: int) -> list[float]:
        chance = random.Random(seed)
        return [chance.gauss(0, 1) for _ in range(512)]

    return made


@pytest.fixture
def no_delivery(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """The test is the worker: no message goes to the broker."""
    monkeypatch.setattr(queue, "send", lambda job: True)


class Here(httpx.BaseTransport):
    """The server, asked without a wire, by whichever thread."""

    def __init__(self) -> None:
        self.inside = httpx.WSGITransport(app=get_wsgi_application())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return self.inside.handle_request(request)
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()


@pytest.fixture
def worker_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    given = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0", "API_URL": "http://here", "WORKER_TOKEN": "secret"}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    config.cache_clear()
    yield
    config.cache_clear()


@pytest.fixture
def vectorized(worker_environment: None, token: Callable[[str], str]) -> Callable[..., Job]:
    """Does a job as its process would, to its end."""
    from embeddings.worker.vectorizing import Vectorizing

    secret = token("worker")

    def run(job: Job, **options: Any) -> Job:
        api = ApiClient("http://here", secret, transport=Here(), patience_s=0)
        claimed = claim_job(job_id=job.pk, worker="here")
        told: dict[str, Any] = {"attempt": claimed.attempt}
        try:
            with RunningJob(claimed, api) as running:
                Vectorizing(running, **options).run()
            finish = JobFinish(**told, state="done", metrics=running.metrics)
        except NotForMe as error:
            finish = JobFinish(**told, state="failed", message=error.reason, given_back=True)
        except WorkerError as error:
            finish = JobFinish(**told, state="failed", message=error.reason, retry=error.retry)
        finally:
            api.close()
        return finish_job(job_id=job.pk, finish=finish)

    return run


@pytest.fixture
def ollama() -> Iterator[FakeOllama]:
    """One that runs, and does as it is told."""
    with running(FakeOllama()) as fake:
        yield fake
