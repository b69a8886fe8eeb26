"""Waits for an analysis in a terminal: one line with a bar, tracks a minute and the time that is left."""

import time
from collections.abc import Sequence
from typing import TextIO

from core.models import Job
from core.schemas import FINAL_STATES
from library.management.waiting import Interrupted, stoppable, time_span

__all__ = ["Interrupted", "totals", "wait_for"]
LOOK_EVERY_S = 0.5
WIDTH = 28
WAITING_IS_LONG_S = 10.0
FIGURES = ("analysed", "errors", "partial", "music_s")


def wait_for(jobs: Sequence[Job], stream: TextIO) -> list[Job]:
    """Until all of them have ended."""
    ids = [job.pk for job in jobs]
    began, said = time.monotonic(), ""
    with stoppable():
        while True:
            rows = {job.pk: job for job in Job.objects.filter(pk__in=ids)}
            now = [rows[pk] for pk in ids if pk in rows]
            text = _described(now, time.monotonic() - began)
            if stream.isatty():
                stream.write(f"\r\033[K{text}")
                stream.flush()
            elif (step := text.partition("  ")[0]) != said:
                stream.write(f"{step}\n")
                said = step
            if all(job.state in FINAL_STATES for job in now):
                if stream.isatty():
                    stream.write("\n")
                return now
            time.sleep(LOOK_EVERY_S)


def totals(jobs: Sequence[Job]) -> dict[str, int]:
    """The figures of all parts together."""
    return {name: round(sum(float(job.figures.get(name, 0)) for job in jobs)) for name in FIGURES}


def _described(jobs: Sequence[Job], waited_s: float) -> str:
    running = [job for job in jobs if job.state == Job.State.RUNNING]
    if not running and any(job.state == Job.State.QUEUED for job in jobs):
        waiting = next((job.message for job in jobs if job.state == Job.State.QUEUED and job.message), "")
        if not waiting and waited_s > WAITING_IS_LONG_S:
            waiting = "no worker has taken it yet; is one running (bin/up)?"
        return f"Waiting: {waiting}" if waiting else "Waiting for a worker"
    step = running[0].step or "Beginning" if running else "Done"
    current, total = sum(job.current for job in jobs), sum(job.total or 0 for job in jobs)
    amounts = f"{current:,} tracks"
    if total:
        filled = min(WIDTH, WIDTH * current // total)
        amounts = f"{'█' * filled}{'░' * (WIDTH - filled)} {current:,} of {total:,} tracks"
    parts = [f"{step:<10}", amounts]
    if rate := sum(float(job.figures.get("tracks_per_min", 0)) for job in running):
        parts += [f"{rate:,.1f} tracks/min", f"{time_span(max(0, total - current) / rate * 60)} left"]
    return "  ".join(parts)
