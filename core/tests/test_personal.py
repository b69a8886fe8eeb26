"""What is said to one person alone, over the real Redis: heard at its address, by those who listen."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest

from core.events import tell
from core.events.access import Credential
from core.events.listener import current
from core.events.personal import MOST_UNHEARD, Ear, Heard

PATIENCE_S = 20.0


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No Redis is emptied under those who listen."""


@pytest.fixture
async def ear() -> AsyncIterator[Ear]:
    found = Ear(f"somebody:{uuid.uuid4()}", Credential(session="x"))
    # Whose credential is asked about is a matter of the sockets' tests.
    current().subscribers.discard(found)
    await found.open()
    yield found
    found.close()
    await current().stop()


async def heard(ear: Ear) -> Heard:
    async with asyncio.timeout(PATIENCE_S):
        async for found in ear.words(lambda: PATIENCE_S):
            return found
    raise AssertionError("It has ended.")


async def say(address: str, **said: Any) -> None:
    await asyncio.to_thread(tell, address, said)


async def test_what_is_said_is_heard_at_its_address_alone(ear: Ear) -> None:
    other = Ear("somebody:else", Credential())
    await say(ear.address, number=1)
    assert await heard(ear) == Heard([{"number": 1}])
    assert not other._unheard
    other.close()


async def test_whoever_is_too_far_behind_is_told_that_something_is_missing(ear: Ear) -> None:
    for number in range(MOST_UNHEARD + 2):
        ear.hear({"number": number})
    found = await heard(ear)
    assert found.missed
    assert found.said[-1] == {"number": MOST_UNHEARD + 1}


async def test_a_connection_to_redis_that_was_lost_is_something_missing(ear: Ear) -> None:
    ear.must_reset = True
    current().ring()
    assert (await heard(ear)).missed


async def test_silence_is_a_sign_of_life(ear: Ear) -> None:
    async for found in ear.words(lambda: 0.001):
        assert found == Heard([])
        break


async def test_a_credential_that_is_refused_is_the_end(ear: Ear) -> None:
    ear.ended = True
    current().ring()
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            assert [found async for found in ear.words(lambda: PATIENCE_S)] == []
            return
    raise AssertionError("It goes on.")
