"""A job while a worker does it: claimed, reported on a few times a second at most, kept alive, closed."""

import math
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from pydantic import JsonValue

from core.logs import get_logger
from core.schemas import ClaimedJob, ItemError, JobReport
from core.worker.client import ApiClient
from core.worker.errors import ApiAway, ApiRefused, Cancelled, WorkerError
from core.worker.rate import Rate

log = get_logger(__name__)

REPORT_EVERY_S = 0.5
REPORT_EVERY_ITEMS = 100
# A job of tiny items must not report as fast as the server can listen.
LEAST_BETWEEN_REPORTS_S = 0.1
ERRORS_AT_ONCE = 500
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class RunningJob:
    """What a task is given: its parameters, where it left off, the server, and a way to say how far it is.

    A thread sends what there is to say, and the heartbeat when there is nothing, so that a long step or a slow
    server never holds the work up.
    """

    def __init__(self, claimed: ClaimedJob, api: ApiClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.id = claimed.id
        self.attempt = claimed.attempt
        self.params: dict[str, JsonValue] = claimed.params
        self.checkpoint: dict[str, JsonValue] = claimed.checkpoint
        self.api = api
        self.metrics: dict[str, float | int | str] = {}
        self._heartbeat_s = claimed.heartbeat_s
        self._rate = Rate(clock=clock)
        self._news: dict[str, Any] = {}
        self._errors: list[ItemError] = []
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._over = threading.Event()
        self._stop_reason: Exception | None = None
        self._told_at_item = 0
        self._thread = threading.Thread(target=self._keep_telling, name="job-reports", daemon=True)

    def progress(
        self,
        step: str,
        current: int,
        total: int | None = None,
        *,
        checkpoint: dict[str, JsonValue] | None = None,
        **metrics: float | int | str,
    ) -> None:
        """Says how far the job is; raises Cancelled or JobLost when there is no reason to go on.

        `checkpoint` is what another worker needs in order to go on from here; give it only when that much is safe.
        """
        news: dict[str, Any] = {"step": _sendable(step)[:500], "current": current, "total": total}
        metrics = {name: _sendable(value) if isinstance(value, str) else value for name, value in metrics.items()}
        if checkpoint is not None:
            news["checkpoint"] = checkpoint
        self._check(news, metrics)
        with self._lock:
            self._rate.note(current)
            self.metrics |= {**self._rate.figures(current, total), **metrics, "memory_mb": memory_mb()}
            self._news |= {**news, "metrics": dict(self.metrics)}
            self.checkpoint = self.checkpoint if checkpoint is None else checkpoint
            if current - self._told_at_item >= REPORT_EVERY_ITEMS or current == total:
                self._told_at_item = current
                self._wake.set()
        self.go_on()

    def _check(self, news: dict[str, Any], metrics: dict[str, float | int | str]) -> None:
        """What the server would refuse is the task's mistake, to be told to the task and not to the thread."""
        JobReport(attempt=self.attempt, metrics=metrics, **news)
        for name, value in metrics.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"The figure {name} is {value}, which no JSON can hold.")

    def error(self, item: str, reason: str) -> None:
        """One thing that could not be done; the job goes on."""
        kept = ItemError(item=_sendable(item)[:4096] or "?", reason=_sendable(reason)[:2000] or "unknown")
        with self._lock:
            self._errors.append(kept)

    def go_on(self) -> None:
        """Raises when the job should stop; long steps call it in between."""
        if self._stop_reason:
            raise self._stop_reason

    def tell(self) -> None:
        """Sends what there is to say now, and waits until the server has it."""
        with self._lock:
            news, self._news = self._news, {}
            errors, self._errors = self._errors[:ERRORS_AT_ONCE], self._errors[ERRORS_AT_ONCE:]
        report = JobReport(attempt=self.attempt, errors=errors, **news)
        body = report.model_dump(mode="json", exclude_unset=True)
        try:
            answer = self.api.post(f"/api/jobs/{self.id}/report", body)
        except ApiAway:
            with self._lock:
                self._news = {**news, **self._news}
                self._errors = errors + self._errors
            raise
        if answer["cancel"]:
            self._stop_reason = Cancelled("Stopped by request; what was done is kept.")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._wake.set()
        self._thread.join()
        if kind is None:
            self._tell_the_rest()
        elif not isinstance(error, ApiRefused | ApiAway):
            # However the work ended, what was done until then is told; why it ended is more important than that.
            with suppress(WorkerError):
                self._tell_the_rest()

    def _tell_the_rest(self) -> None:
        while self._errors or self._news:
            self.tell()

    def _keep_telling(self) -> None:
        told_at = time.monotonic()
        while not self._over.is_set():
            self._wake.wait(REPORT_EVERY_S)
            self._wake.clear()
            self._over.wait(told_at + LEAST_BETWEEN_REPORTS_S - time.monotonic())
            heartbeat_due = time.monotonic() - told_at >= self._heartbeat_s
            if self._over.is_set() or not (self._news or self._errors or heartbeat_due):
                continue
            told_at = time.monotonic()
            try:
                self.tell()
            except ApiAway as error:
                log.warning("report_not_delivered", reason=error.reason)
            except Exception as error:
                # Without a heartbeat the job would be given to somebody else: the work has to stop.
                self._stop_reason = error
                return


def _sendable(text: str) -> str:
    """Names of files may hold bytes that are no UTF-8, as lone surrogates, which no request can carry."""
    return text.encode("utf-8", "backslashreplace").decode()


def memory_mb() -> int:
    """What this process holds in memory."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * PAGE_BYTES // 2**20
