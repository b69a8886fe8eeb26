"""The process of one job: claims it, does it, closes it, whatever happens.

The worker starts it as `python -m core.worker.child TASK JOB PARENT`.
"""

import ctypes
import importlib
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from core.collector import spare_what_is_loaded
from core.logs import bind, configure, get_logger
from core.schemas import ClaimedJob, JobClaim, JobFinish
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.errors import ApiAway, ApiRefused, Cancelled, Interrupted, JobLost, NotForMe, WorkerError
from core.worker.running import RunningJob
from core.worker.tasks import DOINGS, Doing

log = get_logger(__name__)
PR_SET_PDEATHSIG = 1


class Interruption:
    """What a signal means: the work stops at once, but the claim and the last word are not disturbed by it."""

    def __init__(self, api: ApiClient) -> None:
        self.api = api
        self.asked = False
        self.works = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        again, self.asked = self.asked, True
        self.api.hurry()
        if self.works and not again:
            raise Interrupted

    @contextmanager
    def may_stop(self) -> Iterator[None]:
        """Raises Interrupted in here, also for a signal that came before."""
        try:
            self.works = True
            if self.asked:
                raise Interrupted
            yield
        finally:
            self.works = False


def run(job_id: str, do: Doing, api: ApiClient, *, worker: str, interruption: Interruption | None = None) -> None:
    """One attempt at a job."""
    try:
        claimed = _claim(api, job_id, worker)
        if claimed is not None:
            _do_and_close(RunningJob(claimed, api), do, interruption or Interruption(api))
    except (ApiRefused, ApiAway) as error:
        log.warning("job_left_to_others", reason=error.reason)


def _claim(api: ApiClient, job_id: str, worker: str) -> ClaimedJob | None:
    body = JobClaim(worker=worker).model_dump()
    try:
        return ClaimedJob.model_validate(api.post(f"/api/jobs/{job_id}/claim", body))
    except JobLost as error:
        # The same message delivered twice, or a job that was cancelled while it waited.
        log.info("job_not_claimed", reason=error.reason)
        return None


def _do_and_close(job: RunningJob, do: Doing, interruption: Interruption) -> None:
    finish = _outcome(job, do, interruption)
    if finish is None:
        return
    job.api.post(f"/api/jobs/{job.id}/finish", finish.model_dump(mode="json"))
    log.info("job_ended", state=finish.state, reason=finish.message)


def _outcome(job: RunningJob, do: Doing, interruption: Interruption) -> JobFinish | None:
    try:
        with job, interruption.may_stop():
            do(job)
    except JobLost as error:
        log.info("job_lost", reason=error.reason)
        return None
    except Cancelled as error:
        return JobFinish(attempt=job.attempt, state="cancelled", message=error.reason, metrics=job.metrics)
    except NotForMe as error:
        return JobFinish(attempt=job.attempt, state="failed", message=error.reason[:2000], given_back=True)
    except WorkerError as error:
        return JobFinish(
            attempt=job.attempt,
            state="failed",
            message=error.reason[:2000],
            retry=error.retry,
            metrics=job.metrics,
        )
    except Interrupted:
        return JobFinish(attempt=job.attempt, state="failed", message="Its worker was stopped.", given_back=True)
    except Exception as error:
        log.exception("job_failed")
        return JobFinish(attempt=job.attempt, state="failed", message=f"{type(error).__name__}: {error}"[:2000])
    return JobFinish(attempt=job.attempt, state="done", metrics=job.metrics)


def _do_task(name: str, job: RunningJob) -> None:
    """Imported after the claim: what cannot be imported becomes the reason that the job's page shows."""
    importlib.import_module(f"{name.partition('.')[0]}.worker.tasks")
    spare_what_is_loaded()
    if name not in DOINGS:
        raise WorkerError(f"This worker knows no task called {name}; it may be older than the server.")
    DOINGS[name](job)


def _listen_to(interruption: Interruption, parent: int) -> None:
    signal.signal(signal.SIGTERM, interruption)
    # Ctrl-C in a terminal reaches every process of the group: it is the worker's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A worker that is killed takes its jobs with it: they are given back at once, not left to run unwatched.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        # It died before that: nobody would ever tell.
        os.kill(os.getpid(), signal.SIGTERM)


def main(name: str, job_id: str, parent: int) -> int:
    configure({"level": config().log_level, "as_json": config().log_json})
    bind(job_id=job_id)
    api = ApiClient(config().api_url, config().token)
    interruption = Interruption(api)
    _listen_to(interruption, parent)
    os.nice(5)
    run(job_id, lambda job: _do_task(name, job), api, worker=config().name, interruption=interruption)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
