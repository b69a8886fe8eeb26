"""Recent events in Redis: bounded by number and age, numbered for ever upwards, handed out in order.

A channel has a counter and a stream. Numbers are microseconds since 1970, or one more than the last where the clock
does not suffice: when Redis loses its data, the next life begins above the one before. Every event names the number
before it, so that whoever comes back with a number sees whether anything is missing between it and the next event.
Storing and publishing are one script, so that no two events overtake each other on the way to the listeners.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, cast

from django.conf import settings
from django_eventstream.event import Event
from django_eventstream.storage import EventDoesNotExist
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisAway
from redis.retry import Retry

from core.schemas import Channel

KEPT = 500
KEPT_S = 3600

NEXT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function text(number) return string.format('%.0f', number) end
local function last_of(counter, stream)
  local last = redis.call('GET', counter)
  if not last then
    redis.call('DEL', stream)
    last = text(now)
    redis.call('SET', counter, last)
  end
  return last
end
"""
APPEND = (
    NEXT
    + """
local last = last_of(KEYS[1], KEYS[2])
local id = text(math.max(tonumber(last) + 1, now))
local topic, channel, kind, data, kept, kept_s = unpack(ARGV)
redis.call('SET', KEYS[1], id)
redis.call('XADD', KEYS[2], 'MAXLEN', kept, id .. '-0', 'prev', last, 'type', kind, 'data', data)
redis.call('XTRIM', KEYS[2], 'MINID', text(now - kept_s * 1000000))
redis.call('EXPIRE', KEYS[2], kept_s)
redis.call('PUBLISH', topic, cjson.encode({channel = channel, id = id, prev = last, type = kind, data = data}))
return id
"""
)
# Nobody can resume across what was never stored: the past is forgotten, and whoever listens is told.
BREAK = (
    NEXT
    + """
local id = text(math.max(tonumber(last_of(KEYS[1], KEYS[2])) + 1, now))
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], id)
redis.call('PUBLISH', ARGV[1], cjson.encode({channel = ARGV[2], id = id, prev = id}))
return id
"""
)
READ = NEXT + "return {last_of(KEYS[1], KEYS[2]), redis.call('XRANGE', KEYS[2], ARGV[1], '+', 'COUNT', ARGV[2])}"


class Evaluating(Protocol):
    """Redis, or its asynchronous twin: what they return differs, what they are asked does not."""

    @property
    def eval(self) -> Callable[..., Any]: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """An event as Redis keeps it; `prev` is the number of the one before."""

    channel: Channel
    id: int
    prev: int
    type: str
    data: str


def topic() -> str:
    """Redis' topics do not know of its numbered databases: two installations on one Redis must not mix."""
    return f"soniquebay:{settings.EVENTSTREAM_REDIS.get('db', 0)}:events"


def ask(redis: Evaluating, script: str, channel: str, *arguments: object) -> Any:
    """Runs one of the scripts above on the two keys of a channel; to be awaited when the client is asynchronous."""
    return redis.eval(script, 2, f"soniquebay:events:{channel}:last", f"soniquebay:events:{channel}", *arguments)


def read_arguments(after: int | None = None, limit: int = KEPT) -> tuple[str, int]:
    """Of READ: where to begin (everything when None), and how much."""
    return ("-" if after is None else f"({after}-0"), limit


def understand(channel: Channel, answer: Sequence[Any]) -> tuple[int, list[Stored]]:
    """The last number given out, and the events that READ found."""
    last, rows = answer
    return int(last), [_stored(channel, cast(bytes, name), row) for name, row in rows]


def _stored(channel: Channel, name: bytes, row: Sequence[bytes]) -> Stored:
    values = dict(zip(row[::2], row[1::2], strict=True))
    number = int(name.partition(b"-")[0])
    return Stored(channel, number, int(values[b"prev"]), values[b"type"].decode(), values[b"data"].decode())


@cache
def client() -> Redis:
    """One for the process: the library makes a storage for each thread, and under ASGI each request has its own.

    A connection that Redis closed while it was idle is replaced at once; anything else is the caller's to judge.
    """
    retry = Retry(NoBackoff(), retries=1, supported_errors=(RedisAway,))
    patience = {"socket_timeout": 2, "socket_connect_timeout": 2}
    return Redis(**{**settings.EVENTSTREAM_REDIS, **patience, "retry": retry})


class RecentEvents:
    """What django-eventstream asks of a storage."""

    def append_event(self, channel: str, event_type: str, data: str) -> Event:
        number = ask(client(), APPEND, channel, topic(), channel, event_type, data, KEPT, KEPT_S)
        return Event(channel, event_type, data, id=int(number))

    def get_events(self, channel: str, last_id: int, limit: int = 100) -> list[Event]:
        """What came after `last_id`; an id that does not belong to the kept past is an error of the library's own."""
        last, found = understand(Channel(channel), ask(client(), READ, channel, *read_arguments(last_id, limit)))
        known = found[0].prev == last_id if found else last_id == last
        if not known:
            raise EventDoesNotExist(f"No such event {last_id}", last)
        return [Event(event.channel, event.type, event.data, id=event.id) for event in found]

    def get_current_id(self, channel: str) -> int:
        return understand(Channel(channel), ask(client(), READ, channel, *read_arguments(limit=1)))[0]


def announce_break() -> None:
    """Tells every listener, of every process, that events were lost."""
    for channel in Channel:
        ask(client(), BREAK, channel, topic(), channel)
