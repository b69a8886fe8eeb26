"""The sockets /api/ws and /ws/events: the same events as /api/events, one JSON text each."""

import asyncio
import json
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer

from core.errors import SoniqueBayError
from core.events.access import admit, socket_credential
from core.events.channels import requested_channels
from core.events.inbound import FAILED, LATER, REFUSED, Answer, Inbound, refusal
from core.events.subscription import Batch, Subscription
from core.logs import get_logger

# Daphne keeps whatever a reader does not read: a socket is closed after so much, as a stream is ended (stream.py).
MOST_BYTES = 4 * 1024 * 1024

log = get_logger(__name__)


class EventConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """Tells; of what it is told, it understands only a ping."""

    forwarding: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        credential, subprotocol = socket_credential(self.scope)
        try:
            await admit(credential)
            names = parse_qs(self.scope["query_string"].decode("latin1")).get("channel", [])
            subscription = Subscription(requested_channels(names), credential, {})
            await subscription.stand()
        except SoniqueBayError as error:
            # Refused before it is accepted, a browser would be told no more than "failed".
            await self.accept(subprotocol)
            await self.reply(refusal(error))
        except Exception:
            log.warning("socket_not_admitted", exc_info=True)
            await self.close()
        else:
            await self.accept(subprotocol)
            self.inbound = Inbound()
            self.forwarding = asyncio.create_task(self.forward(subscription))

    async def forward(self, subscription: Subscription) -> None:
        """Until the socket closes, its credential is refused, or more was sent than anybody can have read."""
        code, allowed = REFUSED, MOST_BYTES
        try:
            async for batch in subscription.batches():
                await self.tell(batch)
                allowed -= batch.size
                if allowed < 0:
                    code = LATER
                    break
        except Exception:
            log.exception("socket_failed")
            code = FAILED
        await self.close(code)

    async def tell(self, batch: Batch) -> None:
        away = [json.dumps({"type": "stream-away"})] if batch.away else []
        reset = [json.dumps({"type": "stream-reset", "channels": batch.reset})] if batch.reset else []
        for text in [*away, *reset, *(event.data for event in batch.events)]:
            await self.send(text)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.forwarding is not None:
            await self.reply(self.inbound.answer(text_data, now_s=asyncio.get_running_loop().time()))

    async def reply(self, answer: Answer) -> None:
        await self.send(json.dumps(answer.message))
        if answer.close is not None:
            await self.disconnect(answer.close)
            await self.close(answer.close)

    async def disconnect(self, code: int) -> None:
        if self.forwarding is not None:
            self.forwarding.cancel()
            self.forwarding = None
