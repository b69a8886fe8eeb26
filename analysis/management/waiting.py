"""Says of an analysis how far it is: one line with a bar, tracks a minute and the time that is left."""

from collections.abc import Sequence

from core.models import Job
from library.management.waiting import progress_of, time_span, waiting_for

FIGURES = ("analysed", "errors", "partial", "music_s")


def totals(jobs: Sequence[Job]) -> dict[str, int]:
    """The figures of all parts together."""
    return {name: round(sum(float(job.figures.get(name, 0)) for job in jobs)) for name in FIGURES}


def described(jobs: Sequence[Job], waited_s: float) -> str:
    if waiting := waiting_for(jobs, waited_s):
        return waiting
    running = [job for job in jobs if job.state == Job.State.RUNNING]
    current, total = sum(job.current for job in jobs), sum(job.total or 0 for job in jobs)
    parts = progress_of(running, current, total, "tracks")
    if rate := sum(float(job.figures.get("tracks_per_min", 0)) for job in running):
        parts += [f"{rate:,.1f} tracks/min", f"{time_span(max(0, total - current) / rate * 60)} left"]
    return "  ".join(parts)
