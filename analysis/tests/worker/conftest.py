"""An analysis against the real API, in this process; its children are real."""

from collections.abc import Callable
from typing import Any

import pytest

from analysis.worker.analysing import Analysing
from core.models import Job
from core.schemas import JobFinish
from core.services.jobs import claim_job, finish_job
from core.tests.here import Here
from core.worker.client import ApiClient
from core.worker.errors import NotForMe, WorkerError
from core.worker.running import RunningJob


@pytest.fixture
def analysed(worker_environment: None, token: Callable[[str], str], no_delivery: None) -> Callable[..., Job]:
    """Does a job as its process would, to its end."""
    secret = token("worker")

    def run(job: Job, **options: Any) -> Job:
        api = ApiClient("http://here", secret, transport=Here(), patience_s=0)
        claimed = claim_job(job_id=job.pk, worker="here")
        told: dict[str, Any] = {"attempt": claimed.attempt}
        try:
            with RunningJob(claimed, api) as running:
                Analysing(running, **{"temperature": lambda: None, **options}).run()
            finish = JobFinish(**told, state="done", metrics=running.metrics)
        except NotForMe as error:
            finish = JobFinish(**told, state="failed", message=error.reason, given_back=True)
        except WorkerError as error:
            finish = JobFinish(**told, state="failed", message=error.reason)
        finally:
            api.close()
        return finish_job(job_id=job.pk, finish=finish)

    return run
