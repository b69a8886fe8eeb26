"""Waits for jobs in a terminal, scans above all: one line with a bar, how fast it goes and the time that is left."""

import signal
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from core.models import Job
from core.schemas import FINAL_STATES

FIGURES = ("found", "new", "changed", "unchanged", "moved", "missing", "errors")
LOOK_EVERY_S = 0.3
WIDTH = 28
# Nobody has taken it: there is a reason, and it is said.
WAITING_IS_LONG_S = 10.0


Described = Callable[[Sequence[Job], float], str]
"""what is said of jobs that have been waited for so many seconds"""


class Interrupted(Exception):
    """Whoever waits has had enough."""


def add_choices(parser: ArgumentParser, what: Mapping[str, str], *, usual: str) -> None:
    """Which tracks a command is about, as --name, and whether it waits."""
    group = parser.add_mutually_exclusive_group()
    for name, said in what.items():
        group.add_argument(f"--{name}", dest="what", action="store_const", const=name, help=said)
    parser.set_defaults(what=usual)
    parser.add_argument("--wait", action="store_true", help="show how far it is, and end when it does")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON; waits too")


def wait_for(jobs: Sequence[Job], stream: TextIO, described: Described | None = None) -> list[Job]:
    """Until all of them have ended; says on the stream how they are getting on."""
    ids = [job.pk for job in jobs]
    began = time.monotonic()
    with stoppable():
        line = Line(stream, described)
        while True:
            rows = {job.pk: job for job in Job.objects.filter(pk__in=ids)}
            now = [rows[pk] for pk in ids if pk in rows]
            line.show(now, time.monotonic() - began)
            if all(job.state in FINAL_STATES for job in now):
                line.end()
                return now
            time.sleep(LOOK_EVERY_S)


def totals(jobs: Sequence[Job]) -> dict[str, int | float]:
    """The figures of all scans together; the seconds are those of the longest, since they run side by side."""
    found: dict[str, int | float] = {name: sum(int(job.figures.get(name, 0)) for job in jobs) for name in FIGURES}
    found["seconds"] = round(max((float(job.figures.get("seconds", 0)) for job in jobs), default=0.0), 3)
    return found


class Line:
    """Drawn anew in a terminal; in a log, one line a step."""

    def __init__(self, stream: TextIO, described: Described | None = None) -> None:
        self.stream = stream
        self.described = described or _described
        self.is_terminal = stream.isatty()
        self.said = ""

    def show(self, jobs: Sequence[Job], waited_s: float) -> None:
        text = self.described(jobs, waited_s)
        if self.is_terminal:
            self.stream.write(f"\r\033[K{text}")
        else:
            step = text.partition("  ")[0]
            if step == self.said:
                return
            self.said = step
            self.stream.write(f"{step}\n")
        self.stream.flush()

    def end(self) -> None:
        if self.is_terminal:
            self.stream.write("\n")


def waiting_for(jobs: Sequence[Job], waited_s: float) -> str:
    """What all of them wait for; empty once one of them runs, or none is left."""
    states = {job.state for job in jobs}
    if Job.State.RUNNING in states or Job.State.QUEUED not in states:
        return ""
    reason = next((job.message for job in jobs if job.state == Job.State.QUEUED and job.message), "")
    if not reason and waited_s > WAITING_IS_LONG_S:
        reason = "no worker has taken it yet; is one running (bin/up)?"
    return f"Waiting: {reason}" if reason else "Waiting for a worker"


def progress_of(running: Sequence[Job], current: int, total: int, unit: str) -> list[str]:
    """The step, and a bar where it is known how much there is."""
    step = running[0].step or "Beginning" if running else "Done"
    amounts = f"{current:,} {unit}"
    if total:
        filled = min(WIDTH, WIDTH * current // total)
        amounts = f"{'█' * filled}{'░' * (WIDTH - filled)} {current:,} of {total:,} {unit}"
    return [f"{step:<10}", amounts]


def _described(jobs: Sequence[Job], waited_s: float) -> str:
    if waiting := waiting_for(jobs, waited_s):
        return waiting
    running = [job for job in jobs if job.state == Job.State.RUNNING]
    current = sum(job.current for job in jobs)
    rate = sum(float(job.figures.get("files_per_second", 0)) for job in running)
    total = sum(job.total for job in jobs if job.total) if all(job.total for job in jobs) else 0
    parts = progress_of(running, current, total, "files")
    if rate:
        parts.append(f"{rate:,.0f} files/s")
    if rate and total > current:
        parts.append(f"{time_span((total - current) / rate)} left")
    return "  ".join(parts)


def time_span(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


@contextmanager
def stoppable() -> Iterator[None]:
    def stop(number: int, frame: FrameType | None) -> None:
        raise Interrupted

    before = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
