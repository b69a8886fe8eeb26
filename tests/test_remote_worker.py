"""A worker on another machine: a network and an environment of its own, nothing of the server's disk.

The other machine is a network namespace at the end of a cable, with the server's home and the checkout hidden. What it
has of SoniqueBay is what WORKERS_FILES names: whoever packs a worker for another machine packs these.
"""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from core.models import Job
from library.engine.demo import PIECES
from soniquebay.embedded import Redis
from tests.demo import Demo
from tests.processes import ROOT, Process, Web, wait_until

WORKERS_CORE = ("__init__.py", "collector.py", "environment.py", "logs.py", "schemas.py", "version.py", "worker")
WORKERS_FILES = [
    "requirements-worker.txt",
    # Of core: what everything stands on, the wire format, and the worker itself.
    *(f"core/{name}" for name in WORKERS_CORE),
    # Of every other app: the wire format, what computes, and the tasks.
    *(f"library/{name}" for name in ("__init__.py", "schemas", "engine", "worker")),
]
KIND = "library.demo_library"
LEFT = [PIECES[2]]

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another machine (a network namespace)"),
    pytest.mark.skipif(not (shutil.which("ip") and shutil.which("unshare")), reason="ip and unshare are not installed"),
]


def run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


class Elsewhere:
    """Another machine, and the cable to it."""

    def __init__(self, folder: Path, python: Path) -> None:
        number = os.getpid() % 250
        self.name = f"sbay-{os.getpid()}"
        self.here, self.there = f"10.213.{number}.1", f"10.213.{number}.2"
        self.folder = folder
        self.python = python

    def build(self) -> None:
        ours, theirs = f"sbh{os.getpid()}", f"sbt{os.getpid()}"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", self.name)
        run("ip", "address", "add", f"{self.here}/30", "dev", ours)
        run("ip", "link", "set", ours, "up")
        run("ip", "-n", self.name, "address", "add", f"{self.there}/30", "dev", theirs)
        run("ip", "-n", self.name, "link", "set", theirs, "up")
        run("ip", "-n", self.name, "link", "set", "lo", "up")
        for name in WORKERS_FILES:
            source, target = ROOT / name, self.folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)

    def close(self) -> None:
        """The cable goes with the namespace."""
        subprocess.run(["ip", "netns", "delete", self.name], check=False, capture_output=True)

    def command(self, *arguments: str) -> list[str]:
        """Python there: the server's home and the checkout are empty folders."""
        hide = f'mount -t tmpfs none "{settings.HOME}" && mount -t tmpfs none "{ROOT}"'
        begin = f'{hide} && cd "{self.folder}" && exec "{self.python}" "$@"'
        return ["ip", "netns", "exec", self.name, "unshare", "--mount", "sh", "-c", begin, "sh", *arguments]


@pytest.fixture
def elsewhere(tmp_path: Path, workers_own_python: Path) -> Iterator[Elsewhere]:
    machine = Elsewhere(tmp_path / "elsewhere", workers_own_python)
    try:
        try:
            machine.build()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no other machine can be made here: {error.stderr.decode().strip()}")
        yield machine
    finally:
        machine.close()


@pytest.fixture
def broker(elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Listens on the cable too."""
    monkeypatch.setenv("SONIQUEBAY_BROKER_BIND", elsewhere.here)
    redis = Redis(tmp_path / "home")
    redis.start()
    yield redis
    redis.stop()


@pytest.fixture
def server(
    elsewhere: Elsewhere, broker: Redis, test_database_url: str, tmp_path: Path, processes: list[Process]
) -> Web:
    """Listens on the cable alone."""
    env = {**os.environ, "DATABASE_URL": test_database_url, "REDIS_URL": broker.url}
    web = Web(log=tmp_path / "web.log", env=env, host=elsewhere.here)
    processes.append(web)
    wait_until(web.answers, "the web answers")
    return web


@pytest.fixture
def environment(elsewhere: Elsewhere, broker: Redis, server: Web, token: Callable[[str], str]) -> dict[str, str]:
    """All that the other machine is told."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "CELERY_BROKER_URL": broker.url.replace("127.0.0.1", elsewhere.here),
        "API_URL": server.url,
        "WORKER_TOKEN": token("worker"),
        "WORKER_NAME": "elsewhere",
    }


@pytest.fixture
def demo(seconds_of_music: dict[str, bytes]) -> Iterator[Demo]:
    demo = Demo(Path(settings.DEMO_FOLDER), seconds_of_music)
    yield demo
    shutil.rmtree(demo.folder, ignore_errors=True)


LOOK_AROUND = """
import importlib.util, json, os, socket, sys
def reaches(host, port):
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError:
        return False
    return True
print(json.dumps({
    "server's files": [path for path in sys.argv[3:] if os.path.exists(path) and os.listdir(path)],
    "modules": [name for name in ("django", "psycopg", "ninja", "soniquebay") if importlib.util.find_spec(name)],
    "addresses": [name for name in os.environ if "DATABASE" in name],
    "server's loopback": reaches("127.0.0.1", int(sys.argv[2])),
    "server": reaches(sys.argv[1], int(sys.argv[2])),
}))
"""


def test_the_other_machine_has_nothing_of_the_server_but_a_cable(elsewhere: Elsewhere, broker: Redis) -> None:
    hidden = [str(settings.HOME), str(settings.DEMO_FOLDER), str(ROOT), str(ROOT / "core")]
    command = elsewhere.command("-c", LOOK_AROUND, elsewhere.here, str(broker.port), *hidden)
    said = subprocess.run(command, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    found = json.loads(said.stdout)
    assert found.pop("server")
    assert not any(found.values()), found


def test_a_worker_elsewhere_completes_a_job_through_the_api_alone(
    elsewhere: Elsewhere, environment: dict[str, str], demo: Demo, tmp_path: Path, token: Callable[[str], str]
) -> None:
    demo.deliver_all_but(LEFT)
    log = tmp_path / "elsewhere.log"
    with log.open("wb") as out:
        worker = subprocess.Popen(elsewhere.command("-m", "core.worker"), env=environment, stdout=out, stderr=out)
    try:
        headers = {"Authorization": f"Bearer {token('write')}"}
        answer = httpx.post(f"{environment['API_URL']}/api/jobs", json={"kind": KIND}, headers=headers, timeout=30)
        asked = answer.json()["id"]

        def has_ended() -> bool:
            assert worker.poll() is None, log.read_text()
            return Job.objects.get(pk=asked).finished_at is not None

        wait_until(has_ended, "the job ends", 150)
        job = Job.objects.get(pk=asked)
        assert (job.state, job.worker, job.attempt) == (Job.State.DONE, "elsewhere", 1), job.message
        assert job.current == job.total == len(PIECES)
        demo.assert_whole(LEFT)
    finally:
        worker.terminate()
        worker.wait(20)


READ_FILES = """
import hashlib, json, pathlib
from core.worker.client import ApiClient
from core.worker.config import config
from core.worker.files import local_or_downloaded
api = ApiClient(config().api_url, config().token)
read = {}
for file in api.get("/api/demo-library/files"):
    address = f"/api/demo-library/files/{file['path']}"
    with local_or_downloaded(
        api, location=file["location"], size=file["size"], mtime_ns=file["mtime_ns"], address=address
    ) as path:
        assert str(path) != file["location"]
        read[file["path"]] = hashlib.sha256(path.read_bytes()).hexdigest()
    assert not path.exists()
print(json.dumps(read))
"""


def test_a_worker_elsewhere_reads_files_that_it_cannot_see(
    elsewhere: Elsewhere, environment: dict[str, str], demo: Demo
) -> None:
    demo.deliver_all_but([])
    said = subprocess.run(elsewhere.command("-c", READ_FILES), env=environment, capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    music = {piece.path: hashlib.sha256(demo.music[piece.path]).hexdigest() for piece in PIECES}
    read = json.loads(said.stdout)
    assert {path: read[path] for path in music} == music
