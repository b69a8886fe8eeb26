"""The queue over real sockets, against a real Daphne: what is said, what everybody hears, who is let in."""

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect

from core.models import User
from core.services.tokens import create_token
from library.tests.factories import make_track
from tests.processes import Web

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Instead of the shared one, which empties Redis: the server would rightly reset its listeners."""


class Tab:
    """A client as a page is one: it keeps the state, applies changes, asks anew where one is missing."""

    def __init__(self, web: Web, secret: str, *, path: str = "/ws/queue", device: str = "") -> None:
        self.device = device or f"tab-{uuid.uuid4()}"
        self.url = f"ws://127.0.0.1:{web.port}{path}"
        self.options = {"additional_headers": {"Authorization": f"Bearer {secret}"}}
        self.state: dict[str, Any] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.heard: list[dict[str, Any]] = []

    def connect(self) -> AbstractAsyncContextManager[ClientConnection]:
        return connect(self.url, open_timeout=PATIENCE_S, **self.options)  # type: ignore[arg-type]

    async def open(self) -> "Tab":
        self.socket = await self.connect()  # type: ignore[misc]
        await self.say(type="hello", device=self.device, name="Tab")
        await self.until(lambda: bool(self.state))
        return self

    async def close(self) -> None:
        await self.socket.close()

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def command(self, command: str, **more: Any) -> dict[str, Any]:
        key = more.pop("id", None) or str(uuid.uuid4())
        await self.say(type="command", id=key, command=command, **more)
        await self.until(lambda: key in self.answers)
        return self.answers.pop(key)

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                await self.take(json.loads(await self.socket.recv()))

    async def take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        self.heard.append(message)
        if kind == "state":
            self.state = message
        elif kind in {"done", "refused"}:
            self.answers[message["id"]] = message
        elif kind == "change" and self.state and message["base"] == self.state["version"]:
            apply(self.state, message)
        elif kind == "change" and self.state and message["version"] > self.state["version"]:
            await self.say(type="sync")
        elif kind == "devices":
            self.state["devices"] = message["devices"]
        elif kind == "position":
            self.state.update(position_ms=message["position_ms"], at=message["at"])


def apply(state: dict[str, Any], change: dict[str, Any]) -> None:
    """As docs/queue.md says it."""
    order: list[list[int]] = state["order"]
    for op in change["ops"]:
        if op["op"] == "set":
            state.update({name: value for name, value in op.items() if name != "op"})
        elif op["op"] == "insert":
            place = place_of(order, op["before"])
            order[place:place] = op["entries"]
        elif op["op"] == "remove":
            gone = set(op["entries"])
            order[:] = [pair for pair in order if pair[0] not in gone]
        elif op["op"] == "move":
            by_id = {pair[0]: pair for pair in order}
            moved = [by_id[entry] for entry in op["entries"]]
            order[:] = [pair for pair in order if pair not in moved]
            place = place_of(order, op["before"])
            order[place:place] = moved
        elif op["op"] == "order":
            by_id = {pair[0]: pair for pair in order}
            order[:] = [by_id[entry] for entry in op["order"]]
    state["version"] = change["version"]


def place_of(order: list[list[int]], before: int | None) -> int:
    return len(order) if before is None else next(n for n, pair in enumerate(order) if pair[0] == before)


@pytest.fixture
def secret(listener: User) -> str:
    return create_token(name="queue", scope="write", user=listener)[1]


@pytest.fixture
def tracks(db: None) -> list[int]:
    return [make_track(f"Track {number}").pk for number in range(12)]


async def test_two_tabs_see_each_change_at_once(web: Web, secret: str, tracks: list[int]) -> None:
    one, two = await Tab(web, secret).open(), await Tab(web, secret, path="/api/ws").open()
    done = await one.command("add", tracks=tracks)
    assert done["type"] == "done"
    await two.until(lambda: two.state["version"] == done["version"])
    assert [track for _entry, track in two.state["order"]] == tracks
    await two.command("play")
    await one.until(lambda: one.state["state"] == "playing")
    assert one.state["device"] == two.device
    await two.say(type="position", entry=two.state["current"], position_ms=4_000, state="playing")
    await one.until(lambda: one.state["position_ms"] == 4_000)
    await one.command("pause")
    await two.until(lambda: two.state["state"] == "paused")
    await one.close()
    await two.until(lambda: [d["here"] for d in two.state["devices"] if d["id"] == one.device] == [False])
    await two.close()
