"""What somebody has heard, and what a track is to them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from core.models import User
from library.models import TrackUse
from library.selectors.tracks import track_by_id
from player.models import Listen
from player.schemas.listens import ListenOut, UseOut

ORDER = ("-started_at", "-id")


def listens_of(
    user: User, *, track_id: int | None = None, counted: bool | None = None, since: datetime | None = None
) -> QuerySet[Listen]:
    rows = Listen.objects.filter(user=user).select_related("track", "device")
    if track_id is not None:
        rows = rows.filter(track=track_id)
    if counted is not None:
        rows = rows.filter(counted=counted)
    return rows.filter(started_at__gte=since) if since else rows


def listen_out(row: Listen) -> ListenOut:
    return ListenOut(
        id=row.key,
        track_id=row.track_id,
        title=row.track.title,
        artist=row.track.artist_credit,
        started_at=row.started_at,
        played_ms=row.played_ms,
        duration_ms=row.duration_ms,
        counted=row.counted,
        ended=row.ended,
        source=row.source,
        device=str(row.device) if row.device else None,
        origin=row.origin,
    )


def uses_of(user: User, track_ids: Iterable[int]) -> dict[int, TrackUse]:
    """By track; of those that this person has nothing to do with there is none."""
    return {row.track_id: row for row in TrackUse.objects.filter(user=user, track__in=list(track_ids))}


def use_out(user: User, track_id: int) -> UseOut:
    row = uses_of(user, [track_by_id(track_id).pk]).get(track_id)
    return use_row_out(row) if row else UseOut(track_id=track_id)


def use_row_out(row: TrackUse) -> UseOut:
    return UseOut(
        track_id=row.track_id, loved=row.loved, rating=row.rating, plays=row.plays, last_played=row.last_played
    )
