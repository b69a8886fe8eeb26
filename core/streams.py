"""Answers that outlast their request: they hold neither a database connection nor more memory than is on its way."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import IO, cast
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header, http_date

from core.errors import NoSuchRange, NotFound
from core.ranges import Range, UnsatisfiableError, range_asked
from core.threads import leave_thread

PIECE_BYTES = 256 * 1024
SendFile = Callable[[int, int, int], Awaitable[bool]]


class FileAnswer(StreamingHttpResponse):
    """A file or a part of it, read piece by piece while it is taken; Django's own reads all of it first under ASGI."""

    send_file: SendFile | None = None
    """how the server sends it without reading it here, if it can"""

    def __init__(self, file: IO[bytes], part: Range, headers: dict[str, str], *, status: int) -> None:
        super().__init__(_pieces(file, part), headers=headers, status=status)
        self.file, self.part = file, part
        self._resource_closers.append(file.close)  # type: ignore[attr-defined]

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await give_back()
        if self.send_file and await self.send_file(self.file.fileno(), self.part.start, self.part.length):
            return
        pieces = cast(Iterator[bytes], self.streaming_content)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


def _pieces(file: IO[bytes], part: Range) -> Iterator[bytes]:
    file.seek(part.start)
    left = part.length
    while left and (piece := file.read(min(left, PIECE_BYTES))):
        left -= len(piece)
        yield piece


def file_answer(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    name: str = "",
    attached: bool = False,
    may_hand_over: bool = False,
) -> HttpResponseBase:
    """What a request for a file is answered: all of it, the range that it asks for, or its headers alone.

    Where `may_hand_over`, whoever asks comes by way of a web server that can send the file itself, if there is one.
    """
    file = open_file(path)
    try:
        facts = os.fstat(file.fileno())
        headers = _headers(facts, content_type, name, attached=attached)
        if may_hand_over and settings.SEND_FILES != "self":
            file.close()
            return _handed_over(path, headers)
        part = _part(request, facts.st_size, headers)
        if request.method == "HEAD":
            file.close()
            return HttpResponse(headers={**headers, "Content-Length": str(facts.st_size)})
        headers["Content-Length"] = str(part.length)
        if (part.start, part.stop) == (0, facts.st_size):
            return FileAnswer(file, part, headers, status=200)
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{facts.st_size}"
        return FileAnswer(file, part, headers, status=206)
    except BaseException:
        file.close()
        raise


def open_file(path: Path) -> IO[bytes]:
    """Ordinary files alone: opening a pipe would wait for whoever writes into it."""
    try:
        number = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        raise NotFound(
            "The file is not there just now.", hint="Is its disk mounted? The next scan will tell."
        ) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise NotFound("This is no file.")
    return os.fdopen(number, "rb", buffering=0)


def _headers(facts: os.stat_result, content_type: str, name: str, *, attached: bool) -> dict[str, str]:
    headers = {
        "Content-Type": content_type,
        "Accept-Ranges": "bytes",
        "ETag": f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"',
        "Last-Modified": http_date(facts.st_mtime),
        "Cache-Control": "private, no-cache",
    }
    disposition = content_disposition_header(attached, name)
    return {**headers, "Content-Disposition": disposition} if disposition else headers


def _part(request: HttpRequest, size: int, headers: dict[str, str]) -> Range:
    """Ranges are defined for GET alone."""
    if request.method != "GET":
        return Range(0, size)
    try:
        asked = range_asked(request.headers, size, etag=headers["ETag"], modified=headers["Last-Modified"])
    except UnsatisfiableError:
        raise NoSuchRange(size) from None
    return asked or Range(0, size)


def _handed_over(path: Path, headers: dict[str, str]) -> HttpResponse:
    """The web server in front sends it, and looks after ranges and conditions itself."""
    by = "X-Sendfile" if settings.SEND_FILES == "x-sendfile" else "X-Accel-Redirect"
    place = quote(os.fsencode(path))
    headers[by] = place if by == "X-Sendfile" else f"{settings.SEND_FILES_PREFIX.rstrip('/')}{place}"
    for own in ("ETag", "Last-Modified"):
        del headers[own]
    return HttpResponse(headers=headers)


async def give_back() -> None:
    """A stream lasts for long and needs neither the database connection nor the thread that its request has used."""
    await sync_to_async(connections.close_all)()
    leave_thread()
