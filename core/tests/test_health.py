"""Health: each part alone, with the reason when it is away, and what strangers hear of it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from core import health as module
from core.events.listener import State
from core.health import Part, health, status
from core.models import Worker

pytestmark = pytest.mark.django_db
INSIDE = 'connection to server at "10.0.0.9" failed: user "music"'


@pytest.fixture(autouse=True)
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A house in which all is well."""
    Worker.objects.create(name=Worker.CONTROL, version="1")
    Worker.objects.create(name="attic", version="1")
    hears(monkeypatch, connected=True)


def hears(monkeypatch: pytest.MonkeyPatch, *, connected: bool, reason: str = "") -> None:
    state = State(wanted=True, connected=connected, since=timezone.now(), reason=reason)
    monkeypatch.setattr("core.events.listener.state", lambda: state)


def part(name: str) -> Part:
    return next(part for part in health() if part.name == name)


def break_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def cursor(*_: object) -> None:
        raise OperationalError(f"{INSIDE}\nand more")

    monkeypatch.setattr(module, "connection", SimpleNamespace(cursor=cursor))


def break_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    def info(*_: object, **__: object) -> None:
        raise RedisAway(INSIDE)

    monkeypatch.setattr("redis.Redis.info", info)


def test_when_all_is_well_each_part_says_so_with_its_version() -> None:
    parts = health()
    assert [part.name for part in parts] == ["database", "redis", "control", "workers", "events"]
    assert status(parts) == "ok"
    assert "pgvector" in part("database").version
    assert part("redis").version.startswith("Redis ")
    assert part("workers").detail == "attic"


BROKEN: dict[str, tuple[Callable[[pytest.MonkeyPatch], object], str, str]] = {
    "database": (break_database, INSIDE, "down"),
    "redis": (break_redis, INSIDE, "down"),
    "control": (
        lambda _: Worker.objects.filter(name="control").update(seen_at=timezone.now() - timedelta(seconds=91)),
        "Not heard of for 90 seconds.",
        "degraded",
    ),
    "workers": (
        lambda _: Worker.objects.filter(name="attic").delete(),
        "No worker was heard of for 90 seconds: jobs wait.",
        "degraded",
    ),
    "events": (lambda m: hears(m, connected=False, reason="Redis away"), "Redis away", "degraded"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_part_that_is_away_says_why(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking, reason, found = BROKEN[name]
    breaking(monkeypatch)
    assert (part(name).ok, part(name).detail) == (False, reason)
    assert status(health()) == found
    assert [part.name for part in health() if not part.ok] == [name]


@pytest.mark.parametrize("name", BROKEN)
def test_only_what_is_vital_makes_the_house_unavailable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking, _reason, found = BROKEN[name]
    breaking(monkeypatch)
    answer = Client().get("/health")
    assert answer.status_code == (503 if found == "down" else 200)
    assert answer.json()["status"] == found


def test_without_the_database_nothing_else_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    break_database(monkeypatch)
    assert [part.name for part in health()] == ["database", "redis", "events"]


@pytest.mark.parametrize("breaking", [break_database, break_redis])
def test_strangers_do_not_hear_what_a_driver_says(
    breaking: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch)
    said = Client().get("/health").content.decode()
    assert "10.0.0.9" not in said
    assert "Does not answer." in said


def test_what_a_driver_says_stands_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    break_redis(monkeypatch)
    health()
    (record,) = [record for record in caplog.records if record.getMessage() == "part_away"]
    fields: Any = record.__dict__["fields"]
    assert fields == {"part": "redis", "reason": INSIDE}


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_health_is_only_looked_at(method: str) -> None:
    assert getattr(Client(), method)("/health").status_code == 405
