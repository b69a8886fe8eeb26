"""What somebody thinks of a track: loved or not, and half stars."""

from typing import Any

from core.errors import NotFound
from core.models import User
from library.models import Track, TrackUse


def love_track(*, user: User, track_id: int, loved: bool) -> TrackUse:
    return _note(user, track_id, loved=loved)


def rate_track(*, user: User, track_id: int, rating: int | None) -> TrackUse:
    return _note(user, track_id, rating=rating)


def _note(user: User, track_id: int, **said: Any) -> TrackUse:
    if not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
    row, _made = TrackUse.objects.update_or_create(user=user, track_id=track_id, defaults=said)
    return row
