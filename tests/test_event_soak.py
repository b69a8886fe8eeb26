"""A hundred and ten streams and fifty sockets live through a minute without Redis, and all end with the truth."""

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psutil
import psycopg
import pytest
import websockets
from psycopg import sql

from soniquebay.embedded import Redis
from tests.processes import ROOT, Web, wait_until

OUTAGE_S = 60
BEFORE_S = AFTER_S = 4
STREAMS, SOCKETS = 110, 50
POOL = 8
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from core.models import ApiToken
from core.tokens import digest
ApiToken.objects.create(name="soak", scope="read", digest=digest("soak"), beginning="soak")
"""
PUBLISH = """
import sys, django; django.setup()
from core.events import publish
from core.schemas import ProgressEvent
for line in sys.stdin:
    task, current = line.split()
    publish(ProgressEvent(task_id=task, step="soak", current=int(current), total=1000, percent=int(current) // 10))
    print("published", flush=True)
"""
TOKEN = {"Authorization": "Bearer soak"}
Truth = dict[str, int]


@dataclass
class House:
    """A server with its own database and its own Redis."""

    port: int
    server: psutil.Process
    redis: Redis
    database: str
    environment: dict[str, str]

    @property
    def memory_mb(self) -> float:
        return float(self.server.memory_info().rss) / 2**20

    def connections(self) -> int:
        with psycopg.connect(self.database, autocommit=True) as database:
            asked = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
            row = database.execute(asked).fetchone()
        return int(row[0]) if row else 0


@dataclass
class Reader:
    """A page: keeps the last event of each task, and fetches the truth when it is told to."""

    truth: Truth
    seen: Truth = field(default_factory=dict)
    open: bool = False
    away: int = 0
    resets: int = 0
    breaks: int = 0
    last_id: str = ""

    def take(self, message: dict[str, Any]) -> None:
        if message["type"] == "progress":
            self.seen[message["task_id"]] = message["current"]
        elif message["type"] == "stream-away":
            self.away += 1
        elif message["type"] == "stream-reset":
            self.resets += 1
            self.seen = dict(self.truth)

    async def stream(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        resume = f"Last-Event-ID: {self.last_id}\r\n" if self.last_id else ""
        writer.write(f"GET /api/events HTTP/1.1\r\nHost: soak\r\nAuthorization: Bearer soak\r\n{resume}\r\n".encode())
        name = ""
        with closing(writer):
            async for line in reader:
                kind, _, value = line.decode().strip().partition(": ")
                if kind == "event":
                    name = value
                    self.open = self.open or name == "stream-open"
                    self.away += name == "stream-away"
                elif kind == "id":
                    self.last_id = value
                elif kind == "data" and value:
                    self.take({"type": name, **json.loads(value)})

    async def socket(self, port: int) -> None:
        async with websockets.connect(f"ws://127.0.0.1:{port}/api/ws", additional_headers=TOKEN) as connection:
            self.open = True
            async for text in connection:
                self.take(json.loads(text))

    async def live(self, read: Callable[[int], Awaitable[None]], port: int) -> None:
        while True:
            with suppress(OSError, websockets.WebSocketException):
                await read(port)
            self.breaks += 1
            await asyncio.sleep(0.5)


@dataclass
class Visitor:
    """Asks for something ordinary over and over."""

    answers: list[int] = field(default_factory=list)

    async def visit(self, port: int) -> None:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=TOKEN, timeout=20) as client:
            while True:
                answer = await client.get("/api/jobs?size=5")
                self.answers.append(answer.status_code)
                await asyncio.sleep(0.1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    redis = Redis(tmp_path / "home")
    redis.start()
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"soak_{uuid.uuid4().hex[:8]}"
    database = urlunsplit(parts._replace(path=f"/{name}"))
    environment = {**os.environ, "DATABASE_URL": database, "REDIS_URL": redis.url, "DATABASE_POOL": str(POOL)}
    environment |= {"SONIQUEBAY_HOME": str(tmp_path / "home"), "DJANGO_SETTINGS_MODULE": "soniquebay.settings"}
    with psycopg.connect(urlunsplit(parts), autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True)
    web = Web(log=tmp_path / "web.log", env=environment)
    try:
        wait_until(web.answers, "the web answers")
        yield House(web.port, psutil.Process(web.pid), redis, database, environment)
    finally:
        web.stop()
        redis.stop()
        with psycopg.connect(urlunsplit(parts), autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    assert "Traceback" not in web.said


class Publisher:
    """Another process that publishes, as control does; it must never fail nor wait for long."""

    def __init__(self, house: House, truth: Truth) -> None:
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self._process = subprocess.Popen([sys.executable, "-c", PUBLISH], env=house.environment, cwd=ROOT, **pipes)
        self._truth = truth
        self.slowest_s = 0.0

    def publish(self, task: str, current: int) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._truth[task] = current
        began = time.monotonic()
        self._process.stdin.write(f"{task} {current}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline().strip() == "published"
        self.slowest_s = max(self.slowest_s, time.monotonic() - began)

    async def publish_for(self, seconds: float, tasks: list[str]) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for task in tasks:
                await asyncio.to_thread(self.publish, task, self._truth.get(task, 0) + 1)
            await asyncio.sleep(0.1)

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=20)


async def until(condition: Callable[[], bool], *, within_s: float = 60) -> float:
    """How long it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within_s, "this did not come about"
        await asyncio.sleep(0.05)
    return time.monotonic() - began


@pytest.mark.timeout(OUTAGE_S + 150)
async def test_everybody_ends_with_the_truth(house: House) -> None:
    truth: Truth = {}
    readers = [Reader(truth) for _ in range(STREAMS + SOCKETS)]
    visitor, publisher = Visitor(), Publisher(house, truth)
    before, during, after = (str(uuid.uuid4()) for _ in range(3))
    tasks = [asyncio.create_task(one.live(one.stream, house.port)) for one in readers[:STREAMS]]
    tasks += [asyncio.create_task(one.live(one.socket, house.port)) for one in readers[STREAMS:]]
    tasks.append(asyncio.create_task(visitor.visit(house.port)))
    try:
        opened_s = await until(lambda: all(one.open for one in readers))
        await publisher.publish_for(BEFORE_S, [before, during])
        await until(lambda: all(one.seen == truth for one in readers))
        assert not any(one.resets or one.breaks for one in readers)
        memory_mb, connections = house.memory_mb, house.connections()

        await asyncio.to_thread(house.redis.stop)
        await publisher.publish_for(OUTAGE_S, [during])
        resets = sum(one.resets for one in readers)
        assert all(one.away for one in readers), "each was told that nothing is heard"
        await asyncio.to_thread(house.redis.start)
        recovered_s = await until(lambda: all(one.seen == truth and one.resets for one in readers))

        await publisher.publish_for(AFTER_S, [after, during])
        await until(lambda: all(one.seen == truth for one in readers))
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
        publisher.close()
    assert not [error for error in ended if isinstance(error, Exception)]
    grown_mb = house.memory_mb - memory_mb
    print(  # noqa: T201 - the figures are half of what this is for
        f"opened in {opened_s:.1f} s, recovered in {recovered_s:.1f} s, memory {memory_mb:.0f} MB + {grown_mb:.1f} MB, "
        f"{connections} connections, slowest publish {publisher.slowest_s:.2f} s, {len(visitor.answers)} requests"
    )
    assert resets == 0
    assert connections <= POOL
    assert house.connections() <= POOL
    assert set(visitor.answers) == {200}
    assert publisher.slowest_s < 10
    assert grown_mb < 60
    assert not any(one.breaks for one in readers)
