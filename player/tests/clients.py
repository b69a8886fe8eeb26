"""A client of the queue as docs/queue.md tells to write one: it keeps the state, and applies changes."""

import asyncio
import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

PATIENCE_S = 60


def apply(state: dict[str, Any], change: dict[str, Any]) -> None:
    order: list[Any] = state["order"]
    for op in change["ops"]:
        _OPS[op["op"]](state, order, op)
    state["version"] = change["version"]


def _set(state: dict[str, Any], order: list[Any], op: dict[str, Any]) -> None:
    state.update({name: value for name, value in op.items() if name != "op"})


def _insert(state: dict[str, Any], order: list[Any], op: dict[str, Any]) -> None:
    place = _place_of(order, op["before"])
    order[place:place] = [list(pair) for pair in op["entries"]]


def _remove(state: dict[str, Any], order: list[Any], op: dict[str, Any]) -> None:
    gone = set(op["entries"])
    order[:] = [pair for pair in order if pair[0] not in gone]


def _move(state: dict[str, Any], order: list[Any], op: dict[str, Any]) -> None:
    by_id = {pair[0]: pair for pair in order}
    moved = set(op["entries"])
    order[:] = [pair for pair in order if pair[0] not in moved]
    place = _place_of(order, op["before"])
    order[place:place] = [by_id[entry] for entry in op["entries"]]


def _order(state: dict[str, Any], order: list[Any], op: dict[str, Any]) -> None:
    by_id = {pair[0]: pair for pair in order}
    assert sorted(op["order"]) == sorted(by_id)
    order[:] = [by_id[entry] for entry in op["order"]]


_OPS = {"set": _set, "insert": _insert, "remove": _remove, "move": _move, "order": _order}


def _place_of(order: list[Any], before: int | None) -> int:
    return len(order) if before is None else next(n for n, pair in enumerate(order) if pair[0] == before)


class Tab:
    """Asks anew where a change is missing; comes back with the version that it knows."""

    def __init__(self, url: str, secret: str, *, path: str = "/ws/queue", device: str = "") -> None:
        self.device = device or f"tab-{uuid.uuid4()}"
        self.url = url.replace("http", "ws", 1) + path
        self.headers = {"Authorization": f"Bearer {secret}"}
        self.socket: Any = None
        self.state: dict[str, Any] = {}
        self.answers: dict[str, dict[str, Any]] = {}
        self.heard: list[dict[str, Any]] = []

    async def connect(self) -> None:
        if self.socket is not None:
            await self.socket.close()
        # Who has not read everything would else wait for ten seconds to see the other end close.
        self.socket = await connect(
            self.url,
            open_timeout=PATIENCE_S,
            additional_headers=self.headers,
            max_size=None,
            max_queue=None,
            compression=None,
        )

    async def open(self) -> "Tab":
        await self.connect()
        known = {"version": self.state["version"]} if self.state else {}
        await self.say(type="hello", device=self.device, name="Tab", **known)
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
        answer = self.answers.pop(key)
        if answer["type"] == "done":
            # Its change comes on a way of its own.
            await self.until(lambda: self.state["version"] >= answer["version"])
        return answer

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                await self.take(json.loads(await self.socket.recv()))

    async def closed(self) -> int:
        async with asyncio.timeout(PATIENCE_S):
            with suppress(ConnectionClosed):
                while True:
                    self.heard.append(json.loads(await self.socket.recv()))
            await self.socket.wait_closed()
        return int(self.socket.close_code or 0)

    async def take(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        self.heard.append(message)
        if kind == "state":
            self.state = message
        elif kind in {"done", "refused"}:
            self.answers[message["id"]] = message
        elif not self.state:
            return
        elif kind == "change" and message["base"] == self.state["version"]:
            apply(self.state, message)
        elif kind == "change" and message["version"] > self.state["version"]:
            await self.say(type="sync", version=self.state["version"])
        elif kind == "devices":
            self.state["devices"] = message["devices"]
        elif kind == "position":
            self.state.update(position_ms=message["position_ms"], at=message["at"])
