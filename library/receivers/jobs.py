"""What the library does when jobs end: the demo library is scanned once it is made, new covers get their thumbnails."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver

from core.logs import get_logger
from core.models import Job
from core.signals import job_ended
from library.jobs import DEMO_LIBRARY, SCAN
from library.services.roots import ensure_root
from library.services.scans.starting import start_scan_of
from library.services.search_healing import heal_after_scan
from library.services.thumbnails import start_thumbnails

log = get_logger(__name__)
DEMO_NAME = "Demo library"


@receiver(job_ended, dispatch_uid="library.receivers.jobs.on_job_ended")
def on_job_ended(job: Job, **kwargs: Any) -> None:
    """After the commit, and without harm to the job: what is forgotten here is started by the schedule."""
    if job.kind == DEMO_LIBRARY.name and job.state == Job.State.DONE:
        transaction.on_commit(scan_demo_library, robust=True)
    if job.kind == SCAN.name:
        # In this order: words are written in seconds, and pictures may take minutes.
        transaction.on_commit(partial(heal_after_scan, job), robust=True)
        transaction.on_commit(start_thumbnails, robust=True)


def scan_demo_library() -> None:
    root, _made = ensure_root(path=str(settings.DEMO_FOLDER), name=DEMO_NAME)
    if root.enabled:
        start_scan_of(root=root)
