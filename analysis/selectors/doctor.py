"""What the doctor says of the analysis."""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError, ProgrammingError

from analysis.models import AnalysisError
from analysis.schemas.work import AnalyzeParams
from analysis.selectors.governor import governor_settings
from analysis.selectors.work import analysis_jobs, to_do
from core.doctor.findings import Finding, ok, warning
from core.models import Job


def analysis() -> Iterator[Finding]:
    """What is left, and why nobody is at it; PostgreSQL's absence has a line of its own."""
    try:
        left = sum(to_do(AnalyzeParams(what=what)).count() for what in ("missing", "stale"))
        failed = AnalysisError.objects.count()
        waiting = analysis_jobs(active=True).filter(state=Job.State.QUEUED).exists()
        running = analysis_jobs(active=True).filter(state=Job.State.RUNNING).exists()
    except (OperationalError, InterfaceError, ProgrammingError):
        return
    chosen = governor_settings()
    if left and chosen.paused:
        yield warning("analysis", f"paused, {left:,} tracks are left", "Resume it under Settings → Analysis.")
    elif left and not chosen.enabled:
        yield ok("analysis", f"switched off, {left:,} tracks were not analysed")
    elif left and waiting and not running:
        hint = "Start a worker for the queue compute: bin/up does, or see “A worker elsewhere”."
        yield warning("analysis", f"{left:,} tracks wait for a worker", hint)
    else:
        yield ok("analysis", f"{left:,} tracks left" if left else "nothing left to do")
    if failed:
        hint = "Their reasons stand with the errors of the analysis; each is tried again when its file changes."
        yield warning("analysis", f"{failed:,} files could not be analysed", hint)
