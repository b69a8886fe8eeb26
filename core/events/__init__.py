"""Live events: what happens here reaches every open page, and nothing that publishes ever waits or fails for it."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.db import connection, transaction
from django_eventstream import send_event
from redis.exceptions import RedisError

from core.events.outage import outage
from core.events.storage import announce_break, client, topic
from core.logs import get_logger
from core.schemas import Channel, NotificationEvent, ProgressEvent

__all__ = ["publish", "tell", "tell_to_fetch_anew"]

log = get_logger(__name__)


def publish(event: ProgressEvent | NotificationEvent) -> None:
    """Sends after the commit of the transaction that it speaks of, at once where there is none."""
    # on_commit() opens a connection to find out; an event outside of transactions needs no database.
    if connection.in_atomic_block:
        transaction.on_commit(partial(_send, event), robust=True)
    else:
        _send(event)


def tell(address: str, said: Mapping[str, Any]) -> None:
    """To those alone who listen at this address (personal.py), after the commit as well; it is kept for nobody."""
    if connection.in_atomic_block:
        transaction.on_commit(partial(_say, address, said), robust=True)
    else:
        _say(address, said)


def tell_to_fetch_anew() -> None:
    """To every listener: what your page shows is of a past that is gone, as after a restore.

    Listeners that cannot be told now, because Redis is away, are told to fetch anew when it is back in any case.
    """
    try:
        announce_break()
    except (RedisError, OSError) as error:
        log.warning("listeners_not_told", reason=str(error))


def _send(event: ProgressEvent | NotificationEvent) -> None:
    channel = Channel.PROGRESS if isinstance(event, ProgressEvent) else Channel.NOTIFICATIONS
    _try(partial(send_event, channel.value, event.type, event.model_dump_json(), json_encode=False), event.type)


def _say(address: str, said: Mapping[str, Any]) -> None:
    _try(lambda: client().publish(topic(), json.dumps({"to": address, "said": said})), address)


def _try(send: Callable[[], object], what: str) -> None:
    if outage.lasts:
        outage.drop("still away")
        return
    try:
        send()
    except (RedisError, OSError) as error:
        outage.drop(str(error))
    except Exception:
        # An event is a courtesy: a fault in here must not undo the work that it tells of.
        log.exception("event_not_sent", event_type=what)
