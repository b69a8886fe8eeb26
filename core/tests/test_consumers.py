"""The sockets, opened on a real server: who may listen, what is told, and what is answered to what is said."""

import asyncio
import json
import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, suppress
from threading import Thread
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from pytest_django import DjangoDbBlocker
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from core.events import publish
from core.events.access import comes_from_here, socket_credential
from core.events.inbound import FLOODING, MOST_MESSAGES, REFUSED, TOO_BIG, UNKNOWN_CHANNEL, Answer, Inbound
from core.models import ApiToken, User
from core.schemas import NotificationEvent, ProgressEvent
from core.services.tokens import create_token
from tests.processes import Web, wait_until

pytestmark = pytest.mark.django_db

PATIENCE_S = 60


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Instead of the shared one, which empties Redis: the server would rightly reset its listeners."""


def say(event: ProgressEvent | NotificationEvent) -> None:
    """From another thread: here pytest-django holds a transaction open, and events wait for commits."""
    speaker = Thread(target=publish, args=(event,))
    speaker.start()
    speaker.join()


@pytest.fixture(scope="module")
def known(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, str]]:
    """A session's cookie, and the secrets of two tokens; kept for the module, as a server takes seconds to start."""
    with django_db_blocker.unblock():
        person = User.objects.create_user("socket listener")
        client = Client()
        client.force_login(person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        secrets = {scope: create_token(name=scope, scope=scope, user=None)[1] for scope in ("read", "worker")}
        yield {**secrets, "cookie": f"{cookie.key}={cookie.value}"}
        person.delete()
        ApiToken.objects.all().delete()


@pytest.fixture(scope="module")
def web(known: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    parts = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    web = Web(log=tmp_path_factory.mktemp("web") / "log", env={**os.environ, "DATABASE_URL": database})
    wait_until(web.answers, "the web answers")
    yield web
    web.stop()
    assert "Traceback" not in web.said


def socket(web: Web, path: str = "/api/ws", **options: Any) -> AbstractAsyncContextManager[ClientConnection]:
    return connect(f"ws://127.0.0.1:{web.port}{path}", open_timeout=PATIENCE_S, **options)


def bearer(secret: str) -> dict[str, Any]:
    return {"additional_headers": {"Authorization": f"Bearer {secret}"}}


async def told(one: ClientConnection) -> Any:
    async with asyncio.timeout(PATIENCE_S):
        return json.loads(await one.recv())


async def closed(one: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_S):
        with suppress(ConnectionClosed):
            while True:
                await one.recv()
        await one.wait_closed()
    return one.close_code


@pytest.mark.parametrize("path", ["/api/ws", "/ws/events"])
async def test_both_addresses_tell_the_same(web: Web, known: dict[str, str], path: str) -> None:
    task = uuid.uuid4()
    async with socket(web, path, **bearer(known["read"])) as one:
        event = ProgressEvent(task_id=task, step="reading", current=3, total=10, percent=30)
        say(event)
        assert await told(one) == event.model_dump(mode="json")
        say(NotificationEvent(text="done"))
        assert (await told(one))["type"] == "notification"


async def test_one_channel_can_be_chosen(web: Web, known: dict[str, str]) -> None:
    async with socket(web, "/api/ws?channel=notifications", **bearer(known["read"])) as one:
        say(ProgressEvent(task_id=uuid.uuid4(), step="", current=1, total=None, percent=0))
        say(NotificationEvent(text="only this"))
        assert (await told(one))["text"] == "only this"
    async with socket(web, "/api/ws?channel=secrets", **bearer(known["read"])) as one:
        assert await closed(one) == UNKNOWN_CHANNEL


async def test_a_token_may_come_as_subprotocol(web: Web, known: dict[str, str]) -> None:
    async with socket(web, subprotocols=[f"bearer.{known['read']}", "soniquebay"]) as one:
        assert one.subprotocol == "soniquebay"
        say(NotificationEvent(text="hello"))
        assert (await told(one))["text"] == "hello"


async def test_a_session_may_come_from_our_own_pages_only(web: Web, known: dict[str, str]) -> None:
    cookie: dict[str, Any] = {"additional_headers": {"Cookie": known["cookie"]}}
    async with socket(web, origin=f"http://127.0.0.1:{web.port}", **cookie) as one:
        await one.send('{"type": "ping"}')
        assert await told(one) == {"type": "pong"}
    async with socket(web, origin="https://elsewhere.example", **cookie) as one:
        assert await closed(one) == REFUSED


async def test_strangers_are_told_why(web: Web, known: dict[str, str]) -> None:
    strangers: list[dict[str, Any]] = [{}, bearer("sbay_read_unknown"), bearer(known["worker"])]
    for options in strangers:
        async with socket(web, **options) as one:
            assert (await told(one))["type"] == "error"
            assert await closed(one) == REFUSED


async def test_nonsense_is_explained(web: Web, known: dict[str, str]) -> None:
    async with socket(web, **bearer(known["read"])) as one:
        for nonsense in ("", "{", "[]", "null", '{"type": "pong"}', '"ping"', "[" * 4000):
            await one.send(nonsense)
            assert (await told(one))["code"] == "invalid_input"


@pytest.mark.parametrize(("said", "code"), [(["x" * 5000], TOO_BIG), ([b"bytes"], TOO_BIG), (["?"] * 500, FLOODING)])
async def test_too_much_is_the_end(web: Web, known: dict[str, str], said: list[Any], code: int) -> None:
    async with socket(web, **bearer(known["read"])) as one:
        with suppress(ConnectionClosed):
            for message in said:
                await one.send(message)
        assert await closed(one) == code


def test_messages_are_counted_over_time() -> None:
    inbound = Inbound()
    found = [inbound.read('{"type": "ping"}', now_s=second) for second in range(3 * MOST_MESSAGES)]
    assert {answer.close for answer in found if isinstance(answer, Answer)} == {None}


def test_an_origin_is_compared_with_the_host() -> None:
    here = {"host": "music.home:8337"}
    assert comes_from_here(here)
    assert comes_from_here({**here, "origin": "http://music.home:8337"})
    for foreign in ("http://music.home", "https://evil.example", "null", ""):
        assert not comes_from_here({**here, "origin": foreign})


def test_a_foreign_page_cannot_use_the_cookie() -> None:
    cookie = f"{settings.SESSION_COOKIE_NAME}=abc"
    headers = [(b"host", b"a"), (b"origin", b"http://b"), (b"cookie", cookie.encode())]
    assert socket_credential({"headers": headers})[0].session == ""
    assert socket_credential({"headers": headers[:1] + headers[2:]})[0].session == "abc"
