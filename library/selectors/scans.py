"""Scans: whose a job is, what its worker must know, what has become of them."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min, QuerySet

from core.errors import NotFound, Superseded
from core.models import Job
from core.selectors import jobs
from library.engine.cover_files import LARGEST_COVER
from library.models import ArtistSplit, LibraryRoot, ScanError, Track
from library.schemas.scan import SCAN_KIND, RootOut, Sample, ScanParams, ScanPlan, SplitRules

SAMPLES = 8


def scan_jobs() -> QuerySet[Job]:
    return jobs(kind=SCAN_KIND)


def scan_job(job_id: UUID) -> Job:
    job = scan_jobs().filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such scan.")
    return job


def running_scan(job_id: UUID, attempt: int, *, locked: bool = False) -> tuple[Job, LibraryRoot]:
    """The job and its root, for the worker whose attempt it is; anybody else is told that it is over."""
    rows = scan_jobs().select_for_update() if locked else scan_jobs()
    job = rows.filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such scan.")
    if job.state != Job.State.RUNNING or job.attempt != attempt:
        raise Superseded(f"Attempt {attempt} of this scan is over: it is {job.state}, attempt {job.attempt}.")
    return job, root_of(job)


def params_of(job: Job) -> ScanParams:
    return ScanParams.model_validate(job.params)


def root_of(job: Job) -> LibraryRoot:
    root = LibraryRoot.objects.filter(pk=params_of(job).root_id).first()
    if root is None:
        raise Superseded("The folder of this scan has been removed.")
    return root


def scan_plan(job: Job) -> ScanPlan:
    """What its worker must know before it begins."""
    root = root_of(job)
    return ScanPlan(
        root=RootOut(
            id=root.pk,
            name=root.name,
            path=root.path,
            follow_symlinks=root.follow_symlinks,
            skip_nomedia=root.skip_nomedia,
        ),
        samples=_samples(root),
        rules=split_rules(),
        chunk_size=settings.CHUNK_SIZE,
        largest_cover=LARGEST_COVER,
        force=params_of(job).force,
        known_files=root.track_count,
    )


def split_rules() -> SplitRules:
    """The usual ones, and the names that a person wants whole, or taken apart in a way that only we know."""
    return SplitRules(exceptions=list(ArtistSplit.objects.order_by("pk").values_list("name", flat=True)))


def scan_errors(root: LibraryRoot | None = None) -> QuerySet[ScanError]:
    rows = ScanError.objects.select_related("root")
    return rows.filter(root=root) if root else rows


def _samples(root: LibraryRoot) -> list[Sample]:
    """Some files from all over it: from the first row to the last, at equal steps."""
    known = Track.objects.filter(root=root, available=True, file_mtime_ns__isnull=False, file_size__isnull=False)
    ends: dict[str, Any] = known.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return []
    step = max(1, (ends["last"] - ends["first"]) // (SAMPLES - 1))
    found: dict[str, Track] = {}
    for start in range(ends["first"], ends["last"] + 1, step):
        track = known.filter(pk__gte=start).order_by("pk").first()
        if track and track.path:
            found[track.path] = track
    return [_sample(track, path) for path, track in found.items()]


def _sample(track: Track, path: str) -> Sample:
    return Sample(
        folder=track.folder,
        name=path.rsplit("/", 1)[-1],
        size=track.file_size or 0,
        mtime_ns=track.file_mtime_ns or 0,
    )
