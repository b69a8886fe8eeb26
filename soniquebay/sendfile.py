"""Files on their way out without passing through us: the kernel copies them to the socket as fast as it is read."""

import asyncio
import os
from typing import Any

from twisted.internet import tcp

# So much at a time in one thread; then it is another stream's turn.
TURN = 4 * 1024 * 1024


def socket_of(request: Any) -> Any:
    """The connection, where it is a plain socket; None where what is sent must be encrypted first."""
    transport = getattr(request.channel, "transport", None)
    return transport if isinstance(transport, tcp.Connection) and not transport.TLS else None


async def send_file(transport: Any, file: int, offset: int, count: int) -> None:
    """All of it, behind what the transport still holds; an error if the file or the connection ends before."""
    # Of its own, so that Twisted and this watch it independently of each other.
    number = os.dup(transport.fileno())
    try:
        while transport.dataBuffer or transport._tempDataBuffer:
            await _writable(number)
        while count:
            sent = await _in_a_thread(number, file, offset, min(count, TURN))
            if sent is None:
                await _writable(number)
                continue
            offset, count = offset + sent, count - sent
    finally:
        os.close(number)


async def _in_a_thread(number: int, file: int, offset: int, count: int) -> int | None:
    """How much went out; None if there was no room. Reading from a disk may take its time."""
    turn = asyncio.get_running_loop().run_in_executor(None, _send, number, file, offset, count)
    try:
        return await asyncio.shield(turn)
    except asyncio.CancelledError:
        # Neither end may be closed, and its number given to another file, while the thread still writes.
        await asyncio.wait([turn])
        turn.exception()
        raise


def _send(number: int, file: int, offset: int, count: int) -> int | None:
    sent = 0
    try:
        while sent < count:
            step = os.sendfile(number, file, offset + sent, count - sent)
            if not step:
                raise EOFError("The file has become shorter.")
            sent += step
    except BlockingIOError:
        return sent or None
    return sent


async def _writable(number: int) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_writer(number, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_writer(number)
