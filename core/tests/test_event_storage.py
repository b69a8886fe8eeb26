"""What Redis and this process remember of events: numbers that only grow, and nothing missed unnoticed."""

import json

import pytest
from django_eventstream.storage import EventDoesNotExist

from core.events import storage
from core.events.recent import PLENTY, Recent
from core.schemas import Channel

PROGRESS = Channel.PROGRESS


def last_id() -> int:
    return storage.RecentEvents().get_current_id(PROGRESS)


def test_ids_only_grow_even_when_redis_has_lost_everything() -> None:
    store = storage.RecentEvents()
    first, second = (store.append_event(PROGRESS, "progress", "{}").id for _ in range(2))
    storage.client().delete("soniquebay:events:progress:last", "soniquebay:events:progress")
    third = store.append_event(PROGRESS, "progress", "{}").id
    assert first < second < third
    with pytest.raises(EventDoesNotExist):
        store.get_events(PROGRESS, second)


def test_what_was_missed_is_found_exactly() -> None:
    store = storage.RecentEvents()
    ids = [store.append_event(PROGRESS, "progress", f'{{"n": {n}}}').id for n in range(5)]
    assert [event.id for event in store.get_events(PROGRESS, ids[1])] == ids[2:]
    assert store.get_events(PROGRESS, ids[-1]) == []


def test_an_id_from_elsewhere_is_an_error_of_the_library() -> None:
    ids = [storage.RecentEvents().append_event(PROGRESS, "progress", "{}").id for _ in range(2)]
    for unknown in (0, ids[0] + 1, ids[1] + 1_000_000_000):
        with pytest.raises(EventDoesNotExist):
            storage.RecentEvents().get_events(PROGRESS, unknown)


def test_the_kept_past_is_bounded() -> None:
    first = last_id()
    for _ in range(storage.KEPT + 5):
        storage.RecentEvents().append_event(PROGRESS, "progress", "{}")
    assert storage.client().xlen("soniquebay:events:progress") == storage.KEPT
    assert 0 < storage.client().ttl("soniquebay:events:progress") <= storage.KEPT_S
    with pytest.raises(EventDoesNotExist):
        storage.RecentEvents().get_events(PROGRESS, first)


def stored(number: int, prev: int, task: str = "a") -> storage.Stored:
    return storage.Stored(PROGRESS, number, prev, "progress", json.dumps({"task_id": task}))


def test_somebody_far_behind_is_told_the_last_of_each_task() -> None:
    recent = Recent(PROGRESS)
    recent.load(10, [])
    for number in range(11, 1011):
        recent.add(stored(number, number - 1, task=str(number % 3)))
    assert [event.id for event in recent.news(1000) or []] == list(range(1001, 1011))
    assert [event.id for event in recent.news(10) or []] == [1008, 1009, 1010]
    assert recent.news(1010 - PLENTY - 1) == recent.news(10)


def test_a_gap_begins_a_new_age() -> None:
    recent = Recent(PROGRESS)
    recent.load(10, [stored(10, 9)])
    age = recent.age
    recent.add(stored(30, 29))
    assert recent.age > age
    assert recent.since(10) is None
    assert [event.id for event in recent.since(29) or []] == [30]


def test_an_older_copy_of_redis_is_another_life() -> None:
    recent = Recent(PROGRESS)
    recent.load(100, [stored(100, 99)])
    recent.load(50, [stored(50, 49)])
    assert recent.last == 50
    assert recent.since(100) is None
