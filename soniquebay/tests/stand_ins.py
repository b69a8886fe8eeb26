"""Small programs in place of our own processes, and a supervisor that runs them."""

import atexit
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path

from soniquebay.embedded import Postgres
from soniquebay.embedded.processes import end_strangers, everyone

CHECKOUT = Path(__file__).resolve().parents[2]
PREPARE = """
import json, time
print(json.dumps({"event": "migrating", "done": 1, "total": 2, "name": "core.0001"}), flush=True)
time.sleep(0.3)
print(json.dumps({"event": "ready", "owner_path": "/welcome/once/", "worker_token": "token-of-workers",
                  "terminal_token": "token-of-terminals", "demo_job": None}), flush=True)
"""
WEB = """
import http.server, json, os, sys
FINISHED = {"id": "1", "kind": "scan", "title": "Scan of Music", "state": "done", "current": 9000, "error_count": 2}
looks = 0
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        global looks
        body = {}
        if self.path == "/api/jobs?state=active":
            assert self.headers["Authorization"] == "Bearer token-of-terminals"
            looks += 1
            running = {**FINISHED, "state": "running", "step": "reading", "current": 3000 * looks, "total": 9000}
            pace = {"rate_per_s": 3000.0, "left_s": 1} if looks == 2 else {"item": ""}
            body = {"items": [{**running, "percent": looks * 33, "figures": pace}] if looks < 3 else []}
        elif self.path == "/api/jobs/1":
            body = FINISHED
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer.allow_reuse_address = True
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
"""
WAITING = "import time; time.sleep(600)"
MAIN = """
import json, sys
from soniquebay import supervisor
from soniquebay.supervisor.programs import Plan, Program, process_environment, worker_environment
codes = json.loads(sys.argv[1])
def plan(options, home, stores):
    own, little = process_environment(options, home, stores), worker_environment(options, home, stores)
    def program(name, environment):
        command = (sys.executable, "-c", codes[name], str(options.port), name)
        return Program(name, name.capitalize(), command, environment)
    services = (program("web", own), program("worker", little), program("control", own))
    return Plan(program("prepare", own), services)
sys.exit(supervisor.main(sys.argv[2:], plan))
"""


@cache
def initialised_home() -> Path:
    """A home whose database is made, to be copied: making one takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="soniquebay-home-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    postgres = Postgres(folder / "home", durable=False)
    postgres.start()
    postgres.stop()
    return folder / "home"


def copy_home_to(place: Path) -> None:
    subprocess.run(["cp", "-a", "--reflink=auto", str(initialised_home()), str(place)], check=True)


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(fact: Callable[[], object], timeout_s: float = 40.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not fact():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


class Up:
    """One `bin/up`, whose words are kept in a file."""

    def __init__(self, home: Path, *, through: Sequence[str] = ()) -> None:
        self.home = home
        self.port = free_port()
        self.process: subprocess.Popen[bytes]
        self._through = through
        self._words = home.with_name(f"{home.name}.words")

    def copy_home(self) -> None:
        copy_home_to(self.home)

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        terminal: int | None = None,
        **codes: str,
    ) -> None:
        programs = {"prepare": PREPARE, "web": WEB, "worker": WAITING, "control": WAITING, **codes}
        words = [sys.executable, "-c", MAIN, json.dumps(programs)]
        usual = ["--home", str(self.home), "--port", str(self.port)]
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        with self._words.open("wb") as output:
            self.process = subprocess.Popen(
                [*self._through, *words, *usual, *arguments],
                stdout=output if terminal is None else terminal,
                stderr=output,
                cwd=CHECKOUT,
                env={**kept, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})},
            )

    def said(self) -> str:
        return self._words.read_text(encoding="utf-8")

    def wait_until_ready(self, timeout_s: float = 60.0) -> None:
        def is_ready() -> bool:
            assert self.process.poll() is None, self.said()
            return "SoniqueBay is ready" in self.said()

        wait_for(is_ready, timeout_s)

    def everyone(self) -> list[int]:
        """The processes that the supervisor started, without their own children."""
        return [pid for pid in everyone() if _parent(pid) == self.process.pid]

    def pid_of(self, name: str) -> int:
        """0 while there is none."""
        for pid in self.everyone():
            words = _words_of(pid)
            # Redis writes its address into its own title.
            if words and (words[-1] == name or Path(words[0].split(" ")[0]).name == name):
                return pid
        return 0

    def environment_of(self, name: str) -> dict[str, str]:
        lines = Path(f"/proc/{self.pid_of(name)}/environ").read_bytes().split(b"\0")
        pairs = (line.decode(errors="replace").partition("=") for line in lines if line)
        return {key: value for key, _, value in pairs}

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def clean(self) -> None:
        """Whatever a failed test left."""
        if not hasattr(self, "process"):
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        marked = f"SONIQUEBAY_HOME={self.home}".encode()
        end_strangers(lambda: [pid for pid in everyone() if marked in _environ(pid)], ((signal.SIGKILL, 10.0),))


def _environ(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _words_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").rstrip("\0").split("\0")
    except OSError:
        return []


def _parent(pid: int) -> int | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return None
    state, parent = text.rpartition(")")[2].split()[:2]
    return int(parent) if state != "Z" else None
