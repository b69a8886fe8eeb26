"""Keeps what was heard, once each, whenever it is told; plays follow from what counts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from core.models import User
from library.models import Track
from library.services.statements import Record, execute
from player.engine.counting import counts
from player.models import Device
from player.schemas.listens import ListenIn, ListenTaken
from player.services.queue.entries import held

CLOCKS_DIFFER = timedelta(minutes=5)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
ROWS = Record(
    "n",
    {
        "key": "text",
        "track_id": "bigint",
        "started_at": "timestamptz",
        "played_ms": "bigint",
        "duration_ms": "bigint",
        "counted": "boolean",
        "ended": "text",
        "source": "text",
        "device_id": "bigint",
        "origin": "jsonb",
    },
)
KEEP = f"""
    INSERT INTO listening_history (
      user_id, key, track_id, started_at, played_ms, duration_ms, counted, ended, source, device_id, origin, date_added
    )
    SELECT %(user)s, n.key, n.track_id, n.started_at, n.played_ms, n.duration_ms, n.counted, n.ended, n.source,
      n.device_id, n.origin, now()
    FROM {ROWS}
    ON CONFLICT (user_id, key) DO NOTHING RETURNING key
"""  # noqa: S608
FOLLOW = """
    INSERT INTO track_uses (user_id, track_id, plays, last_played, loved)
    SELECT %(user)s, track_id, count(*), max(started_at), false FROM listening_history
    WHERE user_id = %(user)s AND key = ANY(%(keys)s) AND counted GROUP BY track_id ORDER BY track_id
    ON CONFLICT (user_id, track_id) DO UPDATE SET plays = track_uses.plays + excluded.plays,
      last_played = greatest(track_uses.last_played, excluded.last_played)
"""


@transaction.atomic
def keep_listens(*, user: User, listens: Sequence[ListenIn], now: datetime | None = None) -> list[ListenTaken]:
    """What became of each; what cannot be is refused with its reason, and keeps no other from being kept."""
    now = now or timezone.now()
    known = held(listen.track_id for listen in listens)
    reasons = {listen.id: _why_not(listen, known, now) for listen in listens}
    durations = dict(Track.objects.filter(pk__in=known).values_list("pk", "duration_ms"))
    devices = _devices(user, listens)
    rows = [_row(listen, durations, devices) for listen in listens if not reasons[listen.id]]
    new = {key for (key,) in execute(KEEP, {"user": user.pk, **ROWS.of(rows)})}
    if new:
        execute(FOLLOW, {"user": user.pk, "keys": list(new)})
    counted = {row["key"]: row["counted"] for row in rows}
    return [_taken(listen.id, reasons[listen.id], new, counted) for listen in listens]


def _why_not(listen: ListenIn, known: set[int], now: datetime) -> str:
    if listen.track_id not in known:
        return "There is no such track."
    if listen.started_at > now + CLOCKS_DIFFER:
        return "It begins in the future: the clock of the device is wrong."
    if listen.started_at < EARLIEST:
        return "It began before 2000: the clock of the device is wrong."
    return ""


def _row(listen: ListenIn, durations: Mapping[int, int | None], devices: Mapping[str, int]) -> dict[str, Any]:
    duration_ms = durations[listen.track_id] or listen.duration_ms
    return {
        **listen.model_dump(include={"track_id", "started_at", "played_ms", "ended", "source", "origin"}),
        "key": listen.id,
        "duration_ms": duration_ms,
        "counted": counts(listen.played_ms, duration_ms),
        "device_id": devices.get(listen.device or ""),
    }


def _devices(user: User, listens: Sequence[ListenIn]) -> dict[str, int]:
    """Also those that were never heard of: they were offline all the time."""
    keys = {listen.device for listen in listens if listen.device}
    if not keys:
        return {}
    Device.objects.bulk_create([Device(user=user, key=key) for key in sorted(keys)], ignore_conflicts=True)
    return dict(Device.objects.filter(user=user, key__in=keys).values_list("key", "pk"))


def _taken(key: str, reason: str, new: set[str], counted: Mapping[str, bool]) -> ListenTaken:
    if reason:
        return ListenTaken(id=key, status="refused", reason=reason)
    return ListenTaken(id=key, status="kept" if key in new else "known", counted=counted[key])
