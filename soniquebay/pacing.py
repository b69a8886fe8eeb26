"""How fast Daphne takes an answer: as fast as its reader does.

By itself it takes whatever an application sends and keeps it until the socket has room: one reader that stopped reading
would have all of a large file in memory. Twisted says when a socket is full and when it is free again; whoever sends
waits for that here.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from daphne import http_protocol

from soniquebay.intake import BoundedRequest
from soniquebay.sendfile import send_file, socket_of

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Room:
    """Whether the socket takes more; Twisted calls those who can be paused producers."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()

    async def wait(self) -> None:
        await self._free.wait()

    def pauseProducing(self) -> None:
        self._free.clear()

    def resumeProducing(self) -> None:
        self._free.set()

    def stopProducing(self) -> None:
        """The reader is gone: what is sent now goes nowhere, and need not wait."""
        self._free.set()


class PacedRequest(BoundedRequest):
    """Registers its room with the connection for as long as it answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.room = Room()
        super().__init__(*args, **kwargs)

    def handle_reply(self, message: dict[str, Any]) -> None:
        if not (self.producer or self.finished or self.channel is None):
            self.registerProducer(self.room, True)
        super().handle_reply(message)

    def finish(self) -> None:
        if self.producer and self.channel is not None:
            self.unregisterProducer()
        super().finish()

    def connectionLost(self, reason: Any) -> None:
        self.room.stopProducing()
        super().connectionLost(reason)


class Paced:
    """Sends, but not before there is room."""

    def __init__(self, request: PacedRequest, send: Send) -> None:
        self.request, self.send = request, send

    async def __call__(self, message: dict[str, Any]) -> None:
        await self.request.room.wait()
        await self.send(message)

    async def send_file(self, file: int, offset: int, count: int) -> bool:
        """A part of a file as the rest of the answer; False if it must be read and sent as everything else is."""
        transport = socket_of(self.request)
        if transport is None:
            return False
        # The head goes out with the first of the body, be there none yet.
        await self({"type": "http.response.body", "body": b"", "more_body": True})
        try:
            await send_file(transport, file, offset, count)
        except (OSError, EOFError):
            # More was announced than can be sent: whoever still reads must not wait for it.
            transport.abortConnection()
        return True


def paced(send: Send) -> Send:
    """The same, but paced. Sockets of Channels are another protocol, and are left as they are."""
    request = send.args[0] if isinstance(send, partial) and send.args else None
    return Paced(request, send) if isinstance(request, PacedRequest) else send


def install() -> None:
    """Daphne has no setting for it, but looks its class of requests up when a connection is made."""
    http_protocol.WebRequest = PacedRequest
