"""REST of the queue: how it stands, what is in it, commands, devices."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from core.api import FAULTS
from core.doors import Needs
from core.pagination import MOST
from player.api.asking import person
from player.schemas.entries import EntryPage
from player.schemas.queue import CommandIn, DeviceOut, Done, Id, QueueOut
from player.selectors.entries import entry_page, named_entries
from player.selectors.queue import devices_out, queue_out
from player.services.devices import meet_program
from player.services.queue import apply_command

queue = Router(tags=["queue"])


class Wanted(BaseModel):
    after: Id | None = None
    """an entry; those behind it are meant"""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    entries: Annotated[list[Id], Field(max_length=MOST)] = Field(default_factory=list)
    """instead: these, as far as they are there"""


@queue.get("", response={200: QueueOut, **FAULTS}, auth=Needs("read"))
def get_queue(request: HttpRequest) -> QueueOut:
    """How your queue stands: entries with their tracks' numbers in order, what plays, where, on which device."""
    return queue_out(person(request))


@queue.get("/entries", response={200: EntryPage, **FAULTS}, auth=Needs("read"))
def list_entries(request: HttpRequest, wanted: Annotated[Wanted, Query()]) -> EntryPage:
    """Entries with what a row shows; send `next` back as `after`."""
    if wanted.entries:
        return named_entries(person(request), wanted.entries)
    return entry_page(person(request), after=wanted.after, limit=wanted.limit)


@queue.post("/commands", response={200: Done, **FAULTS}, auth=Needs("write"))
def post_command(request: HttpRequest, data: CommandIn) -> Done:
    """The commands of the socket (docs/queue.md); with an `id` of your own, what is sent twice is done once."""
    user, asked = person(request), data.root
    sender = meet_program(user=user, key=asked.device) if asked.device else None
    return apply_command(user=user, asked=asked, sender=sender)


@queue.get("/devices", response={200: list[DeviceOut], **FAULTS}, auth=Needs("read"))
def list_devices(request: HttpRequest) -> list[DeviceOut]:
    """Where you listen: those that are here, and those that were not long ago."""
    return devices_out(person(request))
