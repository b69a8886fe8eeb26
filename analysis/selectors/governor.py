"""Whether and how hard the analysis may work just now."""

from datetime import datetime, time

from django.core.cache import cache
from django.utils import timezone
from pydantic import ValidationError

from analysis.schemas.governor import GovernorOut, GovernorSettings
from analysis.schemas.work import AnalyzeParams, Governor
from analysis.selectors.work import analysis_jobs, count_to_do
from core.selectors import setting

GOVERNOR = "analysis.governor"
LISTENING = "analysis:listening"
# How long a worker waits before it asks again.
SOON_S, LATER_S = 10.0, 60.0


def governor_settings() -> GovernorSettings:
    """As they were chosen; what an older version has left behind is as if nothing had been chosen."""
    try:
        return GovernorSettings.model_validate(setting(GOVERNOR, {}) or {})
    except ValidationError:
        return GovernorSettings()


def somebody_listens() -> bool:
    return bool(cache.get(LISTENING))


def governor(chosen: GovernorSettings | None = None, *, now: datetime | None = None) -> Governor:
    """What a worker is told."""
    chosen = chosen or governor_settings()
    reason = why_paused(chosen, now=now)
    return Governor(
        processes=chosen.processes,
        nice=chosen.nice,
        max_temperature_c=chosen.max_temperature_c,
        pause=reason,
        retry_in_s=LATER_S if reason == "hours" else SOON_S,
    )


def why_paused(chosen: GovernorSettings, *, now: datetime | None = None) -> str | None:
    """paused (by a person), hours, listening; None where nothing is in the way."""
    if chosen.paused:
        return "paused"
    if not within_hours(chosen, timezone.localtime(now).time()):
        return "hours"
    if chosen.yield_to_listening and somebody_listens():
        return "listening"
    return None


def within_hours(chosen: GovernorSettings, clock: time) -> bool:
    """Also over midnight; from and to the same hour is all day."""
    if chosen.from_hour is None or chosen.to_hour is None:
        return True
    begin, end = time.fromisoformat(chosen.from_hour), time.fromisoformat(chosen.to_hour)
    if begin == end:
        return True
    return begin <= clock < end if begin < end else clock >= begin or clock < end


def governor_out() -> GovernorOut:
    """What was chosen, with how things stand."""
    chosen = governor_settings()
    return GovernorOut(
        **chosen.model_dump(),
        pause=why_paused(chosen),
        missing=count_to_do(AnalyzeParams(what="missing")),
        stale=count_to_do(AnalyzeParams(what="stale")),
        jobs=analysis_jobs(active=True).count(),
    )
