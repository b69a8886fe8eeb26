"""A circuit breaker: after repeated failures nobody asks for a while, then one asks first for all."""

import threading
from collections.abc import Callable

CLOSES_AFTER_S = 2.0
# Shorter than the silence after which a job is given to somebody else.
LONGEST_S = 15.0


class Breaker:
    """Counts failures in a row; `wait_s` says how long to hold back before the next attempt, `reason` why."""

    def __init__(self, *, clock: Callable[[], float], failures_to_open: int = 5) -> None:
        self.clock = clock
        self.failures_to_open = failures_to_open
        self.failures = 0
        self.reason = ""
        self.open_until = 0.0
        self.lock = threading.Lock()

    def wait_s(self) -> float:
        """Zero while closed; when the time is up one caller goes first, and the others wait for what it finds."""
        with self.lock:
            now = self.clock()
            if self.failures < self.failures_to_open:
                return 0.0
            if now >= self.open_until:
                self.open_until = now + self._length()
                return 0.0
            return self.open_until - now

    def succeeded(self) -> None:
        with self.lock:
            self.failures = 0

    def failed(self, reason: str = "") -> None:
        with self.lock:
            self.failures += 1
            self.reason = reason
            if self.failures >= self.failures_to_open:
                self.open_until = self.clock() + self._length()

    def _length(self) -> float:
        beyond = max(0, self.failures - self.failures_to_open)
        return float(min(LONGEST_S, CLOSES_AFTER_S * 2 ** min(beyond, 10)))
