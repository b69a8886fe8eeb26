"""Live events against the real servers: what is told, to whom, in which order, and what an outage costs."""

import asyncio
import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django_eventstream.storage import EventDoesNotExist

from core.backups.settling import tell_everybody
from core.errors import InvalidInput
from core.events import listener, publish, storage, tell_to_fetch_anew
from core.events.access import Credential
from core.events.channels import parse_position, requested_channels
from core.events.outage import outage
from core.events.subscription import Batch, Subscription
from core.schemas import Channel, NotificationEvent, ProgressEvent
from core.tests.cable import Cable
from tests.processes import wait_until

PROGRESS = Channel.PROGRESS
BOTH = (Channel.PROGRESS, Channel.NOTIFICATIONS)


def progress(task: uuid.UUID, current: int, **more: Any) -> ProgressEvent:
    return ProgressEvent(task_id=task, step="reading", current=current, total=1000, percent=current // 10, **more)


async def until(condition: Callable[[], Any], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "this did not come about"
        await asyncio.sleep(0.02)


@pytest.fixture
def cable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cable]:
    """Redis behind a cable that can be pulled out."""
    with Cable(settings.EVENTSTREAM_REDIS["host"], settings.EVENTSTREAM_REDIS["port"]) as cable:
        monkeypatch.setitem(settings.EVENTSTREAM_REDIS, "port", cable.port)
        storage.client.cache_clear()
        yield cable
        cable.plug_in()
        wait_until(lambda: not outage.lasts, "the outage ends")
        storage.client().close()
    storage.client.cache_clear()


class Ear:
    """Listens in this process."""

    def __init__(self, channels: tuple[Channel, ...] = BOTH, brought: dict[Channel, int] | None = None) -> None:
        self.subscription = Subscription(channels, Credential(), brought or {})
        self.batches: list[Batch] = []

    async def __aenter__(self) -> "Ear":
        await self.subscription.stand()
        self._task = asyncio.create_task(self._hear())
        await until(lambda: self.batches)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _hear(self) -> None:
        async for batch in self.subscription.batches():
            self.batches.append(batch)

    @property
    def heard(self) -> list[int]:
        return [json.loads(event.data)["current"] for batch in self.batches for event in batch.events]

    @property
    def resets(self) -> list[Channel]:
        return [channel for batch in self.batches for channel in batch.reset]


@pytest.fixture
async def ears() -> Any:
    """The listener of this test's event loop ends with it."""
    yield Ear
    await listener.current().stop()


def last_id() -> int:
    return storage.RecentEvents().get_current_id(PROGRESS)


# --- publishing ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_event_waits_for_the_commit() -> None:
    before = last_id()
    with transaction.atomic():
        publish(NotificationEvent(text="not yet"))
        publish(progress(uuid.uuid4(), 1))
        assert last_id() == before
    assert last_id() > before


@pytest.mark.django_db(transaction=True)
def test_an_event_of_work_undone_is_never_sent() -> None:
    before = last_id()
    with transaction.atomic():
        publish(progress(uuid.uuid4(), 1))
        transaction.set_rollback(True)
    assert last_id() == before


def test_publishing_needs_no_database() -> None:
    """Had this opened a connection, pytest-django would have refused it."""
    before = last_id()
    publish(progress(uuid.uuid4(), 1))
    assert last_id() > before


def test_without_redis_publishing_neither_fails_nor_waits(cable: Cable) -> None:
    before = last_id()
    cable.pull_out()
    began = time.monotonic()
    for current in range(1000):
        publish(progress(uuid.uuid4(), current))
    assert time.monotonic() - began < 10
    assert outage.lasts
    cable.plug_in()
    wait_until(lambda: not outage.lasts, "the outage ends")
    with pytest.raises(EventDoesNotExist):
        storage.RecentEvents().get_events(PROGRESS, before)


def test_a_redis_that_hangs_costs_one_short_wait(cable: Cable) -> None:
    storage.client().ping()
    cable.freeze()
    began = time.monotonic()
    for current in range(100):
        publish(progress(uuid.uuid4(), current))
    assert time.monotonic() - began < 12


# --- listening in this process ---------------------------------------------------------------------------------------


async def test_a_few_events_arrive_each_as_it_was_sent(ears: type[Ear]) -> None:
    task = uuid.uuid4()
    async with ears() as ear:
        for current in range(10):
            publish(progress(task, current))
        await until(lambda: len(ear.heard) == 10)
    assert ear.heard == list(range(10))
    assert not ear.resets


async def test_a_storm_ends_with_the_last_state_of_each_task(ears: type[Ear]) -> None:
    tasks = [uuid.uuid4() for _ in range(20)]
    last: dict[str, int] = {}

    def publish_all() -> None:
        """What publishing runs, a thousand to a round trip: a thread that waits 20,000 times starves the loop."""
        events = [progress(tasks[current % 20], current) for current in range(20_000)]
        for first in range(0, len(events), 1000):
            with storage.client().pipeline(transaction=False) as pipeline:
                for event in events[first : first + 1000]:
                    said = (PROGRESS, event.type, event.model_dump_json())
                    storage.ask(
                        pipeline, storage.APPEND, PROGRESS, storage.topic(), *said, storage.KEPT, storage.KEPT_S
                    )
                pipeline.execute()

    async with ears() as ear:
        await asyncio.to_thread(publish_all)
        await until(lambda: ear.heard and max(ear.heard) == 19_999)
    for batch in ear.batches:
        last.update({(data := json.loads(event.data))["task_id"]: data["current"] for event in batch.events})
    assert last == {str(task): 19_980 + number for number, task in enumerate(tasks)}
    assert sum(batch.size for batch in ear.batches) < 2_000_000


async def test_a_cut_is_survived_and_told(ears: type[Ear], cable: Cable) -> None:
    task = uuid.uuid4()
    async with ears() as ear:
        publish(progress(task, 1))
        await until(lambda: ear.heard == [1])
        cable.pull_out()
        await until(lambda: not listener.state().connected)
        assert listener.state().wanted
        assert listener.state().reason
        await until(lambda: any(batch.away for batch in ear.batches))
        publish(progress(task, 2))
        cable.plug_in()
        await until(lambda: set(ear.resets) == set(BOTH))
        await until(lambda: not outage.lasts)
        # The first of these may still fall together with the reset, which stands for it.
        while 3 not in ear.heard:
            publish(progress(task, 3))
            await asyncio.sleep(0.1)
        assert listener.state().connected


async def test_a_redis_that_says_nothing_any_more_is_noticed(
    ears: type[Ear], cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listener, "PING_S", 0.3)
    async with ears() as ear:
        cable.freeze()
        await until(lambda: not listener.state().connected)
        cable.plug_in()
        await until(lambda: ear.resets)


async def test_whoever_comes_during_an_outage_is_reset_after_it(
    ears: type[Ear], cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.events.subscription.READY_S", 0.1)
    cable.pull_out()
    async with ears() as ear:
        assert ear.batches[0].start == {}
        await until(lambda: any(batch.away for batch in ear.batches))
        cable.plug_in()
        await until(lambda: set(ear.resets) == set(BOTH))
    assert sum(batch.away for batch in ear.batches) == 1, "it is said once"


async def test_after_a_restore_everybody_is_told_to_fetch_anew(ears: type[Ear]) -> None:
    async with ears() as ear:
        await asyncio.to_thread(tell_everybody)
        await until(lambda: set(ear.resets) == set(BOTH))


def test_a_restore_without_redis_ends_all_the_same(cable: Cable) -> None:
    cable.pull_out()
    tell_to_fetch_anew()


async def test_a_listener_resumes_exactly_or_is_reset(ears: type[Ear]) -> None:
    task, start = uuid.uuid4(), last_id()
    for current in range(50):
        publish(progress(task, current))
    async with ears((PROGRESS,), {PROGRESS: start}) as resumed, ears(BOTH, {PROGRESS: start + 1}) as stale:
        await until(lambda: resumed.heard and stale.resets)
    assert resumed.heard == list(range(50))
    assert stale.resets == [PROGRESS]


async def test_whoever_is_refused_hears_no_more(ears: type[Ear]) -> None:
    async with ears() as ear:
        ear.subscription.ended = True
        listener.current().ring()
        await until(lambda: not listener.current().subscribers)


def test_ids_and_channels_are_read_strictly() -> None:
    assert parse_position("progress%3A12,notifications:7") == {PROGRESS: 12, Channel.NOTIFICATIONS: 7}
    for bad in (
        "",
        "error",
        "12",
        "progress:",
        "progress:x",
        "progress:-1",
        "other:1",
        "progress:1,progress:2",
        "9" * 999,
    ):
        with pytest.raises(InvalidInput):
            parse_position(bad)
    assert requested_channels([]) == BOTH
    with pytest.raises(InvalidInput):
        requested_channels(["progress", "secrets"])
