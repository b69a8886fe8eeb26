"""Beat's schedule, kept in the database: what is due becomes a job of ours, visible like every other."""

from typing import Any

from celery.beat import ScheduleEntry
from django.db.models import QuerySet
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from core.errors import Conflict, InvalidInput
from core.logs import get_logger
from core.services.jobs import start_job

log = get_logger(__name__)


class JobScheduler(DatabaseScheduler):  # type: ignore[misc]
    """Starts jobs instead of sending tasks, so that a job that is still running is not started twice."""

    # The usual one connects to the broker, and waits for it without end; ours needs none.
    producer = None

    def setup_schedule(self) -> None:
        """The entries come from migrations and from people, not from the application's configuration."""

    def enabled_models_qs(self) -> QuerySet[PeriodicTask]:
        """All of them: the usual ones are only those whose hour is near, so that a machine that sleeps at night
        would never make up for what it has missed."""
        return self.Model.objects.enabled()  # type: ignore[no-any-return]

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Starts the job, then notes that it was started; a database that is away is the caller's to wait for."""
        try:
            start_job(kind=entry.task, params=dict(entry.kwargs or {}))
        except Conflict:
            log.info("job_still_running", kind=entry.task)
        except InvalidInput as error:
            log.warning("schedule_names_what_cannot_run", kind=entry.task, reason=error.message)
        except (TypeError, ValueError) as error:
            log.warning("schedule_names_what_cannot_run", kind=entry.task, reason=f"Its arguments: {error}")
        # At once, and not every few minutes: a control that is killed must not start it a second time.
        self.sync()

    def forget(self) -> None:
        """Reads everything again: what was taken out of the heap, but not started, is due again."""
        self._dirty.clear()
        self._initial_read = True
        self._heap = None
