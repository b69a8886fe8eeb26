"""Twenty clients edit one queue at once; connections drop, the server is started anew: all end equal."""

import asyncio
import os
import random
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from core.models import User
from core.services.tokens import create_token
from player.selectors.queue import changes_since, queue_out
from player.services.sockets import asked
from player.tests.cast import command, order, tracks
from player.tests.clients import Tab, apply
from tests.processes import Web, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS, EDITS = 20, 30
# Over sockets fewer, for the sake of the time that it takes.
EDITS_IN_ALL = 2_000


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Instead of the shared one, which empties Redis: the server would rightly reset its listeners."""


def some_edit(chance: random.Random, order: list[Any], music: list[int]) -> tuple[str, dict[str, Any]]:
    """By what somebody sees, who may be behind."""
    seen = [entry for entry, _track in order]
    some = chance.sample(seen, min(len(seen), chance.randint(1, 4)))
    before = chance.choice([*seen, None])
    kind = chance.choices(["add", "move", "remove", "shuffle", "unshuffle", "jump"], [30, 30, 12, 2, 2, 8])[0]
    if kind == "add" or not seen:
        where = {"before": before} if before else {"where": chance.choice(["next", "last"])}
        return "add", {"tracks": chance.choices(music, k=chance.randint(1, 5)), **where}
    if kind == "move":
        return kind, {"entries": some, "before": before}
    if kind == "remove":
        return kind, {"entries": some}
    return kind, {"entry": some[0]} if kind == "jump" else {}


class Visitor:
    """Edits at random by what it sees; what it does not know to have arrived it sends again, under the same id."""

    def __init__(self, number: int, url: str, secret: str, music: list[int]) -> None:
        self.chance = random.Random(number)
        self.tab = Tab(url, secret, device=f"visitor-{number:04d}")
        self.number, self.music = number, music
        self.made: list[int] = []
        self.removed: set[int] = set()

    async def edit(self) -> None:
        await self.come_back()
        for turn in range(EDITS):
            command, more = self.some_edit()
            done = await self.surely(command, id=f"visitor-{self.number:04d}-{turn:04d}", **more)
            assert done["type"] == "done", done
            self.note(command, more, done)
            if self.chance.random() < 0.05:
                await self.tab.close()

    def note(self, command: str, more: dict[str, Any], done: dict[str, Any]) -> None:
        if command == "add":
            assert len(done["entries"]) == len(more["tracks"])
            self.made += done["entries"]
        if command == "remove":
            self.removed |= set(more["entries"]) - set(done["gone"])

    def some_edit(self) -> tuple[str, dict[str, Any]]:
        return some_edit(self.chance, self.tab.state.get("order", []), self.music)

    async def surely(self, command: str, **more: Any) -> dict[str, Any]:
        while True:
            try:
                if self.chance.random() < 0.03:
                    # Sent, and gone before anybody answers.
                    await self.tab.say(type="command", command=command, **more)
                    await self.tab.close()
                done = await self.tab.command(command, **more)
                if done.get("code") != "unavailable":
                    return done
            except (ConnectionClosed, OSError):
                await self.come_back()

    async def come_back(self) -> None:
        while True:
            with suppress(ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                await self.tab.open()
                return
            await asyncio.sleep(0.05)


@dataclass
class Reader:
    """A client without a socket: it sees what it saw last, until it catches up."""

    user: User
    state: dict[str, Any]

    def catch_up(self) -> None:
        missed = changes_since(self.user, self.state["version"])
        if missed is None:
            self.state = queue_out(self.user).model_dump(mode="json")
        for change in missed or []:
            apply(self.state, change)


def test_two_thousand_edits_lose_and_double_nothing(listener: User) -> None:
    """One after the other as the row of the queue lets them, from views of every age, some of them twice."""
    chance, music = random.Random(2_000), tracks(30)
    readers = [Reader(listener, queue_out(listener).model_dump(mode="json")) for _ in range(CLIENTS)]
    there: set[int] = set()
    for turn in range(EDITS_IN_ALL):
        reader = chance.choice(readers)
        name, more = some_edit(chance, reader.state["order"], music)
        done = command(listener, name, id=f"edit-{turn:08d}", **more)
        if chance.random() < 0.05:
            assert command(listener, name, id=f"edit-{turn:08d}", **more) == done
        there |= set(done.entries)
        there -= set(more["entries"]) if name == "remove" else set()
        if chance.random() < 0.4:
            reader.catch_up()
    assert set(order(listener)) == there
    truth = queue_out(listener).model_dump(mode="json")
    for reader in readers:
        reader.catch_up()
        for name in ("version", "order", "current", "position_ms", "state", "shuffled"):
            assert [*reader.state[name]] == [*truth[name]] if name == "order" else reader.state[name] == truth[name]


async def test_all_end_equal(listener: User, test_database_url: str, tmp_path: Path, processes: list[Any]) -> None:
    _row, secret = await asked(create_token, name="crowd", scope="write", user=listener)
    music = await asked(tracks, count=30)
    env = {**os.environ, "DATABASE_URL": test_database_url}
    web = Web(log=tmp_path / "web.log", env=env)
    processes.append(web)
    await asyncio.to_thread(wait_until, web.answers, "the web answers")
    visitors = [Visitor(number, web.url, secret, music) for number in range(CLIENTS)]
    crowd = asyncio.gather(*(visitor.edit() for visitor in visitors))
    watcher = Tab(web.url, secret)
    await watcher.open()
    await watcher.until(lambda: watcher.state["version"] > CLIENTS * EDITS // 3)
    await asyncio.to_thread(web.kill)
    again = Web(log=tmp_path / "again.log", env=env, port=web.port)
    processes.append(again)
    await crowd
    await watcher.closed()
    await all_see_the_same(visitors, await asked(queue_out, user=listener))
    made = [entry for visitor in visitors for entry in visitor.made]
    removed = {entry for visitor in visitors for entry in visitor.removed}
    assert len(made) == len(set(made))
    left = set(await asked(order, user=listener))
    assert left == set(made) - removed
    assert "Traceback" not in again.said, again.said[again.said.index("Traceback") :][:3_000]


async def all_see_the_same(visitors: list[Visitor], truth: Any) -> None:
    for visitor in visitors:
        with suppress(ConnectionClosed, OSError):
            await visitor.tab.close()
        await visitor.come_back()
        tab = visitor.tab
        await tab.until(lambda tab=tab: tab.state["version"] == truth.version)  # type: ignore[misc]
        assert tab.state["order"] == [list(pair) for pair in truth.order]
        assert (tab.state["current"], tab.state["shuffled"]) == (truth.current, truth.shuffled)
        await tab.close()
