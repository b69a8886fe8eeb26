"""Devices come, go, and are missed: one that played and is gone for a minute plays no more."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.models import User
from player.events import tell_devices
from player.models import Device, PlayQueue
from player.schemas.queue import Hello
from player.selectors.queue import HERE_S, devices_out
from player.services.queue.applying import locked_queue, settle
from player.services.queue.work import Work, standing

GONE_FOR = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=30)
PROGRAM = "program"
"""in place of a socket: one that comes by HTTP, and is here for as long as it has been here just now"""


def greet(*, user: User, hello: Hello) -> Device:
    """It is here from now on, over a connection of its own."""
    device, made = Device.objects.update_or_create(
        user=user,
        key=hello.device,
        defaults={"name": hello.name, "kind": hello.kind, "socket": uuid4().hex, "seen_at": timezone.now()},
    )
    if made:
        _forget_old_ones(user)
    tell_devices_of(user=user)
    return device


def _forget_old_ones(user: User) -> None:
    """Every tab is one; those on which something was heard are remembered with it."""
    old = Device.objects.filter(user=user, seen_at__lt=timezone.now() - FORGOTTEN_AFTER, listens=None)
    old.exclude(pk__in=PlayQueue.objects.filter(user=user, device__isnull=False).values("device")).delete()


def meet_program(*, user: User, key: str) -> Device:
    """One that names itself in a request."""
    device, made = Device.objects.get_or_create(user=user, key=key, defaults={"kind": "program", "socket": PROGRAM})
    if not device.socket:
        device.socket = PROGRAM
    device.seen_at = timezone.now()
    device.save(update_fields=["socket", "seen_at"])
    if made:
        tell_devices_of(user=user)
    return device


def note_here(*, device: Device) -> None:
    Device.objects.filter(pk=device.pk, socket=device.socket).update(seen_at=timezone.now())


def say_goodbye(*, user: User, device: Device) -> None:
    """Unless it is here over another connection by now."""
    if Device.objects.filter(pk=device.pk, socket=device.socket).update(socket="", seen_at=timezone.now()):
        tell_devices_of(user=user)


def tell_devices_of(*, user: User) -> None:
    tell_devices(user_id=user.pk, devices=[row.model_dump(mode="json") for row in devices_out(user)])


def pause_abandoned(*, now: datetime | None = None) -> int:
    """Queues that play on a device that is gone stand still at the last position that it told."""
    now = now or timezone.now()
    silent = Q(device__seen_at__lt=now - timedelta(seconds=HERE_S))
    left = Q(device__socket="", device__seen_at__lt=now - GONE_FOR)
    rows = PlayQueue.objects.filter(Q(device=None) | silent | left, state=PlayQueue.State.PLAYING)
    found = [queue.user for queue in rows.select_related("user")]
    return sum(_pause(user, now) for user in found)


@transaction.atomic
def _pause(user: User, now: datetime) -> bool:
    """Unless somebody has come between."""
    queue = locked_queue(user=user)
    device = queue.device
    if queue.state != PlayQueue.State.PLAYING or (device is not None and device.seen_at > now - GONE_FOR):
        return False
    was = standing(queue)
    work = Work(queue, now, None)
    work.halt(PlayQueue.State.PAUSED, queue.position_ms)
    settle(work, was)
    return True
