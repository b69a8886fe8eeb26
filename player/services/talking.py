"""What a socket says about the queue, and what it is told: the conversation, without the socket."""

import asyncio
from typing import Any

from pydantic import ValidationError

from core.auth import Identity
from core.errors import InvalidInput, NotAllowed, SoniqueBayError, Unavailable
from core.events.personal import Heard
from core.logs import get_logger
from core.models import User
from player.events import InOrder
from player.models import Device
from player.schemas.queue import CommandIn, Hello, Position
from player.selectors.queue import changes_since, queue_out
from player.services import devices
from player.services.queue import apply_command, report_position
from player.services.sockets import asked

READING = frozenset({"hello", "sync"})
TYPES = READING | {"command", "position"}
LONGEST_MESSAGE = 256 * 1024
MOST_MESSAGES = 300
"""in so many seconds as core counts"""
MOST_UNANSWERED = 100

log = get_logger(__name__)


class Talk:
    """Of one socket; until it says hello it is nobody's device."""

    def __init__(self, identity: Identity) -> None:
        self.user = owner_of(identity)
        self.identity = identity
        self.device: Device | None = None

    # --- what it says -------------------------------------------------------------------------------------------------

    async def answer(self, message: dict[str, Any], in_order: InOrder) -> list[Any]:
        """What to send back."""
        kind = message.pop("type")
        try:
            return await getattr(self, f"_on_{kind}")(message, in_order)  # type: ignore[no-any-return]
        except ValidationError as error:
            return [_refused(kind, message, InvalidInput(said_of(error)))]
        except SoniqueBayError as error:
            return [_refused(kind, message, error)]
        except Exception:
            log.exception("queue_message_failed", kind=kind)
            return [_refused(kind, message, Unavailable("This did not work just now.", hint="Try it again."))]

    async def _on_hello(self, message: dict[str, Any], in_order: InOrder) -> list[Any]:
        hello = Hello.model_validate(message)
        self.device = await asked(devices.greet, user=self.user, hello=hello)
        return await self.stand(in_order, hello.version)

    async def _on_sync(self, message: dict[str, Any], in_order: InOrder) -> list[Any]:
        known = message.get("version")
        return await self.stand(in_order, known if isinstance(known, int) else None)

    async def _on_command(self, message: dict[str, Any], in_order: InOrder) -> list[Any]:
        self.identity.require("write")
        command = CommandIn.model_validate(message).root
        done = await asked(apply_command, user=self.user, asked=command, sender=self.device)
        return [done.model_dump()]

    async def _on_position(self, message: dict[str, Any], in_order: InOrder) -> list[Any]:
        self.identity.require("write")
        if self.device is None:
            raise NotAllowed("Who plays? Say hello first.")
        await asked(report_position, user=self.user, device=self.device, said=Position.model_validate(message))
        return []

    # --- what it is told ----------------------------------------------------------------------------------------------

    async def stand(self, in_order: InOrder, known: int | None = None) -> list[Any]:
        """What it has missed since the version that it knows, else all of it."""
        if known is not None and 0 <= known < 2**62:
            missed = await asked(changes_since, user=self.user, version=known)
            if missed is not None:
                version = missed[-1]["version"] if missed else known
                return [*missed, *in_order.begin(version)]
        state = await asked(queue_out, user=self.user)
        return [state.model_dump_json(), *in_order.begin(state.version)]

    async def tell(self, heard: Heard, in_order: InOrder) -> list[Any]:
        if not heard.said and self.device is not None and not in_order.waits:
            await self._stay()
        told: list[Any] = []
        look = heard.missed or (in_order.waits and not heard.said)
        for said in heard.said:
            if said["kind"] == "change":
                told += in_order.take(said)
            elif said["kind"] == "look":
                look = True
            elif in_order.version is not None:
                told.append(said["text"])
        if in_order.version is not None and (look or in_order.hopeless):
            told += await self._look(in_order)
        return told

    async def _look(self, in_order: InOrder) -> list[Any]:
        try:
            return await self.stand(in_order)
        except Exception as error:  # the database is away: what is missing is asked for again
            log.warning("queue_not_read", reason=str(error))
            await asyncio.sleep(1)
            return []

    async def _stay(self) -> None:
        try:
            await asked(devices.note_here, device=self.device)
        except Exception as error:
            log.warning("device_not_noted", reason=str(error))

    async def end(self) -> None:
        if self.device is not None:
            try:
                await asked(devices.say_goodbye, user=self.user, device=self.device)
            except Exception as error:
                log.warning("device_not_noted", reason=str(error))


def owner_of(identity: Identity) -> User:
    """Whose queue it is."""
    if identity.user is None:
        raise NotAllowed(
            "This token belongs to nobody, and nobody has no queue.", hint="Make one under Settings, API tokens."
        )
    return identity.user


def said_of(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def _refused(kind: str, message: dict[str, Any], error: SoniqueBayError) -> dict[str, Any]:
    key = message.get("id")
    told = {"type": "refused", "of": kind, "id": key if isinstance(key, str) else None}
    return {**told, "code": error.code, "reason": error.message, "hint": error.hint}
