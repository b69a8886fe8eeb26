"""What sockets ask of the services, in threads that keep no connection to the database."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import connections

Found = TypeVar("Found")
# Enough to use the processors; a crowd waits in line here, and not for connections that pages need.
_threads = ThreadPoolExecutor(max_workers=3, thread_name_prefix="queue")


async def asked(call: Callable[..., Found], **arguments: Any) -> Found:
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_call, call, arguments))


def _call(call: Callable[..., Found], arguments: dict[str, Any]) -> Found:
    try:
        return call(**arguments)
    finally:
        connections.close_all()
