"""The queue survives what it stands on: Redis that dies with all it knew, PostgreSQL that is away, the web anew."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from player.tests.clients import Tab
from tests.house import House, kill
from tests.processes import ROOT, wait_until


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    try:
        house.build()
        yield house
    finally:
        house.close()


@pytest.fixture(scope="module")
def secret(house: House) -> str:
    """Of somebody: the tokens of the house are nobody's."""
    env = house.environment(DJANGO_SUPERUSER_PASSWORD="correct horse battery")
    manage(env, "createsuperuser", "--noinput", "--username=anna", "--email=anna@example.org")
    return manage(env, "create_token", "player", "--scope=write", "--user=anna").strip()


def manage(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    found = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, check=True, capture_output=True, text=True)
    return found.stdout


@pytest.fixture
def music(house: House) -> list[int]:
    made = house.ask("POST", "/api/tracks/many", json={"tracks": [{"title": f"Track {n}"} for n in range(6)]})
    assert made.status_code == 200, made.text
    return [row["id"] for row in made.json()]


def order(answer: httpx.Response) -> Any:
    return answer.json()["order"]


async def test_no_tab_is_left_behind(house: House, secret: str, music: list[int]) -> None:
    tab = await Tab(house.url, secret).open()
    async with httpx.AsyncClient(base_url=house.url, headers=tab.headers, timeout=60) as program:
        done = await tab.command("add", tracks=music)
        await asyncio.to_thread(kill, house.redis)
        removed = await program.post("/api/queue/commands", json={"command": "remove", "entries": done["entries"][:2]})
        assert removed.status_code == 200, "the queue itself needs no Redis"
        assert len(tab.state["order"]) == 6
        await asyncio.to_thread(house.redis.start)
        await tab.until(lambda: tab.state["version"] == removed.json()["version"])
        assert tab.state["order"] == order(await program.get("/api/queue"))
        await asyncio.to_thread(house.settle)
        await asyncio.to_thread(kill, house.postgres)
        assert (await tab.command("clear", id="while-away-1"))["code"] == "unavailable"
        await asyncio.to_thread(house.postgres.start)
        await asyncio.to_thread(wait_until, house._web_answers, "the web answers")
        assert (await tab.command("clear", id="while-away-1"))["type"] == "done"
        assert tab.state["order"] == order(await program.get("/api/queue")) == []
        assert (await tab.command("restore", of="while-away-1"))["type"] == "done"
        await tab.close()
    before = tab.state
    assert house.web is not None
    await asyncio.to_thread(house.web.kill)
    await asyncio.to_thread(house.start_web)
    again = await Tab(house.url, secret, device=tab.device).open()
    assert again.state["order"] == before["order"]
    assert len(again.state["order"]) == 4
    await again.close()
