"""What an analysis says to the server, and what it is told."""

from typing import Any

from analysis.engine.version import ANALYZER_VERSION
from analysis.schemas.work import NextOut, ResultsOut
from core.worker.errors import Cancelled
from core.worker.running import RunningJob

STOPPED = "Stopped by request; what was done is kept."


class Talk:
    def __init__(self, job: RunningJob) -> None:
        self.job = job

    def next(self, limit: int, holding: list[int]) -> NextOut:
        body = {**self._who(), "version": ANALYZER_VERSION, "limit": limit, "holding": holding}
        answer = NextOut.model_validate(self.job.api.post("/api/analysis/next", body))
        if answer.cancel:
            raise Cancelled(STOPPED)
        return answer

    def deliver(self, analysed: list[dict[str, Any]], failed: list[dict[str, Any]]) -> ResultsOut:
        body = {**self._who(), "analysed": analysed, "failed": failed}
        return ResultsOut.model_validate(self.job.api.post("/api/analysis/results", body))

    def _who(self) -> dict[str, Any]:
        return {"job_id": str(self.job.id), "attempt": self.job.attempt}
