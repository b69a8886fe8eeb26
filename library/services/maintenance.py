"""The library's own database jobs: what control runs."""

from dataclasses import replace

from core.database_jobs import DatabaseJob
from library.jobs import MAKE_THUMBNAILS, SCAN_ALL, TIDY_COVERS
from library.models import LibraryRoot
from library.services.cover_care import tidy_covers
from library.services.scans.starting import start_scan_of
from library.services.thumbnails import make_thumbnails


def scan_all(job: DatabaseJob) -> None:
    """Each root that is switched on; what is being scanned already goes on."""
    roots = list(LibraryRoot.objects.filter(enabled=True).order_by("name", "pk"))
    for done, root in enumerate(roots):
        job.progress("Starting scans", done, len(roots), item=root.name)
        start_scan_of(root=root)
    job.progress("Starting scans", len(roots), len(roots), item="")


KINDS = [
    replace(MAKE_THUMBNAILS, run=make_thumbnails),
    replace(SCAN_ALL, run=scan_all),
    replace(TIDY_COVERS, run=tidy_covers),
]
