"""Sockets: how one is admitted, heard and closed; /api/ws and /ws/events tell the same events as /api/events."""

import asyncio
import json
from collections.abc import Awaitable, Coroutine, Sequence
from typing import Any
from urllib.parse import parse_qs

from autobahn.exception import Disconnected
from channels.generic.websocket import AsyncWebsocketConsumer

from core.auth import Identity
from core.errors import SoniqueBayError
from core.events.access import Credential, admit, socket_credential
from core.events.channels import requested_channels
from core.events.inbound import FAILED, LATER, REFUSED, Answer, Inbound, not_understood, refusal
from core.events.subscription import Batch, Subscription
from core.logs import get_logger

# Daphne keeps whatever a reader does not read: a socket is closed after so much, as a stream is ended (stream.py).
MOST_BYTES = 4 * 1024 * 1024

log = get_logger(__name__)


class Socket(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Of itself it understands a ping; what else is said and heard is a matter of the classes above it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.open = False
        self.allowed = MOST_BYTES
        self.tasks: list[asyncio.Task[None]] = []
        self.inbound = Inbound()

    async def connect(self) -> None:
        self.credential, subprotocol = socket_credential(self.scope)
        try:
            await self.begin(await admit(self.credential), self.credential)
        except SoniqueBayError as error:
            # Refused before it is accepted, a browser would be told no more than "failed".
            await self.accept(subprotocol)
            await self.reply(refusal(error))
        except Exception:
            log.warning("socket_not_admitted", exc_info=True)
            await self.close()
        else:
            await self.accept(subprotocol)
            self.open = True
            await self.opened()

    async def begin(self, identity: Identity, credential: Credential) -> None:
        """What can still refuse."""

    async def opened(self) -> None:
        """What goes on from here."""

    def keep(self, work: Coroutine[Any, Any, int]) -> None:
        """Goes on until the socket closes, or closes it with the code that it ends with."""
        self.tasks.append(asyncio.create_task(self._closing(work)))

    async def _closing(self, work: Awaitable[int]) -> None:
        try:
            code = await work
        except SoniqueBayError as error:
            await self.say(refusal(error).message)
            code = LATER
        except Exception:
            log.exception("socket_failed")
            code = FAILED
        await self.close(code)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.open:
            return
        found = self.inbound.read(text_data, now_s=asyncio.get_running_loop().time())
        answer = found if isinstance(found, Answer) else await self.understand(found)
        if answer is not None:
            await self.reply(answer)

    async def understand(self, message: dict[str, Any]) -> Answer | None:
        return not_understood()

    async def reply(self, answer: Answer) -> None:
        await self.say(answer.message)
        if answer.close is not None:
            await self.disconnect(answer.close)
            await self.close(answer.close)

    async def say(self, message: dict[str, Any] | str) -> bool:
        """False when the reader is gone, or more was sent than anybody can have read: that is the end."""
        text = message if isinstance(message, str) else json.dumps(message)
        try:
            await self.send(text)
        except Disconnected:
            # Between its going and our hearing of it.
            return False
        self.allowed -= len(text)
        return self.allowed > 0

    async def say_all(self, messages: Sequence[dict[str, Any] | str]) -> bool:
        return all([await self.say(message) for message in messages])

    async def disconnect(self, code: int) -> None:
        self.open = False
        for task in self.tasks:
            task.cancel()


class EventConsumer(Socket):
    """Tells of events."""

    async def begin(self, identity: Identity, credential: Credential) -> None:
        await super().begin(identity, credential)
        names = parse_qs(self.scope["query_string"].decode("latin1")).get("channel", [])
        self.subscription = Subscription(requested_channels(names), credential, {})
        await self.subscription.stand()

    async def opened(self) -> None:
        await super().opened()
        self.keep(self.forward(self.subscription))

    async def forward(self, subscription: Subscription) -> int:
        """Until the socket closes, its credential is refused, or more was sent than anybody can have read."""
        async for batch in subscription.batches():
            if not await self.tell(batch):
                return LATER
        return REFUSED

    async def tell(self, batch: Batch) -> bool:
        away = [json.dumps({"type": "stream-away"})] if batch.away else []
        reset = [json.dumps({"type": "stream-reset", "channels": batch.reset})] if batch.reset else []
        return await self.say_all([*away, *reset, *(event.data for event in batch.events)])
