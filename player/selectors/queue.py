"""The queue as it stands, and what of it somebody has missed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

from core.models import User
from player.models import Device, PlayQueue, QueueCommand, QueueEntry
from player.schemas.queue import DeviceOut, QueueOut

HERE_S = 75
"""a socket says so much more often than that"""
SHOWN_FOR = timedelta(days=1)
MOST_DEVICES = 50
MOST_MISSED = 200
"""further behind than that, the state is shorter than what led to it"""


def position_now(queue: PlayQueue, now: datetime | None = None) -> int:
    """Where it is by now, if it has gone on since somebody said so."""
    if queue.state != PlayQueue.State.PLAYING:
        return queue.position_ms
    return queue.position_ms + max(0, int(((now or timezone.now()) - queue.at).total_seconds() * 1000))


def as_text(moment: datetime) -> str:
    """As the state writes it too."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def is_here(device: Device, now: datetime) -> bool:
    return bool(device.socket) and device.seen_at > now - timedelta(seconds=HERE_S)


def queue_of(user: User) -> PlayQueue:
    """One that is not written yet is an empty one."""
    return PlayQueue.objects.select_related("device").filter(user=user).first() or PlayQueue(user=user)


def queue_out(user: User) -> QueueOut:
    """One moment of it: the version is read with the entries that it is of."""
    queue, order = _read(user)
    now = timezone.now()
    return QueueOut(
        version=queue.version,
        order=order,
        current=queue.current_id,
        position_ms=queue.position_ms,
        at=queue.at,
        now=now,
        state=queue.state,
        repeat=queue.repeat,
        shuffled=queue.shuffled,
        device=queue.device.key if queue.device else None,
        devices=devices_out(user, now=now),
        origin=queue.origin,
    )


def _read(user: User) -> tuple[PlayQueue, list[tuple[int, int]]]:
    """Read again where a command came in between: nobody is kept waiting for readers."""
    queue = queue_of(user)
    while True:
        order = list(QueueEntry.objects.filter(queue=user.pk).order_by("place").values_list("pk", "track_id"))
        again = queue_of(user)
        if again.version == queue.version:
            return again, order
        queue = again


def devices_out(user: User, *, now: datetime | None = None) -> list[DeviceOut]:
    """Those that are here, and those that were not long ago."""
    now = now or timezone.now()
    rows = Device.objects.filter(user=user, seen_at__gt=now - SHOWN_FOR).order_by("-seen_at", "-pk")[:MOST_DEVICES]
    return [
        DeviceOut(id=row.key, name=row.name, kind=row.kind, here=is_here(row, now), seen_at=row.seen_at) for row in rows
    ]


def changes_since(user: User, version: int) -> list[dict[str, Any]] | None:
    """What led from there to here; None where that is not known any more, or is no less than the state itself."""
    rows = QueueCommand.objects.filter(queue=user.pk, version__gt=version, ops__isnull=False).order_by("version")
    found = list(rows.values_list("version", "ops")[: MOST_MISSED + 1])
    if len(found) > MOST_MISSED:
        return None
    whole = [number for number, _ops in found] == list(range(version + 1, queue_of(user).version + 1))
    return [change_message(number, ops or []) for number, ops in found] if whole else None


def change_message(version: int, ops: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "change", "version": version, "base": version - 1, "ops": list(ops)}
