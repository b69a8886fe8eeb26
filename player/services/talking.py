"""What a socket says about the queue, and what it is told: the conversation, without the socket."""

import asyncio
import time
from collections.abc import Callable
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

READING = ("hello", "sync")
TYPES = (*READING, "command", "position")
LONGEST_MESSAGE = 256 * 1024
MOST_MESSAGES = 300
"""in so many seconds as core counts"""
MOST_UNANSWERED = 100
# Between two looks where nothing happens, and where a change is missing that others came before.
IDLE_S, MISSING_S = 20.0, 1.0

log = get_logger(__name__)


class Talk:
    """Of one socket; until it says hello it is nobody's device."""

    def __init__(self, identity: Identity, clock: Callable[[], float] = time.monotonic) -> None:
        self.user = owner_of(identity)
        self.identity = identity
        self.device: Device | None = None
        self.clock = clock
        self.noted_s = 0.0
        self.unanswered: asyncio.Queue[dict[str, Any]] = asyncio.Queue(MOST_UNANSWERED)
        self.in_order = InOrder()
        self.turn = asyncio.Lock()

    @property
    def patience_s(self) -> float:
        return MISSING_S if self.in_order.waits else IDLE_S

    # --- what it says -------------------------------------------------------------------------------------------------

    async def answer(self, message: dict[str, Any]) -> list[Any]:
        """What to send back."""
        kind = message.pop("type")
        try:
            return await getattr(self, f"_on_{kind}")(message)  # type: ignore[no-any-return]
        except ValidationError as error:
            return [_refused(kind, message, InvalidInput(said_of(error)))]
        except SoniqueBayError as error:
            return [_refused(kind, message, error)]
        except Exception:
            log.exception("queue_message_failed", kind=kind)
            return [_refused(kind, message, Unavailable("This did not work just now.", hint="Try it again."))]

    async def _on_hello(self, message: dict[str, Any]) -> list[Any]:
        hello = Hello.model_validate(message)
        self.device = await asked(devices.greet, user=self.user, hello=hello)
        self.noted_s = self.clock()
        return await self.stand(hello.version)

    async def _on_sync(self, message: dict[str, Any]) -> list[Any]:
        known = message.get("version")
        return await self.stand(known if isinstance(known, int) else None)

    async def _on_command(self, message: dict[str, Any]) -> list[Any]:
        self.identity.require("write")
        command = CommandIn.model_validate(message).root
        done = await asked(apply_command, user=self.user, asked=command, sender=self.device)
        return [done.model_dump()]

    async def _on_position(self, message: dict[str, Any]) -> list[Any]:
        self.identity.require("write")
        if self.device is None:
            raise NotAllowed("Who plays? Say hello first.")
        await asked(report_position, user=self.user, device=self.device, said=Position.model_validate(message))
        return []

    # --- what it is told ----------------------------------------------------------------------------------------------

    async def stand(self, known: int | None = None) -> list[Any]:
        """What it has missed since the version that it knows, else all of it."""
        if known is not None and 0 <= known < 2**62:
            missed = await asked(changes_since, user=self.user, version=known)
            if missed is not None:
                version = missed[-1]["version"] if missed else known
                return [*missed, *self.in_order.begin(version)]
        state = await asked(queue_out, user=self.user)
        return [state.model_dump_json(), *self.in_order.begin(state.version)]

    async def tell(self, heard: Heard) -> list[Any]:
        if self.device is not None and self.clock() - self.noted_s >= IDLE_S:
            await self._stay()
        told: list[Any] = []
        look = heard.missed or (self.in_order.waits and not heard.said)
        for said in heard.said:
            if said["kind"] == "change":
                told += self.in_order.take(said)
            elif said["kind"] == "look":
                look = True
            elif self.in_order.version is not None:
                told.append(said["text"])
        if self.in_order.version is not None and (look or self.in_order.hopeless):
            told += await self._look()
        return told

    async def _look(self) -> list[Any]:
        try:
            return await self.stand()
        except Exception as error:  # the database is away: what is missing is asked for again
            log.warning("queue_not_read", reason=str(error))
            await asyncio.sleep(1)
            return []

    async def _stay(self) -> None:
        """Also where so much is said that there is never silence: whoever plays tells of it all the time."""
        self.noted_s = self.clock()
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
