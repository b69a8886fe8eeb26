"""What GraphQL knows of the player: the queue, devices, listens, and what a track is to whoever asks."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from core.graphql import identity_in
from core.models import User
from library import models
from library.graphql import Track, looked_up, together
from library.graphql.peers import related
from player.models import Listen, QueueEntry
from player.schemas.queue import QueueOut
from player.selectors.listens import uses_of
from player.services.talking import owner_of


def reader(info: Info) -> User:
    return _person(info, "read")


def writer(info: Info) -> User:
    return _person(info, "write")


def _person(info: Info, scope: str) -> User:
    identity = identity_in(info)
    identity.require(scope)
    return owner_of(identity)


@strawberry.type
class PlayerDevice:
    id: str
    name: str
    kind: str
    here: bool
    seen_at: datetime


@strawberry.type(name="QueueEntry")
class QueueEntryType:
    id: int
    origin: JSON | None

    @strawberry.field
    def track(parent: strawberry.Parent[QueueEntry]) -> Track:
        return related(parent, "track")


@strawberry.type
class Queue:
    version: int
    current: int | None
    """an entry"""
    position_ms: int
    at: datetime
    state: str
    repeat: str
    shuffled: bool
    device: str | None
    origin: JSON | None
    count: int
    devices: list[PlayerDevice]

    @strawberry.field
    def entries(self, info: Info, after: int | None = None, size: int = 50) -> list[QueueEntryType]:
        """In order; those behind the entry `after`."""
        rows = QueueEntry.objects.filter(queue=reader(info).pk).order_by("place")
        if after is not None:
            rows = rows.filter(place__gt=QueueEntry.objects.filter(pk=after, queue=reader(info).pk).values("place"))
        return together(rows[: max(1, min(size, 200))])  # type: ignore[return-value]

    @classmethod
    def of(cls, out: QueueOut) -> "Queue":
        said = out.model_dump(include=set(cls.__annotations__) - {"devices"})
        devices = [PlayerDevice(**device.model_dump()) for device in out.devices]
        return cls(**said, count=len(out.order), devices=devices)


@strawberry.type
class QueueDone:
    """What became of a command."""

    id: str
    version: int
    changed: bool
    gone: list[int]
    entries: list[int]


@strawberry.type(name="Listen")
class ListenType:
    """Something that was heard."""

    id: int
    started_at: datetime
    played_ms: int
    duration_ms: int
    counted: bool
    ended: str
    source: str
    origin: JSON | None

    @strawberry.field
    def track(parent: strawberry.Parent[Listen]) -> Track:
        return related(parent, "track")


@strawberry.type
class ListenConnection:
    items: list[ListenType]
    next_cursor: str | None


@strawberry.type
class ListenTakenType:
    id: str
    status: str
    counted: bool
    reason: str


def _use(track: models.Track, info: Info, name: str) -> Any:
    user = identity_in(info).user
    if user is None:
        return None
    return getattr(looked_up(track, "uses", lambda ids: uses_of(user, ids)).get(track.pk), name, None)


@strawberry.type
class TrackListening:
    """What a track is to whoever asks."""

    @strawberry.field
    def loved(parent: strawberry.Parent[models.Track], info: Info) -> bool:
        return bool(_use(parent, info, "loved"))

    @strawberry.field
    def rating(parent: strawberry.Parent[models.Track], info: Info) -> int | None:
        return _use(parent, info, "rating")

    @strawberry.field
    def plays(parent: strawberry.Parent[models.Track], info: Info) -> int:
        return _use(parent, info, "plays") or 0

    @strawberry.field
    def last_played(parent: strawberry.Parent[models.Track], info: Info) -> datetime | None:
        return _use(parent, info, "last_played")
