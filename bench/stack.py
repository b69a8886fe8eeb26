"""The whole stack as a person starts it, in a home of its own, for as long as a measurement lasts."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 120.0


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def fresh_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="soniquebay-bench-") as folder:
        yield Path(folder) / "home"


@contextmanager
def started_on(home: Path) -> Iterator[int]:
    """The port on which it answers."""
    port = free_port()
    with started(home, port):
        yield port


@contextmanager
def started(home: Path, port: int | None = None) -> Iterator[tuple[int, float]]:
    """bin/up until /health says 200: its process id, and the seconds that took; stopped as by Ctrl-C."""
    port = port or free_port()
    command = [str(ROOT / "bin" / "up"), "--home", str(home), "--port", str(port), "--host", "127.0.0.1"]
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    began = time.perf_counter()
    up = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        while not is_healthy(port):
            if up.poll() is not None or time.perf_counter() - began > PATIENCE_S:
                raise SystemExit("bin/up did not come up; see what it said above.")
            time.sleep(0.02)
        yield up.pid, time.perf_counter() - began
    finally:
        up.send_signal(signal.SIGINT)
        up.wait(timeout=60)


def is_healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
