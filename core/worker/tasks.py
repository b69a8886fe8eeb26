"""Makes a Celery task of a function that does a job: the task starts a process of the job's own, and waits for it.

The worker itself stays small and quick to stop; a job's memory goes back to the machine when it ends, and a job that
crashes takes nothing with it.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable

from celery import shared_task

from core.logs import get_logger
from core.worker.running import RunningJob

log = get_logger(__name__)
Doing = Callable[[RunningJob], None]

DOINGS: dict[str, Doing] = {}
_children: set[subprocess.Popen[bytes]] = set()
_lock = threading.Lock()
_stopping = threading.Event()


def job_task(name: str) -> Callable[[Doing], Doing]:
    """Registers a function under the name that the server knows the job by."""

    def register(do: Doing) -> Doing:
        def attempt(job_id: str) -> None:
            run_in_child(name, job_id)

        DOINGS[name] = do
        shared_task(name=name, ignore_result=True)(attempt)
        return do

    return register


def run_in_child(name: str, job_id: str) -> None:
    """Waits for the job's process; what became of the job the server has heard from that process itself."""
    # A killed process removes none of its files, and /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix="soniquebay-", ignore_cleanup_errors=True) as folder:
        child = _started(name, job_id, folder)
        if child is None:
            return
        code = child.wait()
    with _lock:
        _children.discard(child)
    if code:
        # Its silence will be noticed, and the job taken up again.
        log.warning("job_process_died", job_id=job_id, task=name, exit_code=code)


def _started(name: str, job_id: str, folder: str) -> subprocess.Popen[bytes] | None:
    with _lock:
        if _stopping.is_set():
            return None
        child = subprocess.Popen(
            [sys.executable, "-m", "core.worker.child", name, job_id, str(os.getpid())],
            stdin=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": folder},
        )
        _children.add(child)
        return child


def stop_children() -> None:
    """Jobs may take hours: they give themselves back to the queue instead of being waited for."""
    with _lock:
        _stopping.set()
        for child in _children:
            child.terminate()
