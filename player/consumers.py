"""Sockets of the queue: /ws/queue, and /api/ws, which tells of events as well."""

import asyncio
from contextlib import nullcontext
from typing import Any

from core.auth import Identity
from core.consumers import EventConsumer, Socket
from core.errors import NotAllowed, TooMany, Unavailable
from core.events.access import Credential
from core.events.inbound import FLOODING, LATER, REFUSED, Answer, explain
from core.events.personal import Ear
from player.events import address_of
from player.services.talking import LONGEST_MESSAGE, MOST_MESSAGES, READING, TYPES, Talk


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
            talk = self.talk or self.open_ear()
            talk.unanswered.put_nowait(message)
        except asyncio.QueueFull:
            return explain(TooMany("Too much at once.", retry_after_s=10), close=FLOODING)
        except NotAllowed as error:
            return explain(error)
        except Unavailable as error:
            return explain(error, close=LATER)
        return None

    def open_ear(self) -> Talk:
        """With the first word about the queue: whoever only hears events costs nothing here."""
        talk = Talk(self.identity)
        self.ear = Ear(address_of(talk.user.pk), self.credential)
        self.talk = talk
        self.inbound.widen(longest=LONGEST_MESSAGE, most=MOST_MESSAGES)
        self.keep(self.converse(talk))
        self.keep(self.listen(talk))
        return talk

    async def converse(self, talk: Talk) -> int:
        await self.ear.open()
        while True:
            message = await talk.unanswered.get()
            # What is read and what is heard must not overtake each other.
            async with talk.turn if message["type"] in READING else nullcontext():
                if not await self.say_all(await talk.answer(message)):
                    return LATER

    async def listen(self, talk: Talk) -> int:
        async for heard in self.ear.words(lambda: talk.patience_s):
            async with talk.turn:
                if not await self.say_all(await talk.tell(heard)):
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
