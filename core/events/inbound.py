"""What may be said over a socket: so many short texts in so much time; more of it is the end."""

import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from core.errors import InvalidInput, NotAllowed, NotAuthenticated, SoniqueBayError

# HTTP's numbers in the range of applications: Daphne lets nobody send those that the protocol has for this.
UNKNOWN_CHANNEL, REFUSED, TOO_BIG, FLOODING, FAILED, LATER = 4400, 4401, 4413, 4429, 4500, 4503
LONGEST_MESSAGE = 4096
MOST_MESSAGES, IN_S = 20, 10.0


@dataclass(frozen=True)
class Answer:
    """What to send back, and the code to close with, if that is the end."""

    message: dict[str, Any]
    close: int | None = None


class Inbound:
    """One socket's messages, counted."""

    def __init__(self) -> None:
        self._longest = LONGEST_MESSAGE
        self._times: deque[float] = deque(maxlen=MOST_MESSAGES)

    def widen(self, *, longest: int, most: int) -> None:
        """For somebody who has more to say than pings."""
        self._longest = longest
        self._times = deque(self._times, maxlen=most)

    def read(self, text: str | None, *, now_s: float) -> dict[str, Any] | Answer:
        """The message; or what to answer to it, where there is none."""
        if len(self._times) == self._times.maxlen and now_s - self._times[0] < IN_S:
            return explain(InvalidInput("Too many messages."), close=FLOODING)
        if text is None or len(text) > self._longest:
            return explain(InvalidInput("Only short texts are understood."), close=TOO_BIG)
        self._times.append(now_s)
        message = _parsed(text)
        if message is None:
            return not_understood()
        return Answer({"type": "pong"}) if message.get("type") == "ping" else message


def not_understood(known: str = '{"type": "ping"}') -> Answer:
    return explain(InvalidInput("This is not understood.", hint=f"Only {known} is."))


def explain(error: SoniqueBayError, *, close: int | None = None) -> Answer:
    return Answer({"type": "error", "code": error.code, "message": error.message, "hint": error.hint}, close)


def refusal(error: SoniqueBayError) -> Answer:
    """Of a socket that may not listen."""
    codes = {InvalidInput: UNKNOWN_CHANNEL, NotAuthenticated: REFUSED, NotAllowed: REFUSED}
    return explain(error, close=codes.get(type(error), LATER))


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
