"""What can be asked for: the kinds of jobs that apps declare, and the three queues of workers beside control's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.meters import JobMeter

if TYPE_CHECKING:
    from core.database_jobs import DatabaseJob


class Queue(StrEnum):
    FILES = "files"
    """walks a root: taken only by a worker that sees it"""
    COMPUTE = "compute"
    """analysis, embeddings, synthesis"""
    NETWORK = "network"
    """asks other services"""
    CONTROL = "control"
    """needs the database itself: run by control, never by a worker"""


@dataclass(frozen=True)
class JobKind:
    """A kind of job: its name is the name of the worker's task, its title is for people."""

    name: str
    queue: Queue
    title: str | Promise
    icon: str = "activity"
    unit: str | Promise = field(default_factory=lambda: _("items"))
    steps: Mapping[str, str | Promise] = field(default_factory=dict)
    """what its code calls its steps, in the words of the reader"""
    figures: Mapping[str, str | Promise] = field(default_factory=dict)
    """what its code calls its figures, in the words of the reader; names ending in _s, mb and _per_s have units"""
    result: str = ""
    """the figure that says what came of it, for a job of which "how many were done" says nothing"""
    scope: str = "write"
    """what a caller must be allowed to do in order to start it"""
    subject: Callable[[dict[str, Any]], str] = lambda params: ""
    """two jobs of one kind and one subject are never active together"""
    check_params: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """refuses what the job could not use, before it is queued"""
    duration: str = ""
    """the name of Prometheus' histogram of how long such a job takes, such as scan_duration_seconds"""
    counters: Mapping[str, str] = field(default_factory=dict)
    """by figures of the job, which it counts from its very beginning, the names of the counters that add them up"""
    run: "Callable[[DatabaseJob], None] | None" = None
    """what control runs; None for workers' jobs"""


_kinds: dict[str, JobKind] = {}
_meters: dict[str, JobMeter] = {}


def register(*kinds: JobKind) -> None:
    """Called by each app's AppConfig.ready with what its jobs.py declares."""
    for kind in kinds:
        if kind.name not in _kinds:
            _meters[kind.name] = JobMeter.declare(kind.name, duration=kind.duration, counters=kind.counters)
        _kinds[kind.name] = kind


def all_kinds() -> list[JobKind]:
    return sorted(_kinds.values(), key=lambda kind: kind.name)


def kind_named(name: str) -> JobKind:
    try:
        return _kinds[name]
    except KeyError:
        known = ", ".join(sorted(_kinds))
        raise InvalidInput(f"There is no kind of job called {name!r}.", hint=f"Known: {known}.", field="kind") from None


def meter_of(kind: str) -> JobMeter:
    """Of a kind that an older version has left behind there is none."""
    return _meters.get(kind, JobMeter())


def no_params(params: dict[str, Any]) -> dict[str, Any]:
    """For kinds that take none."""
    if params:
        raise InvalidInput(f"This job takes no parameters, but got {', '.join(sorted(params))}.", field="params")
    return {}
