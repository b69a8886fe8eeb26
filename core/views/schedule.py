"""What the schedule will start next, read from django-celery-beat's tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django_celery_beat.models import PeriodicTask

from core.auth import Identity
from core.errors import InvalidInput
from core.jobs import kind_named


@dataclass(frozen=True)
class Planned:
    """One entry of the schedule."""

    kind: str
    title: str | Promise
    at: datetime | None
    may_run: bool


def planned(identity: Identity, limit: int) -> list[Planned]:
    """The entries that are switched on, the nearest first."""
    schedules = ("interval", "crontab", "solar", "clocked")
    rows = PeriodicTask.objects.filter(enabled=True).select_related(*schedules)[:200]
    found = [_planned(row, identity) for row in rows]
    far = datetime.max.replace(tzinfo=timezone.get_current_timezone())
    return sorted(found, key=lambda entry: (entry.at or far, str(entry.title)))[:limit]


def _planned(row: PeriodicTask, identity: Identity) -> Planned:
    try:
        kind = kind_named(row.task)
    except InvalidInput:
        return Planned(kind=row.task, title=row.name, at=_next(row), may_run=False)
    return Planned(kind=kind.name, title=kind.title, at=_next(row), may_run=identity.allows(kind.scope))


def _next(row: PeriodicTask) -> datetime | None:
    """When it is due; None for an entry that the sun decides, or that was never seen by beat."""
    if row.clocked:
        return row.clocked.clocked_time  # type: ignore[no-any-return]
    if row.solar or not (row.crontab or row.interval):
        return None
    now = timezone.now()
    left = row.schedule.remaining_estimate(row.last_run_at if row.interval and row.last_run_at else now)
    # An estimate is a breath early or late; the schedule is made of minutes.
    return (now + left + timedelta(seconds=30)).replace(second=0, microsecond=0)  # type: ignore[no-any-return]
