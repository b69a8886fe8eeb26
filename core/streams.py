"""Answers that outlast their request: they hold neither a database connection nor more memory than is on its way."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from typing import cast

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections
from django.http import FileResponse
from django.utils.http import http_date

PIECE_BYTES = 256 * 1024


class FileAnswer(FileResponse):
    """A file, read piece by piece while it is taken; Django's own answer reads all of it first under ASGI."""

    block_size = PIECE_BYTES

    def set_headers(self, filelike: BytesIO) -> None:
        super().set_headers(filelike)
        self.headers["Last-Modified"] = http_date(os.fstat(filelike.fileno()).st_mtime)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        await give_back()
        pieces = cast(Iterator[bytes], self.streaming_content)
        while piece := await asyncio.to_thread(next, pieces, b""):
            yield piece


async def give_back() -> None:
    """A stream lasts for long and needs neither the database connection nor the thread that its request has used."""
    await sync_to_async(connections.close_all)()
    context = SyncToAsync.thread_sensitive_context.get(None)
    executor = SyncToAsync.context_to_thread_executor.pop(context, None) if context else None
    if executor:
        executor.shutdown(wait=False)
