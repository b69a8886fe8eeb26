"""Where it plays just now, as the device says that plays it."""

from datetime import datetime

from django.utils import timezone

from core.models import User
from player.events import tell_position
from player.models import Device, PlayQueue
from player.schemas.queue import Position
from player.selectors.queue import as_text
from player.services.listening import follow_playing


def report_position(*, user: User, device: Device, said: Position, now: datetime | None = None) -> bool:
    """False where another device plays, or something else, or the state is another: then it is not heeded.

    A report may be on its way while somebody pauses; only commands change the state.
    """
    now = now or timezone.now()
    rows = PlayQueue.objects.filter(user=user, device=device, current=said.entry, state=said.state)
    if not rows.update(position_ms=said.position_ms, at=now):
        return False
    follow_playing(queue=PlayQueue(user=user, state=said.state))
    tell_position(user_id=user.pk, message={"type": "position", **said.model_dump(), "at": as_text(now)})
    return True
