"""The foundation's own database jobs: clearing away what nobody needs any more."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.backups.making import run_backup
from core.database_jobs import DatabaseJob
from core.jobs import JobKind, Queue, no_params
from core.models import Invitation, Job, Worker
from core.schemas import FINAL_STATES

JOBS_KEPT = timedelta(days=90)
WORKERS_KEPT = timedelta(days=7)


def clean_up(job: DatabaseJob) -> None:
    """Deletes ended jobs after 90 days, expired sessions, spent invitations, workers long gone."""
    now = timezone.now()
    old = {
        "jobs": Job.objects.filter(state__in=FINAL_STATES, finished_at__lt=now - JOBS_KEPT),
        "sessions": Session.objects.filter(expire_date__lt=now),
        "invitations": Invitation.objects.filter(expires_at__lt=now - JOBS_KEPT),
        "workers": Worker.objects.filter(seen_at__lt=now - WORKERS_KEPT),
    }
    total = 0
    for done, (name, rows) in enumerate(old.items()):
        deleted, _by_model = rows.delete()
        total += deleted
        job.progress(f"Cleaning {name}", done + 1, len(old), **{name: deleted, "deleted": total})


KINDS = [
    JobKind(
        name="clean_up",
        queue=Queue.CONTROL,
        title=_("Cleaning up old jobs and sessions"),
        icon="sweep",
        unit=_("rows"),
        steps={
            "Cleaning jobs": _("Cleaning jobs"),
            "Cleaning sessions": _("Cleaning sessions"),
            "Cleaning invitations": _("Cleaning invitations"),
            "Cleaning workers": _("Cleaning workers"),
        },
        figures={
            "deleted": _("Cleared away"),
            "jobs": _("Jobs"),
            "sessions": _("Sessions"),
            "invitations": _("Invitations"),
            "workers": _("Workers"),
        },
        result="deleted",
        scope="admin",
        check_params=no_params,
        run=clean_up,
    ),
    JobKind(
        name="backup_database",
        queue=Queue.CONTROL,
        title=_("Backup of the database and covers"),
        icon="box",
        steps={
            "Saving the database": _("Saving the database"),
            "Saving covers": _("Saving covers"),
            "Checking the file": _("Checking the file"),
            "Saved": _("Saved"),
        },
        figures={"file": _("File"), "mb": _("Size"), "covers": _("Covers")},
        result="mb",
        scope="admin",
        check_params=no_params,
        run=run_backup,
    ),
]
