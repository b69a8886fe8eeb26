"""/api/events, asked of a real server: who may listen, where a reader resumes, and what a stream does not hold."""

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker

from core.events import publish
from core.models import ApiToken, User
from core.schemas import NotificationEvent, ProgressEvent
from core.services.tokens import create_token
from tests.processes import Web, wait_until

pytestmark = pytest.mark.django_db

Headers = dict[str, str]
# Whether somebody may still listen is looked at every twenty seconds otherwise.
LOOKS_OFTEN = "import django; django.setup(); from core.events import listener; listener.CHECK_ACCESS_S = 1"
# What the public documents promise, in their order.
PROMISED = ["type", "task_id", "step", "current", "total", "percent", "metrics"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Instead of the shared one, which empties Redis: the server would rightly reset its listeners."""


def say(event: ProgressEvent | NotificationEvent) -> None:
    """From another thread: here pytest-django holds a transaction open, and events wait for commits."""
    speaker = Thread(target=publish, args=(event,))
    speaker.start()
    speaker.join()


def database_url() -> str:
    parts = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture(scope="module")
def known(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Headers]]:
    """What identifies each of the cast; kept for the whole module, because a server takes seconds to start."""
    with django_db_blocker.unblock():
        person = User.objects.create_user("stream listener")
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        scopes = {"reading": "read", "revoked": "read", "worker": "worker"}
        made = {name: create_token(name=name, scope=scope, user=None) for name, scope in scopes.items()}
        headers = {name: {"Authorization": f"Bearer {secret}"} for name, (_, secret) in made.items()}
        yield {**headers, "session": {"Cookie": f"{cookie.key}={cookie.value}"}}
        person.delete()
        ApiToken.objects.all().delete()


@pytest.fixture(scope="module")
def web(known: dict[str, Headers], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    log, env = tmp_path_factory.mktemp("web") / "log", {**os.environ, "DATABASE_URL": database_url()}
    web = Web(log=log, env=env, before=LOOKS_OFTEN)
    wait_until(web.answers, "the web answers")
    yield web
    web.stop()
    assert "Traceback" not in web.said


@pytest.fixture
def reading(known: dict[str, Headers]) -> Headers:
    return known["reading"]


class Stream:
    """A response, read event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def next(self, name: str) -> tuple[str, Any]:
        """The id and the data of the next event of that name."""
        number, found = "", ""
        for line in self._lines:
            kind, _, value = line.partition(": ")
            if kind == "event":
                found, number = value, ""
            elif kind == "id":
                number = value
            elif kind == "data" and found == name:
                return number, json.loads(value) if value else None
        raise AssertionError(f"the stream ended before an event {name}")

    def ends(self) -> bool:
        return all(True for _ in self._lines)


@contextmanager
def listening(web: Web, headers: Headers, query: str = "") -> Iterator[Stream]:
    with httpx.stream("GET", f"{web.url}/api/events{query}", headers=headers, timeout=60) as response:
        assert response.status_code == 200, response.read()
        yield Stream(response)


def progress(task: uuid.UUID, current: int) -> ProgressEvent:
    metrics = {"avg_chunk_time": 2.3, "files_per_second": 217.8}
    return ProgressEvent(task_id=task, step="Extraction", current=current, total=1000, percent=15, metrics=metrics)


def test_an_event_looks_as_promised(web: Web, reading: Headers) -> None:
    task = uuid.uuid4()
    with listening(web, reading) as stream:
        stream.next("stream-open")
        say(progress(task, 150))
        _, data = stream.next("progress")
        say(NotificationEvent(text="Done."))
        _, note = stream.next("notification")
    assert stream.response.headers["content-type"].startswith("text/event-stream")
    assert list(data)[: len(PROMISED)] == PROMISED
    assert (data["type"], data["task_id"], data["current"]) == ("progress", str(task), 150)
    assert note["text"] == "Done."


def test_one_channel_can_be_chosen(web: Web, reading: Headers) -> None:
    with listening(web, reading, "?channel=notifications") as stream:
        number, _ = stream.next("stream-open")
        assert "progress" not in number
        say(progress(uuid.uuid4(), 1))
        say(NotificationEvent(text="only this"))
        assert stream.next("notification")[1]["text"] == "only this"


@pytest.mark.parametrize("door", ["header", "address"])
def test_a_reader_resumes_where_it_stopped(web: Web, reading: Headers, door: str) -> None:
    task = uuid.uuid4()
    with listening(web, reading) as stream:
        number, _ = stream.next("stream-open")
    for current in (1, 2, 3):
        say(progress(task, current))
    headers = {**reading, "Last-Event-ID": number} if door == "header" else reading
    with listening(web, headers, "" if door == "header" else f"?lastEventId={number}") as stream:
        heard = [stream.next("progress") for _ in range(3)]
    assert [data["current"] for _, data in heard] == [1, 2, 3]
    with listening(web, {**reading, "Last-Event-ID": heard[1][0]}) as stream:
        assert stream.next("progress")[1]["current"] == 3


def test_an_id_of_another_life_is_answered_by_a_reset(web: Web, reading: Headers) -> None:
    with listening(web, {**reading, "Last-Event-ID": "progress:5"}) as stream:
        number, data = stream.next("stream-reset")
        assert data == {"channels": ["progress"]}
    with listening(web, {**reading, "Last-Event-ID": number}) as stream:
        say(progress(uuid.uuid4(), 7))
        assert stream.next("progress")[1]["current"] == 7


@pytest.mark.parametrize(
    "bad", ["?lastEventId=x", "?lastEventId=progress:1e9", "?lastEventId=error", "?channel=secrets"]
)
def test_what_cannot_be_read_is_a_clear_400(web: Web, reading: Headers, bad: str) -> None:
    answer = httpx.get(f"{web.url}/api/events{bad}", headers=reading)
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid_input"
    assert answer.json()["hint"]


def test_strangers_and_workers_are_sent_away(web: Web, known: dict[str, Headers]) -> None:
    unknown = {"Authorization": "Bearer sbay_read_unknown"}
    for headers, status in (({}, 401), (unknown, 401), (known["worker"], 403)):
        answer = httpx.get(f"{web.url}/api/events", headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")


def test_a_session_listens(web: Web, known: dict[str, Headers]) -> None:
    with listening(web, known["session"]) as stream:
        stream.next("stream-open")
        say(NotificationEvent(text="hello"))
        assert stream.next("notification")[1]["text"] == "hello"


def test_a_stream_ends_when_its_token_is_revoked(web: Web, known: dict[str, Headers]) -> None:
    with listening(web, known["revoked"]) as stream, listening(web, known["session"]) as other:
        stream.next("stream-open")
        # Not by this test's own connection: what that does nobody else sees.
        with psycopg.connect(database_url(), autocommit=True) as database:
            database.execute("UPDATE api_tokens SET revoked_at = now() WHERE name = 'revoked'")
        assert stream.ends()
        say(NotificationEvent(text="you are still here"))
        assert other.next("notification")[1]["text"] == "you are still here"


def test_streams_hold_no_database_connection(web: Web, reading: Headers) -> None:
    pool = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    with ExitStack() as stack:
        for _ in range(110):
            stack.enter_context(listening(web, reading)).next("stream-open")
        for _ in range(20):
            assert httpx.get(f"{web.url}/api/jobs?size=1", headers=reading, timeout=20).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            (count,) = cursor.fetchone()
    # Beside the server's there are a few of this process.
    assert count <= 2 * pool
