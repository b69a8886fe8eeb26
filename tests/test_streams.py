"""Files over a real server: a reader that stops costs no memory and no connection, one that reads gets all of it."""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import psutil
import pytest
from django.conf import settings
from django.test import Client

from core.services.jobs import start_job
from library.selectors.demo import demo_paths
from tests.processes import Web, wait_until

PATH = min(demo_paths())
LARGE = 300 * 2**20
ADDRESS = quote(f"/api/demo-library/files/{PATH}")


@pytest.fixture
def place() -> Iterator[Path]:
    place = Path(settings.DEMO_FOLDER) / PATH
    place.parent.mkdir(parents=True, exist_ok=True)
    yield place
    place.unlink(missing_ok=True)


@pytest.fixture
def large(place: Path) -> Path:
    """Takes no room on the disk."""
    place.touch()
    os.truncate(place, LARGE)
    return place


@pytest.fixture
def secret(token: Callable[[str], str]) -> str:
    return token("read")


def asked(web: Web, secret: str) -> socket.socket:
    """Asks for the file, and reads nothing of it."""
    connection = socket.create_connection((web.host, web.port), timeout=30)
    connection.sendall(f"GET {ADDRESS} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n".encode())
    return connection


def memory_mb(web: Web) -> float:
    return float(psutil.Process(web.pid).memory_info().rss) / 2**20


def test_readers_that_stop_cost_neither_memory_nor_connections(web: Web, secret: str, large: Path) -> None:
    before = memory_mb(web)
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    with ExitStack() as stack:
        readers = [stack.enter_context(asked(web, secret)) for _ in range(2 * pool)]
        for reader in readers:
            assert reader.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
        time.sleep(2)
        grown = memory_mb(web) - before
        other = httpx.get(f"{web.url}/api/jobs", headers={"Authorization": f"Bearer {secret}"}, timeout=20)
    assert other.status_code == 200
    assert grown < 80, f"{grown:.0f} MB for {len(readers)} readers of {LARGE // 2**20} MB each"
    assert web.answers()


def test_a_slow_reader_gets_every_byte(web: Web, secret: str, place: Path) -> None:
    content = os.urandom(12 * 2**20)
    place.write_bytes(content)
    with asked(web, secret) as connection:
        time.sleep(1)
        with connection.makefile("rb") as answer:
            while answer.readline().strip():
                pass
            taken = answer.read(len(content))
    assert hashlib.sha256(taken).digest() == hashlib.sha256(content).digest()


def test_what_has_not_changed_is_not_sent_again(api: Callable[[str], Client], place: Path) -> None:
    reader = api("read")

    def status(address: str, **headers: str) -> int:
        answer: Any = reader.get(address, headers=headers)
        assert bool(b"".join(answer)) == (answer.status_code == 200)
        return int(answer.status_code)

    place.write_bytes(b"music")
    first: Any = reader.get(ADDRESS)
    assert first.getvalue() == b"music"
    seen = first["Last-Modified"]
    assert status(ADDRESS, If_Modified_Since=seen) == 304
    os.utime(place, (time.time() + 5, time.time() + 5))
    assert status(ADDRESS, If_Modified_Since=seen) == 200
    listed = reader.get("/api/jobs")["ETag"]
    assert status("/api/jobs", If_None_Match=listed) == 304
    start_job(kind="library.demo_library")
    assert status("/api/jobs", If_None_Match=listed) == 200


def test_whoever_leaves_in_the_middle_leaves_no_file_open(web: Web, secret: str, large: Path) -> None:
    with asked(web, secret) as connection:
        connection.recv(2**20)
        assert str(large) in {file.path for file in psutil.Process(web.pid).open_files()}
    wait_until(lambda: str(large) not in {file.path for file in psutil.Process(web.pid).open_files()}, "it is closed")
    assert "Traceback" not in web.said
