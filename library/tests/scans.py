"""A worker in a few lines: claims a scan, says what a folder holds, settles."""

from collections import defaultdict
from typing import Any

from core.models import Job
from core.schemas import JobFinish, JobReport
from core.services.jobs import claim_job, finish_job, report_job
from library.models import LibraryRoot
from library.schemas.scan import BatchOut, FolderAnswer, FolderCheck, ScanStart, Settled, TrackBatch
from library.services.intake import take_batch
from library.services.scans import check_folders, start_scans
from library.services.settling import settle_scan


class Scan:
    """One scan of a root, step by step."""

    def __init__(self, root: LibraryRoot, **asked: Any) -> None:
        self.root = root
        self.job: Job = start_scans(asked=ScanStart(root_id=root.pk, **asked))[0]
        self.attempt = claim_job(job_id=self.job.pk, worker="w").attempt

    def check(self, digests: dict[str, str], **more: Any) -> FolderAnswer:
        folders = [{"path": path, "digest": digest} for path, digest in digests.items()]
        check = FolderCheck.model_validate({"attempt": self.attempt, "folders": folders, **more})
        return check_folders(job_id=self.job.pk, check=check)

    def send(self, *tracks: dict[str, Any], **more: Any) -> BatchOut:
        batch = {"job_id": self.job.pk, "attempt": self.attempt, "tracks": list(tracks), **more}
        return take_batch(batch=TrackBatch.model_validate(batch))

    def report(self, **figures: Any) -> None:
        report_job(job_id=self.job.pk, report=JobReport(attempt=self.attempt, metrics=figures))

    def settle(self) -> Settled:
        return settle_scan(job_id=self.job.pk, attempt=self.attempt)

    def finish(self) -> None:
        finish_job(job_id=self.job.pk, finish=JobFinish(attempt=self.attempt, state="done"))


def scan_whole(root: LibraryRoot, tracks: list[dict[str, Any]], **asked: Any) -> Settled:
    """The root holds these tracks, and nothing else."""
    scan = Scan(root, **asked)
    try:
        folders: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for track in tracks:
            folders[track["folder"]].append(track)
        digests = {path: str(hash(tuple(sorted(_facts(row) for row in rows))))[:32] for path, rows in folders.items()}
        for known in scan.check(digests).changed:
            rows = folders[known.path]
            there = {(file.name, file.size, file.mtime_ns) for file in known.files}
            gone = [{"folder": known.path, "name": name} for name, *_ in there if name not in {r["name"] for r in rows}]
            new = [row for row in rows if (row["name"], row["size"], row["mtime_ns"]) not in there]
            scan.send(*new, gone=gone, folders=[{"path": known.path, "digest": digests[known.path]}])
        return scan.settle()
    finally:
        scan.finish()


def _facts(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["name"], row["size"], row["mtime_ns"]
