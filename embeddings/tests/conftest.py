"""Vectors that mean nothing, and a worker that makes some, asked without a wire."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from core.tests.here import Here
from core.worker.client import ApiClient
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
