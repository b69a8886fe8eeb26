"""Runs `manage.py prepare` and shows what it tells: one JSON object a line."""

import json
import os
import selectors
import signal
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from soniquebay.embedded import CannotStart, Home
from soniquebay.embedded.problems import disk_full
from soniquebay.embedded.processes import end, end_with_parent
from soniquebay.supervisor.interrupts import Interrupts
from soniquebay.supervisor.programs import CHECKOUT, Program
from soniquebay.supervisor.screen import Step

TOKENS = ("worker_token", "terminal_token")


@dataclass(frozen=True)
class Prepared:
    """What preparation found out."""

    owner_path: str | None
    demo_job: str | None


class Preparation:
    """A child whose words are read while other things go on."""

    def __init__(self, home: Home, program: Program, step: Step) -> None:
        self._home = home
        self._program = program
        self._step = step
        self._rest = b""
        self._last: dict[str, object] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def run(self, interrupts: Interrupts, draw: Callable[[], None]) -> Prepared:
        with interrupts.shield():
            self._launch()
        try:
            self._listen(draw)
        finally:
            if self._process is not None:
                end(self._process, self._program.stops)
        return self._understood()

    def _launch(self) -> None:
        log = self._home.open_log(self._program.name)
        with open(log, "wb") as errors:
            self._process = subprocess.Popen(
                self._program.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=CHECKOUT,
                env=self._program.environment,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )

    def _listen(self, draw: Callable[[], None]) -> None:
        if self._process is None or self._process.stdout is None:
            return
        with self._process.stdout as output, selectors.DefaultSelector() as selector:
            selector.register(output, selectors.EVENT_READ)
            while True:
                draw()
                if not selector.select(timeout=0.1):
                    continue
                block = os.read(output.fileno(), 65536)
                if not block:
                    break
                self._hear(block)
        self._process.wait()

    def _hear(self, block: bytes) -> None:
        *lines, self._rest = (self._rest + block).split(b"\n")
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                self._last = message
                self._show(message)

    def _show(self, message: dict[str, object]) -> None:
        event, done, total = message.get("event"), message.get("done"), message.get("total")
        if isinstance(done, int) and isinstance(total, int) and total > 0:
            self._step.fraction = done / total
            self._step.state = f"{done}/{total} {message.get('name', '')}"
        elif event != "ready":
            self._step.fraction = None
            self._step.state = str(event or "").replace("_", " ")

    def _understood(self) -> Prepared:
        if self._process is None or self._process.returncode != 0 or self._last.get("event") != "ready":
            raise _explained(self._home.log(self._program.name), self._home.path)
        for name in TOKENS:
            token = self._last.get(name)
            if isinstance(token, str) and token != self._home.kept_secret(name):
                self._home.keep_secret(name, token)
        owner, job = self._last.get("owner_path"), self._last.get("demo_job")
        return Prepared(owner if isinstance(owner, str) else None, job if isinstance(job, str) else None)


def _explained(log: Path, home: Path) -> CannotStart:
    said = log.read_text(encoding="utf-8", errors="replace")[-20_000:]
    if "No space left on device" in said or "DiskFull" in said:
        return disk_full(home)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    reason = lines[-1] if lines else "it gave no reason"
    return CannotStart(f"The database could not be prepared: {reason} (all of it in {log}). Your data were kept.")
