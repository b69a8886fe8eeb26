"""Keeps one process running: starts it again when it ends, ever more slowly while it keeps ending."""

import signal
import subprocess
import time
from collections.abc import Callable
from typing import Protocol

from soniquebay.embedded import CannotStart, Home
from soniquebay.embedded.processes import end, end_session, end_with_parent
from soniquebay.embedded.server import Server
from soniquebay.supervisor.figures import seconds_text
from soniquebay.supervisor.programs import CHECKOUT, Program

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
STEADY_AFTER_S = 60.0


class Runner(Protocol):
    """What can be watched: a program of ours, or a server."""

    title: str

    @property
    def process(self) -> subprocess.Popen[bytes] | None: ...

    def launch(self) -> None: ...

    def stop(self, in_a_hurry: Callable[[], bool]) -> None: ...

    def log_name(self) -> str: ...


class RunningProgram:
    """One of our own processes, in a session of its own, so that Ctrl-C reaches it through us only."""

    def __init__(self, home: Home, program: Program) -> None:
        self.title = program.title
        self.process: subprocess.Popen[bytes] | None = None
        self._home = home
        self._program = program

    def launch(self) -> None:
        if self.process is not None:
            end_session(self.process.pid)
        log = self._home.open_log(self._program.name)
        with open(log, "wb") as output:
            self.process = subprocess.Popen(
                self._program.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=CHECKOUT,
                env=self._program.environment,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )

    def ask_to_stop(self) -> None:
        """So that several end at the same time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self._program.stops[0][0])

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        if self.process is not None:
            end(self.process, self._program.stops, in_a_hurry)

    def log_name(self) -> str:
        return str(self._home.log(self._program.name))


class RunningServer:
    """PostgreSQL or Redis, seen as one more process to keep."""

    def __init__(self, server: Server) -> None:
        self.title = server.title
        self.server = server

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        return self.server.process

    def launch(self) -> None:
        self.server.prepare()
        self.server.spawn()

    def stop(self, in_a_hurry: Callable[[], bool]) -> None:
        self.server.stop(in_a_hurry)

    def log_name(self) -> str:
        return str(self.server.log)


class Watched:
    """A runner with its history of failures."""

    def __init__(self, runner: Runner) -> None:
        self.runner = runner
        self.failures = 0
        self._launched_at = time.monotonic()
        self._again_at: float | None = None

    def launch(self) -> None:
        self._launched_at = time.monotonic()
        self._again_at = None
        self.runner.launch()

    def look(self) -> str | None:
        """Starts it again when that is due; returns what a person should know."""
        now = time.monotonic()
        if self._again_at is not None:
            return self._try_again() if now >= self._again_at else None
        process = self.runner.process
        if process is not None and process.poll() is None:
            if now - self._launched_at > STEADY_AFTER_S:
                self.failures = 0
            return None
        reason = _ending(process.returncode) if process is not None else "did not start"
        later = self._later()
        return f"{self.runner.title} {reason}; {later}. Its log: {self.runner.log_name()}" if self._is_news() else None

    def _is_news(self) -> bool:
        """What fails for hours is said now and then, not twice a minute."""
        return self.failures <= 4 or self.failures % 20 == 0

    def _later(self) -> str:
        delay = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2**self.failures)
        self.failures += 1
        self._again_at = time.monotonic() + delay
        return f"starting it again in {seconds_text(delay)}"

    def _try_again(self) -> str | None:
        try:
            self.launch()
        except (CannotStart, OSError) as error:
            later = self._later()
            return f"{error} ({later})" if self._is_news() else None
        return None


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended unexpectedly (code {code})"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"was ended by {name}{' (out of memory?)' if name == 'SIGKILL' else ''}"
