"""A whole SoniqueBay of the tests' own, every part of which may be killed: stores, web, control, workers."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
import redis
from django.conf import settings

from core.jobs import Queue
from core.tokens import digest
from soniquebay.embedded import Home, Postgres, Redis
from soniquebay.embedded.server import Server
from tests.processes import ROOT, Process, Web, wait_until

ADMIN, WORKER = "sbay_admin_of_the_house", "sbay_worker_of_the_house"
QUICK = {"JOB_HEARTBEAT_S": "1", "JOB_DEAD_AFTER_S": "3", "LOG_LEVEL": "INFO"}
COLUMNS = ("state", "current", "total", "attempt", "message", "worker")
KIND = "library.demo_library"


def kill(server: Server) -> None:
    """The whole group, as a power cut would."""
    assert server.process
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()


class House:
    """Stores and web run from `build` to `close`; control and workers that a test started end with `rest`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Home(folder / "home")
        self.postgres = Postgres(self.home, durable=False)
        self.redis = Redis(self.home)
        self.web: Web | None = None
        self.processes: list[Process] = []
        self.started = 0

    # --- its parts ---------------------------------------------------------------------------------------------------

    def build(self) -> None:
        self.start_stores()
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"],
            cwd=ROOT,
            env=self.environment(),
            check=True,
        )
        with self.database() as database:
            for secret, scope in ((ADMIN, "admin"), (WORKER, "worker")):
                database.execute(
                    "INSERT INTO api_tokens (name, scope, digest, beginning, created_at)"
                    " VALUES (%s, %s, %s, 'sbay', now())",
                    [scope, scope, digest(secret)],
                )
        self.start_web()

    def start_stores(self) -> None:
        self.postgres.start()
        self.redis.start()

    def environment(self, **more: str) -> dict[str, str]:
        """Of the server's processes."""
        return {
            "PATH": os.environ["PATH"],
            "SONIQUEBAY_HOME": str(self.home.path),
            "DJANGO_SETTINGS_MODULE": "soniquebay.settings",
            "DATABASE_URL": self.postgres.url,
            "REDIS_URL": self.redis.url,
            "STATIC_ROOT": str(settings.STATIC_ROOT),
            **QUICK,
            **more,
        }

    def start_web(self) -> None:
        self.web = Web(log=self._log("web"), env=self.environment())
        wait_until(self._web_answers, "the web answers")

    @property
    def url(self) -> str:
        assert self.web, "the web was not started"
        return self.web.url

    def _web_answers(self) -> bool:
        assert self.web, "the web was not started"
        assert self.web.is_alive(), self.web.said[-3000:]
        try:
            return self.ask("GET", "/api/jobs").status_code == 200
        except httpx.TransportError:
            return False

    def start_control(self, **more: str) -> Process:
        return self._start("control", ["manage.py", "control"], self.environment(**more))

    def start_worker(self, name: str = "worker", *, token: str = WORKER, **more: str) -> Process:
        env = {
            "PATH": os.environ["PATH"],
            "CELERY_BROKER_URL": self.redis.url,
            "API_URL": self.url,
            "WORKER_TOKEN": token,
            "WORKER_NAME": name,
            "SONIQUEBAY_HOME": str(self.folder / "nobody"),
            # What a killed worker leaves behind goes with the test.
            "TMPDIR": str(self.folder),
            **more,
        }
        return self._start(name, ["-m", "core.worker"], env)

    def _start(self, name: str, command: list[str], env: Mapping[str, str]) -> Process:
        process = Process(*command, log=self._log(name), env=dict(env))
        self.processes.append(process)
        return process

    def _log(self, name: str) -> Path:
        self.started += 1
        return self.folder / f"{self.started:03d}-{name}.log"

    def rest(self) -> None:
        """Ends control and workers, and forgets what was to be done."""
        for process in reversed(self.processes):
            process.stop()
        self.processes.clear()
        self.start_stores()
        wait_until(self._web_answers, "the web answers")
        with self.database() as database:
            database.execute("TRUNCATE jobs, workers CASCADE")
        with closing(redis.from_url(self.redis.url)) as broker:
            broker.delete(*Queue)

    def close(self) -> None:
        for process in [*reversed(self.processes), *([self.web] if self.web else [])]:
            process.stop()
        self.redis.stop()
        self.postgres.stop()

    # --- what is seen of it ------------------------------------------------------------------------------------------

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection]:
        with closing(psycopg.connect(self.postgres.url, autocommit=True)) as connection:
            yield connection

    def settle(self) -> None:
        """What was committed is written: a forgetful server that is killed would lose the last moment."""
        with self.database() as connection:
            connection.execute("SET synchronous_commit = on")
            connection.execute("SELECT pg_logical_emit_message(true, 'settled', '')")

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {ADMIN}"}
        return httpx.request(method, f"{self.url}{path}", headers=headers, timeout=30, **request)

    def start_job(self, kind: str = KIND) -> str:
        answer = self.ask("POST", "/api/jobs", json={"kind": kind})
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    def job(self, job_id: str) -> dict[str, Any]:
        """How it stands, read past the web, which may be away for the moment."""
        with self.database() as database:
            row = database.execute(
                "SELECT state, current, total, attempt, message, worker FROM jobs WHERE id = %s", [job_id]
            ).fetchone()
        assert row is not None
        return dict(zip(COLUMNS, row, strict=True))

    def wait_for(self, job_id: str, *states: str, seconds: float = 60) -> dict[str, Any]:
        """Until it has ended, one way or another."""
        ended = states or ("done", "failed", "cancelled")
        wait_until(lambda: self.job(job_id)["state"] in ended, f"the job is {ended}: {self.said()}", seconds)
        return self.job(job_id)

    def said(self) -> str:
        return "\n".join(process.said[-1500:] for process in self.processes)


def job_process(worker: Process, kind: str = KIND) -> psutil.Process:
    """The process of a job that a worker does; it may be scanning meanwhile."""

    def found() -> list[psutil.Process]:
        return [child for child in psutil.Process(worker.pid).children() if kind in child.cmdline()]

    wait_until(found, "the job has a process")
    (child,) = found()
    return child
