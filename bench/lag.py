"""A web beside that of the stack, in the same home, which notes how late its event loop is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stack import PATIENCE_S, ROOT, free_port, is_healthy

# A timer of ten milliseconds in the loop itself: what it is late by, everything else in the loop has waited.
HOOK = """
import sys, time
import daphne.server
from twisted.internet import reactor
told = open(sys.argv.pop(1), "w", buffering=1)
def tick(due):
    told.write(f"{(reactor.seconds() - due) * 1000:.2f}\\n")
    reactor.callLater(0.01, tick, reactor.seconds() + 0.01)
reactor.callWhenRunning(lambda: tick(reactor.seconds()))
from daphne.cli import CommandLineInterface
CommandLineInterface.entrypoint()
"""


class Watched:
    """That web, and the lateness of its loop."""

    def __init__(self, port: int, pid: int, told: Path) -> None:
        self.port, self.pid, self.told = port, pid, told

    @contextmanager
    def watching(self, delays: list[float]) -> Iterator[None]:
        """Adds the milliseconds of each tick while the block lasts."""
        before = self.told.stat().st_size
        yield
        with self.told.open() as file:
            file.seek(before)
            delays += [float(line) for line in file.read().splitlines()[1:-1]]


@contextmanager
def watched_web(home: Path) -> Iterator[Watched]:
    port, told = free_port(), home / "lag.txt"
    command = [sys.executable, "-c", HOOK, str(told), "-b", "127.0.0.1", "-p", str(port), "soniquebay.asgi:application"]
    environment = {**os.environ, "SONIQUEBAY_HOME": str(home), "DJANGO_SETTINGS_MODULE": "soniquebay.settings"}
    quiet = subprocess.DEVNULL
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        deadline = time.perf_counter() + PATIENCE_S
        while not is_healthy(port):
            if web.poll() is not None or time.perf_counter() > deadline:
                raise SystemExit("The web did not start.")
            time.sleep(0.05)
        yield Watched(port, web.pid, told)
    finally:
        web.terminate()
        web.wait()
