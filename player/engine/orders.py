"""What is asked of the sound process, and how it is written: one line of JSON there, one line and the bytes back."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

MOST_BYTES = 32 * 1024


class SoundError(Exception):
    """The file cannot be played; the message says why."""


@dataclass(frozen=True)
class Order:
    """One file, and what is to be done with it; times are milliseconds of the file or of the track in it."""

    do: Literal["facts", "cut", "opus", "transcode"]
    path: str
    begin_ms: float = 0.0
    end_ms: float | None = None
    from_ms: float = 0.0
    for_ms: float = 0.0
    resume: tuple[int, int] | None = None
    format: str = "opus"
    kbits: int = 128
    keep: str = ""
    keep_most: int = 0

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()


def order_of(text: bytes) -> Order:
    given: dict[str, Any] = json.loads(text)
    resume = given.pop("resume")
    return Order(**given, resume=tuple(resume) if resume else None)
