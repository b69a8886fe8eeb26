"""What plays, where, and on which device."""

from core.errors import Conflict, NotFound
from player.models import Device, PlayQueue
from player.schemas.queue import HandOver, Jump, Next, Pause, Play, Previous, RepeatMode, Seek, Take
from player.selectors.queue import is_here, position_now
from player.services.queue.entries import first_of, following, last_of, preceding, present
from player.services.queue.work import Work

State, Repeat = PlayQueue.State, PlayQueue.Repeat
BEGINNING_MS = 3_000
"""further in, "previous" means the beginning of this one"""


def start(work: Work) -> bool:
    """Plays on the device that played, if it is here, else on the one that says so, else on the last one seen.

    False where there is none: what is current waits then.
    """
    device = _device_to_play(work)
    work.queue.state = State.PAUSED if device is None else State.PLAYING
    if device is not None:
        work.queue.device = device
    return device is not None


def _device_to_play(work: Work) -> Device | None:
    chosen = work.queue.device
    if chosen is not None and is_here(chosen, work.now):
        return chosen
    if work.sender is not None:
        return work.sender
    rows = Device.objects.filter(user=work.queue.pk).exclude(socket="").order_by("-seen_at", "-pk")
    return next((row for row in rows[:20] if is_here(row, work.now)), None)


def play(work: Work, asked: Play) -> None:
    queue = work.queue
    if queue.current_id is None:
        raise Conflict("The queue is empty.", hint="Add something to it first.")
    was_playing = queue.state == State.PLAYING
    if not start(work):
        raise Conflict("No device is here that could play.", hint="Open SoniqueBay in a browser, then play.")
    if asked.position_ms is not None:
        work.stand_at(asked.position_ms)
    elif not was_playing:
        work.stand_at(queue.position_ms)


def pause(work: Work, asked: Pause) -> None:
    if work.queue.state == State.PLAYING:
        work.halt(State.PAUSED, asked.position_ms)


def seek(work: Work, asked: Seek) -> None:
    if work.queue.current_id is None:
        raise Conflict("Nothing is playing.")
    if _is_elsewhere(work, asked.entry):
        return
    work.stand_at(asked.position_ms)


def jump(work: Work, asked: Jump) -> None:
    if not present(work.queue, [asked.entry]):
        work.gone = [asked.entry]
        return
    work.go_to(asked.entry, asked.position_ms)
    start(work)


def go_on(work: Work, asked: Next) -> None:
    """At the end it stops, where it is not repeated."""
    queue = work.queue
    if queue.current_id is None or _is_elsewhere(work, asked.entry):
        return
    if asked.ended and queue.repeat == Repeat.ONE:
        work.go_to(queue.current_id)
        return
    after = following(queue, queue.current_id)
    if after is None and queue.repeat == Repeat.ALL:
        after = first_of(queue)
    if after is None:
        work.halt(State.STOPPED, 0)
    else:
        work.go_to(after)


def go_back(work: Work, asked: Previous) -> None:
    queue = work.queue
    if queue.current_id is None or _is_elsewhere(work, asked.entry):
        return
    if position_now(queue, work.now) > BEGINNING_MS:
        work.stand_at(0)
        return
    before = preceding(queue, queue.current_id)
    if before is None and queue.repeat == Repeat.ALL:
        before = last_of(queue)
    work.go_to(before or queue.current_id)


def _is_elsewhere(work: Work, entry: int | None) -> bool:
    """Two that press the same key at once mean one step."""
    if entry is None or entry == work.queue.current_id:
        return False
    work.gone = [entry]
    return True


def repeat(work: Work, asked: RepeatMode) -> None:
    work.queue.repeat = asked.repeat


def take(work: Work, asked: Take) -> None:
    if work.sender is None:
        raise Conflict("Only a device can take over.", hint="Say hello first, or name one with hand_over.")
    _play_on(work, work.sender)


def hand_over(work: Work, asked: HandOver) -> None:
    device = Device.objects.filter(user=work.queue.pk, key=asked.to).first()
    if device is None:
        raise NotFound("There is no such device.")
    if not is_here(device, work.now):
        raise Conflict(f"“{device}” is not here.", hint="Open SoniqueBay there first.")
    _play_on(work, device)


def _play_on(work: Work, device: Device) -> None:
    """From where the other one was."""
    work.stand_at(position_now(work.queue, work.now))
    work.queue.device = device
