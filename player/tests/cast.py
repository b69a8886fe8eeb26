"""What the player's tests share: somebody's queue, commanded in short words."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone

from core.models import User
from library.tests.factories import make_track
from player.models import Device, PlayQueue, QueueEntry
from player.schemas.queue import CommandIn, Done, Hello
from player.services.devices import greet
from player.services.queue import apply_command


def tracks(count: int, **over: Any) -> list[int]:
    return [make_track(f"Track {number}", **over).pk for number in range(count)]


def command(user: User, name: str, *, sender: Device | None = None, now: Any = None, **more: Any) -> Done:
    """`source` is what is called `from` in a command."""
    said = {"from" if key == "source" else key: value for key, value in more.items()}
    asked = CommandIn.model_validate({"command": name, **said}).root
    return apply_command(user=user, asked=asked, sender=sender, now=now)


def filled(user: User, count: int = 5) -> list[int]:
    """The entries of a queue of so many tracks."""
    return command(user, "add", tracks=tracks(count)).entries


def order(user: User) -> list[int]:
    return list(QueueEntry.objects.filter(queue=user.pk).order_by("place").values_list("pk", flat=True))


def heard_order(user: User) -> list[int]:
    return list(QueueEntry.objects.filter(queue=user.pk).order_by("place").values_list("track_id", flat=True))


def queue(user: User) -> PlayQueue:
    return PlayQueue.objects.select_related("device").get(pk=user.pk)


def device(user: User, key: str = "phone-0001") -> Device:
    """One that is here."""
    return greet(user=user, hello=Hello(device=key, name=key))


def later(seconds: float) -> Any:
    return timezone.now() + timedelta(seconds=seconds)


def without(entries: Sequence[int], *gone: int) -> list[int]:
    return [entry for entry in entries if entry not in gone]
