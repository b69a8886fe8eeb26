"""What is still to be analysed, in which order, and who is at it."""

from datetime import datetime
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError, AnalysisLease, TrackAudioFeatures
from analysis.schemas.governor import AnalysisErrorOut
from analysis.schemas.work import ANALYZE_KIND, AnalyzeParams
from analysis.selectors.features import ANALYSIS
from core.cache import cached
from core.errors import NotFound, Superseded
from core.models import Job, Worker
from core.schemas import ACTIVE_STATES
from core.selectors import USED_WITHIN, jobs
from library.models import Track, TrackUse

Tracks = QuerySet[Track]


def with_files() -> Tracks:
    """Those whose file is there to be read."""
    there = Q(available=True, path__isnull=False, file_size__isnull=False, file_mtime_ns__isnull=False)
    return Track.objects.filter(there).order_by()


def to_do(params: AnalyzeParams) -> Tracks:
    """What such a job is about, without what it has done since it was asked for."""
    if params.what == "missing":
        return _untried(with_files().filter(_never_analysed()))
    if params.what == "stale":
        return _untried(with_files().filter(_of_older_version()))
    since = datetime.fromisoformat(params.since)
    rows = with_files().filter(pk__in=params.track_ids) if params.what == "some" else with_files()
    done = TrackAudioFeatures.objects.filter(
        track=OuterRef("pk"), analyzed_at__gte=since, analyzer_version=ANALYZER_VERSION
    )
    failed = AnalysisError.objects.filter(track=OuterRef("pk"), at__gte=since)
    return rows.filter(~Exists(done), ~Exists(failed))


def _never_analysed() -> Q:
    analysed = TrackAudioFeatures.objects.filter(track=OuterRef("pk"), analyzer_version__isnull=False)
    return Q(~Exists(analysed))


def _of_older_version() -> Q:
    older = TrackAudioFeatures.objects.filter(track=OuterRef("pk"), analyzer_version__lt=ANALYZER_VERSION)
    return Q(Exists(older))


def _untried(rows: Tracks) -> Tracks:
    """Without those that could not be analysed, by this analyser and as they are now."""
    failed = AnalysisError.objects.filter(
        track=OuterRef("pk"),
        file_size=OuterRef("file_size"),
        file_mtime_ns=OuterRef("file_mtime_ns"),
        version__gte=ANALYZER_VERSION,
    )
    return rows.filter(~Exists(failed))


def in_hand() -> QuerySet[AnalysisLease]:
    """Leases that hold: until their deadline, or until the attempt that took them is over."""
    running = Q(job__state=Job.State.RUNNING, job__attempt=F("attempt"))
    return AnalysisLease.objects.filter(running, until__gt=timezone.now())


def next_tracks(params: AnalyzeParams, limit: int) -> list[Track]:
    """What nobody has in hand: the most played first, then the newest."""
    if not limit:
        return []
    free = to_do(params).filter(~Exists(in_hand().filter(track=OuterRef("pk"))))
    # Who has been played is a short list, who has not may be the whole library: two questions, each with an index.
    places = {number: place for place, number in enumerate(_most_played(free, limit))}
    played = sorted(Track.objects.filter(pk__in=places), key=lambda track: places[track.pk])
    if len(played) >= limit:
        return played
    rest = free.exclude(pk__in=list(places)).order_by("-date_added", "-id")
    return [*played, *rest[: limit - len(played)]]


def _most_played(free: Tracks, limit: int) -> list[int]:
    played = TrackUse.objects.filter(plays__gt=0, track__in=free.values("pk")).values("track")
    return list(played.annotate(sum=Sum("plays")).order_by("-sum", "-track").values_list("track", flat=True)[:limit])


def get_tracks_without_features(limit: int = 100) -> list[Track]:
    """Tracks that were never analysed and could be, in the order in which they will be."""
    return next_tracks(AnalyzeParams(what="missing"), limit)


def count_to_do(params: AnalyzeParams) -> int:
    """How many are left; counted anew when something was written."""
    if params.what in {"missing", "stale"}:
        return cached(ANALYSIS, f"to_do:{params.what}", to_do(params).count)
    return to_do(params).count()


def analysis_jobs(*, active: bool = False) -> QuerySet[Job]:
    return jobs(kind=ANALYZE_KIND, state="active" if active else "")


def running_analysis(job_id: UUID, attempt: int) -> tuple[Job, AnalyzeParams]:
    """The job, locked, for the worker whose attempt it is; anybody else is told that it is over."""
    job = analysis_jobs().select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFound("There is no such analysis.")
    if job.state != Job.State.RUNNING or job.attempt != attempt:
        raise Superseded(f"Attempt {attempt} of this analysis is over: it is {job.state}, attempt {job.attempt}.")
    return job, AnalyzeParams.model_validate(job.params)


def active_parts() -> int:
    return analysis_jobs().filter(state__in=ACTIVE_STATES).exclude(subject__startswith="some:").count()


def machines() -> int:
    """How many workers could take such a job now."""
    rows = Worker.objects.filter(seen_at__gt=timezone.now() - USED_WITHIN).exclude(pk=Worker.CONTROL)
    return max(1, sum(1 for worker in rows if "compute" in worker.queues))


def analysis_errors() -> QuerySet[AnalysisError]:
    """Files that could not be analysed, the last first."""
    return AnalysisError.objects.select_related("track", "track__album").order_by("-at", "-pk")


def error_out(row: AnalysisError) -> AnalysisErrorOut:
    return AnalysisErrorOut(
        track_id=row.track_id,
        title=row.track.title,
        path=row.track.path,
        reason=row.reason,
        version=row.version,
        at=row.at,
    )
