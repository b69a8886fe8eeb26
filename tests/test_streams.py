"""Streams over a real server: a reader that stops costs no memory and no connection, one that reads gets all of it."""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import psutil
import pytest
from django.conf import settings
from django.test import Client

from core.services.jobs import start_job
from library.models import Track
from library.selectors.demo import demo_paths
from library.tests.factories import make_root, make_track
from player.tests.sounds import write
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


def asked(web: Web, secret: str, address: str = ADDRESS) -> socket.socket:
    """Asks for the file, and reads nothing of it."""
    connection = socket.create_connection((web.host, web.port), timeout=30)
    connection.sendall(f"GET {address} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {secret}\r\n\r\n".encode())
    return connection


def memory_mb(web: Web) -> float:
    return float(psutil.Process(web.pid).memory_info().rss) / 2**20


def weight_mb(web: Web) -> float:
    """With all processes that it has started, what they share by shares."""
    process = psutil.Process(web.pid)
    return sum(one.memory_full_info().pss for one in [process, *process.children(recursive=True)]) / 2**20


def transcoders(web: Web) -> list[psutil.Process]:
    """Children of the process that forks them."""
    return [child for one in psutil.Process(web.pid).children() for child in one.children()]


@pytest.fixture
def music(tmp_path: Path, test_database_url: str) -> Track:
    """Ten minutes of silence; encoding all of it would take a while."""
    folder = tmp_path / "music"
    folder.mkdir()
    place = write(folder / "long.flac", np.zeros(600 * 44_100, np.float32))
    return make_track(root=make_root(str(folder)), path=str(place), file_type="flac")


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


def test_files_that_follow_each_other_on_one_connection_leak_none_to_the_database(
    web: Web, secret: str, place: Path
) -> None:
    place.write_bytes(os.urandom(2**20))
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    with httpx.Client(headers={"Authorization": f"Bearer {secret}"}, timeout=30) as reader:
        for number in range(4 * pool):
            answer = reader.get(f"{web.url}{ADDRESS}", headers={"Range": f"bytes={number}-"})
            assert answer.status_code == (206 if number else 200), answer.text
            assert reader.get(f"{web.url}/api/jobs").status_code == 200


def test_a_file_that_shrinks_while_it_is_sent_ends_its_stream(web: Web, secret: str, large: Path) -> None:
    with asked(web, secret) as connection:
        connection.recv(2**16)
        os.truncate(large, 2**20)
        taken = 0
        with suppress(ConnectionError):
            while got := len(connection.recv(2**20)):
                taken += got
    assert taken < LARGE
    assert web.answers()
    assert "Traceback" not in web.said


@pytest.mark.parametrize(
    "asked_for", ["stream", "stream?format=mp3&bitrate=320", "stream?format=opus", "pieces?for_ms=60000"]
)
def test_listeners_that_read_nothing_cost_little(asked_for: str, web: Web, secret: str, music: Track) -> None:
    address = f"/api/tracks/{music.pk}/{asked_for}"
    with asked(web, secret, address) as first:
        first.recv(2**10)
    wait_until(lambda: not transcoders(web), "nothing is made")
    before = weight_mb(web)
    with ExitStack() as stack:
        for _ in range(20):
            reader = stack.enter_context(asked(web, secret, address))
            assert reader.recv(12, socket.MSG_PEEK) == b"HTTP/1.1 200"
        grown = weight_mb(web) - before
        other = httpx.get(f"{web.url}/api/jobs", headers={"Authorization": f"Bearer {secret}"}, timeout=20)
    assert other.status_code == 200
    assert grown < 20 * 4, f"{grown:.0f} MB"


def test_what_is_made_ends_when_its_listener_leaves(web: Web, secret: str, music: Track) -> None:
    with asked(web, secret, f"/api/tracks/{music.pk}/stream?format=mp3") as connection:
        assert connection.recv(2**16)
        (maker,) = transcoders(web)
        assert maker.nice() >= 10
    wait_until(lambda: not maker.is_running(), "it has ended")
    assert "Traceback" not in web.said


def test_what_is_made_ends_with_the_web(web: Web, secret: str, music: Track) -> None:
    with asked(web, secret, f"/api/tracks/{music.pk}/stream?format=mp3") as connection:
        assert connection.recv(2**16)
        started = [*psutil.Process(web.pid).children(), *transcoders(web)]
        assert len(started) == 2
        psutil.Process(web.pid).kill()
        wait_until(lambda: not any(alive(process) for process in started), "nothing of it is left")


def alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_slow_listener_hears_all_of_it(web: Web, secret: str, music: Track) -> None:
    with asked(web, secret, f"/api/tracks/{music.pk}/stream?format=aac&start_ms=540000") as connection:
        time.sleep(1)
        came = b""
        while not came.endswith(b"0\r\n\r\n"):
            came += connection.recv(2**16)
    assert came.startswith(b"HTTP/1.1 200")
    assert len(came) > 10_000
