"""Starts the project's own processes for tests: the web, workers, control, each killable."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
DAPHNE = "from daphne.cli import CommandLineInterface; CommandLineInterface.entrypoint()"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(true: Callable[[], Any], what: str, seconds: float = 30) -> Any:
    """Looks until something holds; the bound is generous, because it only ends tests that have failed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {seconds} s")


class Process:
    """A process of ours, with what it says kept in a file."""

    def __init__(self, *command: str, log: Path, env: dict[str, str]) -> None:
        self.log = log
        with log.open("ab") as out:
            self.popen = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=env, stdout=out, stderr=out, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def forget_what_was_said(self) -> None:
        # It appends, and goes on at the new beginning.
        os.truncate(self.log, 0)

    @property
    def pid(self) -> int:
        return self.popen.pid

    def is_alive(self) -> bool:
        return self.popen.poll() is None

    def kill(self) -> None:
        """As a power cut does: the whole group, at once."""
        self._signal(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        try:
            self.popen.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()

    def _signal(self, number: int) -> None:
        if self.is_alive():
            os.killpg(self.popen.pid, number)


class Web(Process):
    """Daphne with the whole application."""

    def __init__(
        self, *, log: Path, env: dict[str, str], host: str = "127.0.0.1", port: int | None = None, before: str = ""
    ) -> None:
        """`before` is code that runs first, such as a shorter time to wait."""
        self.host = host
        self.port = port or free_port()
        start = ("-c", f"{before}\n{DAPHNE}") if before else ("-m", "daphne")
        super().__init__(*start, "-b", host, "-p", str(self.port), "soniquebay.asgi:application", log=log, env=env)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def answers(self) -> bool:
        assert self.is_alive(), self.said[-3000:]
        try:
            return httpx.get(f"{self.url}/health", timeout=10).status_code == 200
        except httpx.TransportError:
            return False
