"""Starts the analysis: of what a person names, or by itself of whatever is missing or of an older version."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from analysis.jobs import ANALYZE
from analysis.schemas.features import AnalyzeIn
from analysis.schemas.work import AnalyzeParams, What
from analysis.selectors.governor import governor_settings
from analysis.selectors.work import machines, to_do, with_files
from core.errors import Conflict, InvalidInput
from core.logs import get_logger
from core.models import Job, User
from core.services.jobs import start_job

log = get_logger(__name__)
MOST_PARTS = 64
AUTOMATIC: tuple[What, ...] = ("missing", "stale")


def analyze_tracks(*, track_ids: Sequence[int], requested_by: User | None = None) -> Job:
    """These, whether or not they were analysed before."""
    if not with_files().filter(pk__in=track_ids).exists():
        raise InvalidInput("None of these tracks has a file that could be read.", field="track_ids")
    params = {"what": "some", "track_ids": sorted(set(track_ids))}
    return start_job(kind=ANALYZE.name, params=params, requested_by=requested_by)


def start_asked(*, asked: AnalyzeIn, requested_by: User | None = None) -> tuple[list[Job], int]:
    """What a request asks for: the jobs, and how many tracks they are about."""
    if asked.track_ids is not None:
        job = analyze_tracks(track_ids=asked.track_ids, requested_by=requested_by)
        return [job], with_files().filter(pk__in=asked.track_ids).count()
    since = timezone.now().isoformat() if asked.what == "all" else ""
    count = to_do(AnalyzeParams(what=asked.what, since=since)).count()
    return start_analysis(what=asked.what, requested_by=requested_by), count


def start_analysis(*, what: What = "missing", requested_by: User | None = None) -> list[Job]:
    """As many parts as there are machines for; those that are at it already go on. None where nothing is to be done."""
    since = timezone.now().isoformat() if what == "all" else ""
    left = to_do(AnalyzeParams(what=what, since=since))[:MOST_PARTS].count()
    chosen = governor_settings().workers or machines()
    started = []
    for part in range(1, min(chosen, left, MOST_PARTS) + 1):
        params: dict[str, Any] = {"what": what, "part": part, "since": since}
        try:
            started.append(start_job(kind=ANALYZE.name, params=params, requested_by=requested_by))
        except Conflict:
            log.info("analysis_part_running", part=part)
    if left and not started:
        raise Conflict("The analysis is already waiting or running.", hint="See Activity; cancel it, or let it finish.")
    return started


def start_outstanding() -> list[Job]:
    """What is missing, then what is of an older version; nothing where the analysis is switched off or paused."""
    chosen = governor_settings()
    if not chosen.enabled or chosen.paused:
        return []
    for what in AUTOMATIC:
        try:
            if started := start_analysis(what=what):
                return started
        except Conflict:
            return []
    return []
