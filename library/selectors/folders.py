"""Folders of music as their page shows them: how each stands, what is being done, what wants an answer."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from core.models import Job
from core.selectors import jobs
from library.models import ScanAbsence
from library.schemas.roots import RootDetail
from library.schemas.scan import SCAN_KIND
from library.selectors.roots import root_details

# A scan that misses fewer files than this asks nobody.
FEW = 20


@dataclass(frozen=True)
class Folder:
    """One folder of music."""

    root: RootDetail
    job: Job | None
    """the scan that waits or runs"""
    last: Job | None
    """the last one that came to an end"""
    gone: int = 0
    """how many files the last scan did not find, and left as they were until somebody says that they are gone"""

    @property
    def has_failed(self) -> bool:
        return self.job is None and self.last is not None and self.last.state == Job.State.FAILED


def folders() -> list[Folder]:
    """In as many queries for one as for a hundred."""
    details = root_details()
    scans = jobs(kind=SCAN_KIND).filter(subject__in=[str(root.id) for root in details])
    ended = scans.filter(finished_at__isnull=False).order_by("subject", "-finished_at").distinct("subject")
    last = {job.subject: job for job in ended}
    active = {job.pk: job for job in scans.filter(finished_at__isnull=True)}
    absent = _absent([job.pk for job in last.values() if job.state == Job.State.FAILED])
    return [_folder(root, active, last.get(str(root.id)), absent) for root in details]


def _folder(root: RootDetail, active: dict[UUID, Job], last: Job | None, absent: dict[UUID, int]) -> Folder:
    job = active.get(root.scan) if root.scan else None
    gone = absent.get(last.pk, 0) if last and not job else 0
    asks = gone and (gone >= root.tracks or (gone >= FEW and gone * 2 > root.tracks))
    return Folder(root=root, job=job, last=last, gone=gone if asks else 0)


def _absent(failed: list[UUID]) -> dict[UUID, int]:
    here = ScanAbsence.objects.filter(job__in=failed, track__available=True).order_by()
    return dict(here.values_list("job").annotate(Count("pk")))
