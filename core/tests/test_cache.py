"""The cache: right or absent, never wrong, whatever writes, rolls back, or is away meanwhile."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import transaction
from prometheus_client.registry import REGISTRY
from redis.exceptions import ConnectionError as RedisAway
from redis.exceptions import TimeoutError as RedisSilent

from core import cache as ours
from core.cache import cached, invalidate
from core.models import Setting
from core.services.settings import write_setting

pytestmark = pytest.mark.django_db(transaction=True)
CLIENT = "core.cache.OneClient.get_client"


@pytest.fixture(autouse=True)
def _owing_nothing() -> Iterator[None]:
    ours._owed.clear()
    yield
    ours._owed.clear()


class Counting:
    """Computes by looking into the database, and counts how often."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> object:
        self.calls += 1
        return Setting.objects.filter(pk="k").values_list("value", flat=True).first()


@pytest.fixture
def compute() -> Counting:
    write_setting(key="k", value="old")
    return Counting()


def write(value: str) -> None:
    write_setting(key="k", value=value)
    invalidate("g")


def test_a_value_is_computed_once(compute: Counting) -> None:
    assert [cached("g", "k", compute) for _ in range(3)] == ["old"] * 3
    assert compute.calls == 1


def test_requests_share_their_connections(compute: Counting) -> None:
    """Django makes a cache for each request; a connection for each takes longer than what is read by it."""

    def ask() -> str:
        return str(cached("g", "k", compute))

    def connections() -> int:
        return int(cache._cache.get_client().info("stats")["total_connections_received"])  # type: ignore[attr-defined]

    ask()
    before = connections()
    for _ in range(5):
        with ThreadPoolExecutor(1) as thread:
            assert thread.submit(ask).result() == "old"
    assert connections() == before


def test_what_was_read_lately_is_not_fetched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    get = cache.get

    def noting(name: str) -> object:
        names.append(name)
        return get(name)

    cached("g", "k", lambda: [1])
    monkeypatch.setattr(cache, "get", noting)
    assert cached("g", "k", lambda: [2]) == [1]
    assert names == ["generation:g"]


def test_whoever_gets_a_value_may_change_it() -> None:
    for _ in range(3):
        value = cached("g", "k", lambda: [1])
        value.append(2)
        assert value == [1, 2]


def test_what_is_held_is_bounded_and_does_not_last(monkeypatch: pytest.MonkeyPatch) -> None:
    held = ours.Held()
    held.put("long", ("x" * ours.LARGEST_HELD,))
    for number in range(ours.MOST_HELD + 1):
        held.put(str(number), (number,))
    assert [held.get("long"), held.get("0"), held.get("1")] == [None, None, (1,)]
    later = time.monotonic() + ours.HELD_S
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert held.get("1") is None


def test_nothing_is_a_value_too(compute: Counting) -> None:
    Setting.objects.all().delete()
    assert [cached("g", "k", compute) for _ in range(3)] == [None] * 3
    assert compute.calls == 1


def test_a_write_forgets_its_group_and_no_other(compute: Counting) -> None:
    other = Counting()
    cached("g", "k", compute)
    cached("other", "k", other)
    write("new")
    assert cached("g", "k", compute) == "new"
    assert cached("other", "k", other) == "old"
    assert (compute.calls, other.calls) == (2, 1)


def test_a_write_is_heard_of_when_it_is_committed(compute: Counting) -> None:
    cached("g", "k", compute)
    before = ours._generation("g")
    with transaction.atomic():
        write("new")
        assert ours._generation("g") == before
    assert ours._generation("g") != before


def test_a_write_that_was_rolled_back_changes_nothing(compute: Counting) -> None:
    cached("g", "k", compute)
    with transaction.atomic():
        write("never")
        transaction.set_rollback(True)
    assert cached("g", "k", compute) == "old"
    assert compute.calls == 1


def test_what_is_seen_inside_a_write_is_not_kept_for_others(compute: Counting) -> None:
    with transaction.atomic():
        write("never")
        assert cached("g", "k", compute) == "never"
        transaction.set_rollback(True)
    assert cached("g", "k", compute) == "old"


def test_a_write_that_overtakes_a_computation_wins(compute: Counting) -> None:
    def slow() -> object:
        found = compute()
        write("new")
        return found

    assert cached("g", "k", slow) == "old", "who asked before the write may be told what was before it"
    assert cached("g", "k", compute) == "new"


def test_a_generation_that_redis_has_lost_is_not_given_out_again(compute: Counting) -> None:
    cached("g", "k", compute)
    write("new")
    cache.delete("generation:g")
    assert cached("g", "k", compute) == "new"


@pytest.mark.parametrize("trouble", [RedisAway, RedisSilent, OSError])
def test_without_redis_values_are_computed(
    trouble: type[Exception], compute: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise trouble

    cached("g", "k", compute)
    monkeypatch.setattr(CLIENT, away)
    write("new")
    assert [cached("g", "k", compute) for _ in range(2)] == ["new", "new"]
    assert compute.calls == 3


def test_a_write_while_redis_is_away_is_not_forgotten_when_it_returns(
    compute: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    cached("g", "k", compute)
    with monkeypatch.context() as broken:
        broken.setattr(CLIENT, away)
        write("new")
    assert [cached("g", "k", compute) for _ in range(2)] == ["new", "new"]
    assert compute.calls == 2


EVERY_CALL: dict[str, tuple[Callable[[], object], object]] = {
    "add": (lambda: cache.add("k", 1), False),
    "get": (lambda: cache.get("k", "default"), "default"),
    "set": (lambda: cache.set("k", 1), None),
    "touch": (lambda: cache.touch("k"), False),
    "delete": (lambda: cache.delete("k"), False),
    "get_many": (lambda: cache.get_many(["k"]), {}),
    "has_key": (lambda: cache.has_key("k"), False),
    "incr": (lambda: cache.incr("k"), 0),
    "set_many": (lambda: cache.set_many({"k": 1}), []),
    "delete_many": (lambda: cache.delete_many(["k"]), None),
}


@pytest.mark.parametrize("name", EVERY_CALL)
def test_no_call_fails_because_redis_is_away(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise RedisAway

    monkeypatch.setattr(CLIENT, away)
    call, expected = EVERY_CALL[name]
    assert call() == expected


def reads(result: str) -> float:
    return REGISTRY.get_sample_value("cache_reads_total", {"group": "counted", "result": result}) or 0.0


def test_hits_and_misses_are_counted(compute: Counting) -> None:
    before = reads("hit"), reads("miss")
    for _ in range(3):
        cached("counted", "k", compute)
    assert (reads("hit") - before[0], reads("miss") - before[1]) == (2, 1)
