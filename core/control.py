"""Control: one process that keeps the schedule, runs the jobs that need the database, and revives dead ones."""

import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from core import queue
from core.companions import Companion, companions
from core.database_jobs import AWAY, DatabaseJob, next_waiting, run_job
from core.logs import get_logger
from core.models import Worker
from core.schedule import JobScheduler
from core.schemas import WorkerHello
from core.services.jobs import revive_jobs
from core.services.workers import note_worker
from core.version import VERSION

log = get_logger(__name__)
TURN_S = 1.0
AWAY_S = 2.0
GIVE_BACK_S = 8.0
COMPANION_PAUSE_S = 10.0


class Every:
    """Calls something at most once in so many seconds."""

    def __init__(self, seconds: float, call: Callable[[], object]) -> None:
        self.seconds = seconds
        self.call = call
        self.due = 0.0

    def __call__(self, now: float) -> None:
        if now >= self.due:
            self.due = now + self.seconds
            self.call()


class Control:
    """Turns until told to stop; a database that is away is waited for."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.thread: threading.Thread | None = None
        self.running: DatabaseJob | None = None
        self.scheduler = JobScheduler(app=queue.producer(), lazy=True)
        self.duties = [
            Every(20, self._say_hello),
            Every(min(2.0, settings.JOB_DEAD_AFTER_S / 4), self._revive_jobs),
            Every(1, self._start_waiting_job),
            Every(settings.JOB_HEARTBEAT_S, self._beat_heart),
            Every(0, self._keep_schedule),
        ]
        self.next_tick = 0.0
        self.listening_since: datetime | None = None
        self.last_fault = ""

    def run(self) -> None:
        self._start_companions()
        pause = TURN_S
        while not self.stopping.wait(pause):
            try:
                self._turn()
                pause = TURN_S
            except AWAY as error:
                log.warning("database_away", reason=_first_line(error))
                self._start_anew()
                pause = AWAY_S
            finally:
                close_old_connections()
        if self.thread:
            self.thread.join(timeout=GIVE_BACK_S)

    def _start_companions(self) -> None:
        for name, companion in companions().items():
            threading.Thread(target=self._accompany, args=[name, companion], name=name, daemon=True).start()

    def _accompany(self, name: str, companion: Companion) -> None:
        """Whatever ends a companion, it is started again, and control goes on meanwhile."""
        while not self.stopping.is_set():
            try:
                companion(self.stopping)
            except AWAY as error:
                log.warning("companion_without_database", companion=name, reason=_first_line(error))
            except Exception:
                log.exception("companion_failed", companion=name)
            finally:
                close_old_connections()
            self.stopping.wait(COMPANION_PAUSE_S)

    def stop(self) -> None:
        if self.running:
            self.running.give_back()
        self.stopping.set()

    def _turn(self) -> None:
        now = time.monotonic()
        for duty in self.duties:
            try:
                duty(now)
            except AWAY:
                raise
            except Exception as error:
                self._note_fault(error)

    def _note_fault(self, error: Exception) -> None:
        """One duty that fails must not keep the others from being done; nor fill the log, once a second."""
        said = f"{type(error).__name__}: {_first_line(error)}"
        if said != self.last_fault:
            log.exception("duty_failed", reason=said)
        self.last_fault = said

    def _start_anew(self) -> None:
        """After an outage nobody's silence means anything yet, and what the schedule was about to start is due."""
        self.listening_since = None
        self.scheduler.forget()
        self.next_tick = 0.0

    def _revive_jobs(self) -> None:
        self.listening_since = self.listening_since or timezone.now()
        revive_jobs(listening_since=self.listening_since)

    def _keep_schedule(self) -> None:
        now = time.monotonic()
        if now >= self.next_tick:
            self.next_tick = now + min(self.scheduler.tick() or 0, 5)

    def _say_hello(self) -> None:
        note_worker(WorkerHello(name=Worker.CONTROL, version=VERSION, queues=["control"]))

    def _start_waiting_job(self) -> None:
        if self.thread and self.thread.is_alive():
            return
        self.running = next_waiting()
        if self.running:
            if self.stopping.is_set():
                # The signal came while it was claimed.
                self.running.give_back()
            self.thread = threading.Thread(target=run_job, args=[self.running], name="database-job", daemon=True)
            self.thread.start()

    def _beat_heart(self) -> None:
        if self.running and self.thread and self.thread.is_alive():
            self.running.heartbeat()


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
