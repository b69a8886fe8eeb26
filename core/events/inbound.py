"""What may be said over a socket: a ping now and then; anything else is answered with an explanation or a close."""

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
        self._times: deque[float] = deque(maxlen=MOST_MESSAGES)

    def answer(self, text: str | None, *, now_s: float) -> Answer:
        if len(self._times) == MOST_MESSAGES and now_s - self._times[0] < IN_S:
            return explain(InvalidInput("Too many messages."), close=FLOODING)
        if text is None or len(text) > LONGEST_MESSAGE:
            return explain(InvalidInput("Only short texts are understood."), close=TOO_BIG)
        self._times.append(now_s)
        if _is_ping(text):
            return Answer({"type": "pong"})
        return explain(InvalidInput("This is not understood.", hint='Only {"type": "ping"} is.'))


def explain(error: SoniqueBayError, *, close: int | None = None) -> Answer:
    return Answer({"type": "error", "code": error.code, "message": error.message, "hint": error.hint}, close)


def refusal(error: SoniqueBayError) -> Answer:
    """Of a socket that may not listen."""
    codes = {InvalidInput: UNKNOWN_CHANNEL, NotAuthenticated: REFUSED, NotAllowed: REFUSED}
    return explain(error, close=codes.get(type(error), LATER))


def _is_ping(text: str) -> bool:
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and message.get("type") == "ping"
