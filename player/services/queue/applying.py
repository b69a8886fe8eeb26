"""Applies commands: one at a time to a queue, each once, and tells everybody what has changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from core.models import User
from player.events import tell_change
from player.models import Device, PlayQueue, QueueCommand
from player.schemas.queue import AnyCommand, Done
from player.selectors.queue import change_message
from player.services.listening import follow_playing
from player.services.queue import adding, moving, playing, removing, restoring, shuffling
from player.services.queue.work import Work, change_of, standing

HANDLERS: dict[str, Callable[[Work, Any], None]] = {
    "add": adding.add,
    "replace": adding.replace,
    "move": moving.move,
    "remove": removing.remove,
    "clear": removing.clear,
    "restore": restoring.restore,
    "shuffle": shuffling.shuffle,
    "unshuffle": shuffling.unshuffle,
    "repeat": playing.repeat,
    "jump": playing.jump,
    "next": playing.go_on,
    "previous": playing.go_back,
    "play": playing.play,
    "pause": playing.pause,
    "seek": playing.seek,
    "take": playing.take,
    "hand_over": playing.hand_over,
}
# So many commands are remembered, and of so many what they did; both are looked after once in a while.
KEPT, KEPT_WHOLE, TIDY_EVERY = 1_000, 200, 50


@transaction.atomic
def apply_command(*, user: User, asked: AnyCommand, sender: Device | None = None, now: datetime | None = None) -> Done:
    """What became of it; of one that was applied before, what became of it then."""
    queue = locked_queue(user=user)
    key = asked.id or uuid4().hex
    known = QueueCommand.objects.filter(queue=queue, key=key).first()
    if known is not None:
        return _done(known)
    was = standing(queue)
    work = Work(queue, now or timezone.now(), sender)
    HANDLERS[asked.command](work, asked)
    ops = settle(work, was)
    row = QueueCommand(queue=queue, key=key, command=asked.command, version=queue.version, gone=work.gone or None)
    row.ops, row.before = ops or None, work.before
    row.save(force_insert=True)
    if queue.version % TIDY_EVERY == 0 and ops:
        _tidy(queue)
    return _done(row)


def locked_queue(*, user: User) -> PlayQueue:
    """Until the end of the transaction nobody else commands it."""
    rows = PlayQueue.objects.select_for_update(of=("self",)).select_related("device").filter(user=user)
    queue = rows.first()
    if queue is None:
        PlayQueue.objects.bulk_create([PlayQueue(user=user)], ignore_conflicts=True)
        queue = rows.get()
    return queue


def settle(work: Work, was: dict[str, Any]) -> list[dict[str, Any]]:
    """Writes and tells what has changed, as one version."""
    queue = work.queue
    changed = change_of(was, queue)
    ops = [*work.ops, *([changed] if changed else [])]
    if ops:
        queue.version += 1
        tell_change(user_id=queue.pk, message=change_message(queue.version, ops))
        if changed:
            follow_playing(queue=queue)
        queue.save()
    return ops


def _done(row: QueueCommand) -> Done:
    made = [entry for op in row.ops or [] if op["op"] == "insert" for entry, _track in op["entries"]]
    return Done(id=row.key, version=row.version, changed=row.ops is not None, gone=row.gone or [], entries=made)


def _tidy(queue: PlayQueue) -> None:
    rows = QueueCommand.objects.filter(queue=queue)
    rows.filter(version__lte=queue.version - KEPT).delete()
    rows.filter(version__lte=queue.version - KEPT_WHOLE, ops__isnull=False).update(ops=None, before=None)
