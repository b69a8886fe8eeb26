"""A cache on Redis that may be away: a miss then, never an error; groups are invalidated together by every write."""

import pickle
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache as cache_in_process
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar
from uuid import uuid4

from django.core.cache import cache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import connection, transaction
from redis import Redis
from redis.exceptions import RedisError

from core import metrics
from core.logs import get_logger

log = get_logger(__name__)
Value = TypeVar("Value")
KEPT_S = 3600
HELD_S, MOST_HELD, LARGEST_HELD = 60.0, 200, 8_192


class OneClient(RedisCacheClient):
    """Django would make another client for every key that is read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[bool, Redis] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        if write not in self._clients:
            self._clients[write] = super().get_client(key, write=write)
        return self._clients[write]


class ForgivingRedisCache(RedisCache):
    """Django's own Redis cache, whose absence costs time and nothing else."""

    @cached_property
    def _cache(self) -> OneClient:
        """The process's: Django makes a cache for each request, which would begin with connections of its own."""
        return _client(tuple(self._servers), **self._options)  # type: ignore[attr-defined]

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().add, *args, **kwargs))

    def get(self, key: Any, default: Any = None, version: Any = None) -> Any:
        return _or(default, super().get, key, default=default, version=version)

    def set(self, *args: Any, **kwargs: Any) -> None:
        _or(None, super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().touch, *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().delete, *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return dict(_or({}, super().get_many, *args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(_or(False, super().has_key, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: Any = None) -> int:
        return int(_or(0, super().incr, key, delta=delta, version=version))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return list(_or([], super().set_many, *args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        _or(None, super().delete_many, *args, **kwargs)


@cache_in_process
def _client(servers: tuple[str, ...], **options: Any) -> OneClient:
    """With its pool of connections, of which each takes longer to make than anything is worth that is read by it."""
    return OneClient(list(servers), **options)


def _or(otherwise: Any, call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return call(*args, **kwargs)
    except (RedisError, OSError) as error:
        log.warning("cache_away", reason=str(error))
        return otherwise


def cached(group: str, key: str, compute: Callable[[], Value]) -> Value:
    """The value, from the cache while nothing in its group was written since it was computed."""
    _pay()
    if group in _owed or _is_being_written(group):
        metrics.cache_reads_total.labels(group, "bypass").inc()
        return compute()
    # The generation is read before anything is computed: what a write overtakes is kept under a name nobody reads.
    full = f"{group}:{_generation(group)}:{key}"
    found = _held.get(full) or cache.get(full)
    metrics.cache_reads_total.labels(group, "miss" if found is None else "hit").inc()
    if found is None:
        found = (compute(),)
        cache.set(full, found, KEPT_S)
    _held.put(full, found)
    return found[0]


class Held:
    """What was read lately, in this process; as bytes, for whoever gets a value may change it."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[float, bytes]] = {}
        self._lock = Lock()

    def get(self, key: str) -> tuple[Any] | None:
        until, held = self._values.get(key, (0.0, b""))
        return pickle.loads(held) if time.monotonic() < until else None  # noqa: S301 (our own, from this process)

    def put(self, key: str, value: tuple[Any]) -> None:
        if self._values.get(key, (0.0, b""))[0] > time.monotonic():
            return
        held = pickle.dumps(value)
        if len(held) > LARGEST_HELD:
            return
        with self._lock:
            self._values.pop(key, None)
            self._values[key] = (time.monotonic() + HELD_S, held)
            if len(self._values) > MOST_HELD:
                del self._values[next(iter(self._values))]


_held = Held()


def invalidate(group: str) -> None:
    """Forgets the whole group, once the write that made it wrong is visible to others."""
    transaction.on_commit(Invalidation(group), robust=True)


@dataclass(frozen=True)
class Invalidation:
    """What waits for a commit, recognisable while it waits."""

    group: str

    def __call__(self) -> None:
        if not _renew(self.group):
            _owed.add(self.group)


# Groups whose writes Redis could not be told of: they are not read from the cache here until it has been told.
_owed: set[str] = set()


def _pay() -> None:
    for group in list(_owed):
        if _renew(group):
            _owed.discard(group)


def _is_being_written(group: str) -> bool:
    """Inside the transaction that writes, the value is nobody else's yet: it may still be rolled back."""
    if not connection.in_atomic_block:
        return False
    return any(call == Invalidation(group) for _, call, *_ in connection.run_on_commit)


def _generation(group: str) -> str:
    """Random, so that a generation that Redis has lost is never given out again with what was kept under it."""
    name = f"generation:{group}"
    generation = cache.get(name)
    if generation is None:
        cache.add(name, uuid4().hex, None)
        generation = cache.get(name) or uuid4().hex
    return str(generation)


def _renew(group: str) -> bool:
    """Whether Redis has heard it."""
    renewed = uuid4().hex
    cache.set(f"generation:{group}", renewed, None)
    return bool(cache.get(f"generation:{group}"))
