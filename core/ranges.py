"""Which bytes of a file are asked for (RFC 9110, section 14): one range, or the whole."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Numbers longer than any file are no attack on our arithmetic, but no range either.
_ONE = re.compile(r"\s*bytes\s*=\s*(\d{0,30})\s*-\s*(\d{0,30})\s*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Range:
    """From the first byte to the one behind the last."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        return self.stop - self.start


class UnsatisfiableError(Exception):
    """No byte of it is there."""


def range_asked(headers: Mapping[str, str], size: int, *, etag: str, modified: str) -> Range | None:
    """The range, or None for the whole file.

    What is no range of bytes is ignored, as it must be, and so are several ranges, as it may be: a server may answer
    with the whole, which every client understands, while 416 would say that none of them is there. Nobody who plays
    music asks for several, and answering in parts is how small requests are made into large answers.
    """
    asked = _ONE.fullmatch(headers.get("Range", ""))
    if asked is None or not _still_holds(headers.get("If-Range", ""), etag, modified):
        return None
    if _is_known(headers.get("If-None-Match", ""), etag):
        # The answer is that nothing has changed, whatever the range is.
        return None
    first, last = asked.groups()
    if not first and not last:
        return None
    if first and last and int(last) < int(first):
        return None
    start = int(first) if first else max(0, size - int(last))
    stop = min(size, int(last) + 1) if first and last else size
    if start >= stop:
        raise UnsatisfiableError
    return Range(start, stop)


def _still_holds(condition: str, etag: str, modified: str) -> bool:
    """A part is sent to whoever has the rest of the same file; weak tags do not tell that it is the same."""
    return not condition or condition.strip() in {etag, modified}


def _is_known(tags: str, etag: str) -> bool:
    return tags.strip() == "*" or etag in (tag.strip().removeprefix("W/") for tag in tags.split(","))
