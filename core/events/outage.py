"""What a publisher does while Redis is away: it says so once, drops, and lets the listeners know when Redis is back.

Nothing is queued: what a page shows is in PostgreSQL, and a page that is told `stream-reset` fetches it anew.
"""

import random
import threading

from redis.exceptions import RedisError

from core.events.storage import announce_break
from core.logs import get_logger

FIRST_PAUSE_S = 0.25
LONGEST_PAUSE_S = 4.0

log = get_logger(__name__)


class Outage:
    """From the first event that could not be sent to the moment when every listener was told of the gap."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dropped = 0
        self._told = 0
        self._healer: threading.Thread | None = None

    @property
    def lasts(self) -> bool:
        return self._dropped > self._told

    def drop(self, reason: str) -> None:
        """Counts an event that was not sent; the first of an outage starts the thread that ends it."""
        with self._lock:
            begins = not self.lasts
            self._dropped += 1
            # A process that was forked in the middle has the outage, but not the thread.
            if begins or self._healer is None or not self._healer.is_alive():
                self._healer = threading.Thread(target=self._heal, name="events-heal", daemon=True)
                self._healer.start()
        if begins:
            log.warning("events_dropped_while_redis_is_away", reason=reason)

    def _heal(self) -> None:
        pause_s = FIRST_PAUSE_S
        wait = threading.Event().wait
        while self.lasts:
            wait(pause_s * random.uniform(0.75, 1.25))  # noqa: S311 - spreads the processes, hides nothing
            pause_s = min(pause_s * 1.6, LONGEST_PAUSE_S)
            self._try_to_tell()

    def _try_to_tell(self) -> None:
        dropped = self._dropped
        try:
            announce_break()
        except (RedisError, OSError):
            return
        with self._lock:
            # Whatever was dropped while we were telling needs telling again.
            self._told = dropped
            over = not self.lasts
        if over:
            log.info("events_flow_again", dropped_so_far=dropped)


outage = Outage()
