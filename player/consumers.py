"""Sockets of the queue: /ws/queue, and /api/ws, which tells of events as well."""

import asyncio
from contextlib import nullcontext
from typing import Any

from core.auth import Identity
from core.consumers import EventConsumer, Socket
from core.errors import NotAllowed
from core.events.access import Credential
from core.events.inbound import FLOODING, LATER, REFUSED, Answer, explain
from core.events.personal import Ear
from player.events import InOrder, address_of
from player.services.talking import LONGEST_MESSAGE, MOST_MESSAGES, MOST_UNANSWERED, READING, TYPES, Talk

# Between two looks where nothing happens, and where a change is missing that others came before.
IDLE_S, MISSING_S = 20.0, 1.0


class QueueTalk(Socket):
    """Understands what is said of the queue, one thing after the other, and tells what happens to it."""

    talk: Talk | None = None

    async def begin(self, identity: Identity, credential: Credential) -> None:
        await super().begin(identity, credential)
        self.identity = identity

    async def understand(self, message: dict[str, Any]) -> Answer | None:
        if message.get("type") not in TYPES:
            return await super().understand(message)
        try:
            if self.talk is None:
                self.open_ear()
            self.unanswered.put_nowait(message)
        except asyncio.QueueFull:
            return explain(NotAllowed("Too much at once."), close=FLOODING)
        except NotAllowed as error:
            return explain(error)
        return None

    def open_ear(self) -> None:
        """With the first word about the queue: whoever only hears events costs nothing here."""
        self.talk = Talk(self.identity)
        self.inbound.widen(longest=LONGEST_MESSAGE, most=MOST_MESSAGES)
        self.unanswered: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_UNANSWERED)
        self.in_order = InOrder()
        self.turn = asyncio.Lock()
        self.ear = Ear(address_of(self.talk.user.pk), self.credential)
        self.keep(self.converse(self.talk))
        self.keep(self.listen(self.talk))

    async def converse(self, talk: Talk) -> int:
        await self.ear.open()
        while True:
            message = await self.unanswered.get()
            # What is read and what is heard must not overtake each other.
            async with self.turn if message["type"] in READING else nullcontext():
                if not await self.say_all(await talk.answer(message, self.in_order)):
                    return LATER

    async def listen(self, talk: Talk) -> int:
        async for heard in self.ear.words(lambda: MISSING_S if self.in_order.waits else IDLE_S):
            async with self.turn:
                if not await self.say_all(await talk.tell(heard, self.in_order)):
                    return LATER
        return REFUSED

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        if self.talk is not None:
            self.ear.close()
            await self.talk.end()


class QueueConsumer(QueueTalk):
    """The queue alone."""


class EverythingConsumer(QueueTalk, EventConsumer):
    """The queue, and the events."""
