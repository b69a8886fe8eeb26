"""The one ear that this process has on Redis: endlessly reconnecting, shared by every stream and every socket.

django-eventstream's own listener gives up for ever after some six seconds without Redis, reads the storage in a thread
for each of its readers, and queues without knowing which events supersede each other; it is never started here.
"""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol
from weakref import WeakKeyDictionary, WeakSet

from django.conf import settings
from django_eventstream import eventstream, views
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.errors import Unavailable
from core.events.access import Credential, refused
from core.events.recent import Recent
from core.events.storage import READ, Stored, ask, read_arguments, topic, understand
from core.logs import get_logger
from core.schemas import Channel

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 5.0
PING_S = 5.0
BREATH = 50
CHECK_ACCESS_S = 20.0
MOST_SUBSCRIBERS = 512
# A stream that opens while the first connection to Redis is being made waits this long for a clean beginning.
READY_S = 2.0

log = get_logger(__name__)


@dataclass(frozen=True)
class State:
    """Whether events reach this process."""

    wanted: bool
    connected: bool
    since: datetime
    reason: str

    @property
    def well(self) -> bool:
        """The connection is made for the first listener, so that none is missing before."""
        return self.connected or not self.wanted


class Subscriber(Protocol):
    credential: Credential
    ended: bool
    must_reset: bool


class Addressed(Subscriber, Protocol):
    """One that hears what is said to somebody alone."""

    address: str

    def hear(self, said: dict[str, Any]) -> None: ...

    def wake(self) -> None: ...


class Listener:
    """Belongs to one event loop, begins with the first subscriber, and lasts as long as the process."""

    def __init__(self) -> None:
        self.recent = {channel: Recent(channel) for channel in Channel}
        self.subscribers: WeakSet[Subscriber] = WeakSet()
        self.ears: WeakSet[Addressed] = WeakSet()
        self.ready = asyncio.Event()
        self.away = False
        self._bell = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        if not self._tasks:
            _note(connected=False, reason="connecting")
            # In a context of their own: the first listener's request must not be named in every later log line.
            self._tasks = [
                asyncio.create_task(self._supervise(), context=Context()),
                asyncio.create_task(self._check_access(), context=Context()),
            ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        _note(connected=False, reason="stopped", wanted=False)

    def join(self, subscriber: Subscriber) -> None:
        if len(self.subscribers) >= MOST_SUBSCRIBERS:
            raise Unavailable("Too many are listening already.", retry_after_s=30)
        self.subscribers.add(subscriber)

    async def wait(self, timeout_s: float) -> bool:
        """Until something happened; false when nothing did in all that time."""
        bell = self._bell
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                return await bell.wait()
        return False

    def ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
        for ear in self.ears:
            ear.wake()

    async def _supervise(self) -> None:
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                async with self._connection() as pubsub:
                    pause_s = FIRST_PAUSE_S
                    await self._receive(pubsub)
            except Exception as error:  # whatever it is, the only cure is to begin again
                reason = f"{type(error).__name__}: {error}"
            if state().connected:
                log.warning("events_listener_away", reason=reason)
            _note(connected=False, reason=reason)
            self.away = True
            self.ring()
            await asyncio.sleep(pause_s * random.uniform(0.7, 1.0))  # noqa: S311 - spreads the processes
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[PubSub]:
        retry = Retry(NoBackoff(), retries=0)
        redis = Redis(**{**settings.EVENTSTREAM_REDIS, "socket_timeout": PING_S, "retry": retry})
        async with redis, redis.pubsub() as pubsub:
            await pubsub.subscribe(topic())
            # Only once Redis has confirmed can nothing fall between what is read and what is heard.
            if await pubsub.get_message(timeout=PING_S) is None:
                raise TimeoutError("Redis does not answer")
            await self._load(redis)
            yield pubsub

    async def _load(self, redis: Redis) -> None:
        for channel, recent in self.recent.items():
            recent.load(*understand(channel, await ask(redis, READ, channel, *read_arguments())))
        if self.ready.is_set():
            # A publisher that died during the outage could not tell what it dropped: pages fetch anew, to be certain.
            for subscriber in self.subscribers:
                subscriber.must_reset = True
        self.ready.set()
        self.away = False
        _note(connected=True, reason="")
        log.info("events_listener_connected")
        self.ring()

    async def _receive(self, pubsub: PubSub) -> None:
        asked = False
        for number in count():
            if number % BREATH == 0:
                # In a storm the next message is always there already: the streams need a turn as well.
                await asyncio.sleep(0)
            message = await pubsub.get_message(timeout=PING_S)
            if message is None and asked:
                raise TimeoutError("Redis does not answer")
            asked = message is None
            if message is None:
                # A connection whose other end has vanished looks like one on which nothing happens.
                await pubsub.ping()
            elif message["type"] == "message":
                self._take(json.loads(message["data"]))

    def _take(self, message: dict[str, Any]) -> None:
        if "to" in message:
            for ear in self.ears:
                if ear.address == message["to"]:
                    ear.hear(message["said"])
            return
        channel, number, prev = Channel(message["channel"]), int(message["id"]), int(message["prev"])
        if "data" in message:
            self.recent[channel].add(Stored(channel, number, prev, message["type"], message["data"]))
        else:
            self.recent[channel].begin_at(number)
            for ear in self.ears:
                ear.must_reset = True
        self.ring()

    async def _check_access(self) -> None:
        """Whoever signed out, or whose token was revoked, hears no more; one query for all streams of a session."""
        while True:
            await asyncio.sleep(CHECK_ACCESS_S)
            try:
                gone = await refused({subscriber.credential for subscriber in self.subscribers})
            except Exception as error:  # PostgreSQL is away: nobody is sent off for that
                log.warning("access_of_listeners_not_checked", reason=str(error))
                continue
            for subscriber in self.subscribers:
                subscriber.ended |= subscriber.credential in gone
            self.ring()


_listeners: WeakKeyDictionary[asyncio.AbstractEventLoop, Listener] = WeakKeyDictionary()
_state = State(wanted=False, connected=False, since=datetime.now(UTC), reason="nobody listens yet")


def current() -> Listener:
    """The listener of the running event loop: a server has one loop, only tests have several."""
    loop = asyncio.get_running_loop()
    if loop not in _listeners:
        _listeners[loop] = Listener()
    _listeners[loop].start()
    return _listeners[loop]


def state() -> State:
    """For the health page."""
    return _state


def install() -> None:
    """Takes the library's own listener and publishing out of service; to be called when the apps are ready.

    Storing an event publishes it in the same step (storage.py), and this module listens in the library's stead.
    """
    eventstream.redis_client = None
    views.listener_manager.redis_listener = None


def _note(*, connected: bool, reason: str, wanted: bool = True) -> None:
    global _state
    same = (_state.wanted, _state.connected) == (wanted, connected)
    _state = State(wanted, connected, _state.since if same else datetime.now(UTC), reason)
