"""The queue over real sockets, against a real Daphne: what is said, what everybody hears, who is let in."""

import json
from contextlib import suppress

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from core.events.inbound import FLOODING, LATER, REFUSED, TOO_BIG
from core.models import User
from core.services.tokens import create_token
from player.models import PlayQueue
from player.services.sockets import asked
from player.services.talking import LONGEST_MESSAGE
from player.tests.cast import tracks
from player.tests.clients import Tab
from tests.processes import Web

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Instead of the shared one, which empties Redis: the server would rightly reset its listeners."""


@pytest.fixture
def secret(listener: User) -> str:
    return create_token(name="queue", scope="write", user=listener)[1]


@pytest.fixture
def music(db: None) -> list[int]:
    return tracks(12)


async def test_every_tab_sees_each_change_at_once(web: Web, secret: str, music: list[int]) -> None:
    one, two = await Tab(web.url, secret).open(), await Tab(web.url, secret, path="/api/ws").open()
    done = await one.command("add", tracks=music)
    await two.until(lambda: two.state["version"] == done["version"])
    assert [track for _entry, track in two.state["order"]] == music
    await two.command("play")
    await one.until(lambda: one.state["state"] == "playing")
    assert one.state["device"] == two.device
    await one.close()
    await two.close()


async def test_what_comes_by_rest_is_seen_at_once_too(web: Web, secret: str, music: list[int]) -> None:
    tab = await Tab(web.url, secret).open()
    done = await tab.command("add", tracks=music)
    async with httpx.AsyncClient(base_url=web.url, headers=tab.headers, timeout=60) as program:
        asked = {"command": "remove", "entries": done["entries"][:2], "id": "by-rest-0001"}
        first = await program.post("/api/queue/commands", json=asked)
        assert (await program.post("/api/queue/commands", json=asked)).json() == first.json()
        await tab.until(lambda: tab.state["version"] == first.json()["version"])
        assert (await program.get("/api/queue")).json()["order"] == tab.state["order"]
    assert [entry for entry, _track in tab.state["order"]] == done["entries"][2:]
    # The same id over the socket: it is the same command.
    assert (await tab.command("clear", id="by-rest-0001"))["version"] == first.json()["version"]
    await tab.close()


async def test_where_it_plays_is_told_by_the_device_that_plays(web: Web, secret: str, music: list[int]) -> None:
    one, two = await Tab(web.url, secret).open(), await Tab(web.url, secret).open()
    await one.command("replace", tracks=music)
    await two.until(lambda: two.state["state"] == "playing")
    current = two.state["current"]
    await two.say(type="position", entry=current, position_ms=99_000, state="playing")
    await one.say(type="position", entry=current, position_ms=4_000, state="playing")
    await two.until(lambda: two.state["position_ms"] == 4_000)
    assert 99_000 not in {message.get("position_ms") for message in two.heard}
    await two.command("take")
    await one.until(lambda: one.state["device"] == two.device)
    await one.close()
    await two.until(lambda: [d["here"] for d in two.state["devices"] if d["id"] == one.device] == [False])
    await two.close()


async def test_whoever_comes_back_is_told_what_it_missed(web: Web, secret: str, music: list[int]) -> None:
    one, two = await Tab(web.url, secret).open(), await Tab(web.url, secret).open()
    await one.command("add", tracks=music)
    await two.until(lambda: bool(two.state["order"]))
    await two.close()
    for entry, _track in one.state["order"][:3]:
        await one.command("remove", entries=[entry])
    two.heard.clear()
    await two.open()
    await two.until(lambda: two.state["version"] == one.state["version"])
    assert "state" not in {message["type"] for message in two.heard}
    assert two.state["order"] == one.state["order"]
    await one.close()
    await two.close()


async def test_others_hear_nothing_of_it(web: Web, secret: str, owner: User, music: list[int]) -> None:
    _row, stranger = await asked(create_token, name="queue", scope="write", user=owner)
    mine, theirs = await Tab(web.url, secret).open(), await Tab(web.url, stranger).open()
    done = await mine.command("add", tracks=music)
    assert (await theirs.command("remove", entries=done["entries"]))["gone"] == done["entries"]
    await theirs.say(type="sync")
    await theirs.until(lambda: theirs.heard[-1]["type"] == "state")
    assert theirs.state["order"] == []
    assert "change" not in {message["type"] for message in theirs.heard}
    assert len(mine.state["order"]) == len(music)
    await mine.close()
    await theirs.close()


async def test_what_cannot_be_done_is_said(web: Web, secret: str) -> None:
    tab = await Tab(web.url, secret).open()
    for command, more, code in (
        ("play", {}, "conflict"),
        ("dance", {}, "invalid_input"),
        ("add", {}, "invalid_input"),
        ("add", {"tracks": [1], "colour": "red"}, "invalid_input"),
        ("add", {"tracks": [2**70]}, "invalid_input"),
        ("add", {"tracks": [99_999]}, "not_found"),
        ("restore", {"of": "nothing-like-it"}, "not_found"),
        ("seek", {"position_ms": -1}, "invalid_input"),
    ):
        refused = await tab.command(command, **more)
        assert (refused["type"], refused["code"]) == ("refused", code), command
        assert refused["reason"]
    await tab.say(type="command", command="next", id=["no", "text"])
    await tab.until(lambda: tab.heard[-1].get("id", "") is None)
    await tab.say(type="position", entry="first")
    await tab.until(lambda: tab.heard[-1].get("of") == "position")
    await tab.say(type=["hello"])
    await tab.until(lambda: tab.heard[-1].get("code") == "invalid_input" and tab.heard[-1]["type"] == "error")
    await tab.say(type="ping")
    await tab.until(lambda: tab.heard[-1] == {"type": "pong"})
    await tab.close()


@pytest.fixture
def strangers(listener: User, owner: User) -> dict[str, str]:
    return {
        "nobody's": create_token(name="x", scope="write", user=None)[1],
        "reader": create_token(name="x", scope="read", user=listener)[1],
    }


async def test_nobody_has_no_queue_and_readers_do_not_drive(
    web: Web, strangers: dict[str, str], music: list[int]
) -> None:
    nobody = Tab(web.url, strangers["nobody's"])
    await nobody.connect()
    await nobody.say(type="hello", device=nobody.device)
    await nobody.until(lambda: nobody.heard[-1:] != [] and nobody.heard[-1]["code"] == "not_allowed")
    reader = await Tab(web.url, strangers["reader"]).open()
    assert (await reader.command("add", tracks=music))["code"] == "not_allowed"
    unknown = Tab(web.url, "sbay_write_unknown")
    await unknown.connect()
    assert await unknown.closed() == REFUSED
    await nobody.close()
    await reader.close()


async def test_more_than_anybody_can_have_read_is_the_end(web: Web, secret: str, music: list[int]) -> None:
    """Whoever reads comes back with its version, and has missed nothing."""
    tab = await Tab(web.url, secret).open()
    await tab.command("add", tracks=music * 800)
    with pytest.raises(ConnectionClosed):
        await ask_without_end(tab)
    assert await tab.closed() == LATER
    tab.state = {}
    await tab.open()
    assert len(tab.state["order"]) == len(music) * 800
    await tab.close()


async def ask_without_end(tab: Tab) -> None:
    while True:
        tab.state = {}
        await tab.say(type="sync")
        await tab.until(lambda: bool(tab.state))


async def test_tabs_that_wait_keep_nobody_from_the_database(web: Web, secret: str, music: list[int]) -> None:
    """More of them than there are connections to it."""
    tabs = [await Tab(web.url, secret).open() for _ in range(20)]
    async with httpx.AsyncClient(base_url=web.url, headers=tabs[0].headers, timeout=60) as program:
        assert (await program.get("/api/queue")).status_code == 200
    done = await tabs[0].command("add", tracks=music)
    for tab in tabs:
        await tab.until(lambda tab=tab: tab.state["version"] == done["version"])  # type: ignore[misc]
        await tab.close()


async def test_a_flood_ends_and_slows_nobody(web: Web, secret: str, music: list[int]) -> None:
    calm, wild, big = [await Tab(web.url, secret).open() for _ in range(3)]
    with suppress(ConnectionClosed):
        for _ in range(1_000):
            await wild.say(type="command", command="repeat", repeat="all")
    assert (await calm.command("add", tracks=music))["type"] == "done"
    # With much still on its way, the reason itself may get lost.
    assert await wild.closed() in {FLOODING, 1006}
    with suppress(ConnectionClosed):
        await big.socket.send(json.dumps({"type": "hello", "name": "x" * LONGEST_MESSAGE}))
    assert await big.closed() == TOO_BIG
    assert (await calm.command("play"))["type"] == "done"
    await calm.close()


async def test_a_change_that_was_lost_on_the_way_is_made_good(web: Web, secret: str, music: list[int]) -> None:
    """As if Redis had dropped one: the next one shows that something is missing."""
    tab = await Tab(web.url, secret).open()
    done = await tab.command("add", tracks=music)
    await asked(PlayQueue.objects.update, version=done["version"] + 1, repeat="one")
    await tab.command("move", entries=done["entries"][:1])
    assert tab.state["repeat"] == "one"
    assert tab.state["order"][-1] == [done["entries"][0], music[0]]
    await tab.close()
