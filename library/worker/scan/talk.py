"""What a scan says to the server, and what it is told."""

from typing import Any

from core.worker.errors import ApiRefused, Cancelled, WorkerError
from core.worker.running import RunningJob
from library.engine.bundles import bundled
from library.engine.walk import Folder
from library.schemas.scan import BatchOut, FolderAnswer, FolderKnown, ScanPlan, Settled

STOPPED = "Stopped by request; what was done is kept."
CONFLICT = 409


class Talk:
    def __init__(self, job: RunningJob) -> None:
        self.job = job
        self.address = f"/api/scans/{job.id}"

    def plan(self) -> ScanPlan:
        return ScanPlan.model_validate(self.job.api.get(self.address))

    def check(self, after: str | None, upto: str | None, folders: list[Folder]) -> dict[str, FolderKnown]:
        """Those of a range that have changed, by their paths."""
        named = [
            {"path": folder.path, "digest": folder.digest, "files": len(folder.audio)}
            for folder in folders
            if folder.readable
        ]
        unreadable = [folder.path for folder in folders if not folder.readable]
        body: dict[str, Any] = {"attempt": self.job.attempt, "after": after, "upto": upto, "folders": named}
        if unreadable:
            body["unreadable"] = unreadable
        answer = FolderAnswer.model_validate(self.job.api.post(f"{self.address}/folders", body))
        _stop_if(answer.cancel)
        return {known.path: known for known in answer.changed}

    def deliver(self, batch: dict[str, Any]) -> BatchOut:
        body = {"job_id": str(self.job.id), "attempt": self.job.attempt, **batch}
        return BatchOut.model_validate(self.job.api.post("/api/tracks/batch", body))

    def put_covers(self, contents: list[bytes]) -> None:
        """Together: a request costs the server more than a picture does."""
        self.job.api.put_bytes("/api/covers", bundled(contents))

    def settle(self) -> Settled:
        """A server that will not believe that so much is gone says why, and what to do."""
        try:
            answer = self.job.api.post(f"{self.address}/settle", {"attempt": self.job.attempt})
        except ApiRefused as error:
            if error.status != CONFLICT:
                raise
            raise WorkerError(error.reason.partition(": ")[2] or error.reason) from error
        return Settled.model_validate(answer)


def _stop_if(cancelled: bool) -> None:
    if cancelled:
        raise Cancelled(STOPPED)


def stop_if(answer: BatchOut) -> None:
    _stop_if(answer.cancel)
