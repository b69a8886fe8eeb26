"""Gives tracks to workers, each to one attempt at a job at a time."""

from datetime import timedelta
from urllib.parse import quote

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisLease
from analysis.schemas.work import NextIn, NextOut, TrackToDo
from analysis.selectors.governor import governor
from analysis.selectors.work import active_parts, count_to_do, in_hand, next_tracks, running_analysis
from core.models import Job
from library.models import Track

# A worker asks at least a few times a minute as long as it lives, and every time renews what it holds.
LEASED_FOR = timedelta(minutes=30)
# Two workers that ask at the same time must not be given the same track.
CHOOSING = 0x416E616C


@transaction.atomic
def next_for(*, asked: NextIn) -> NextOut:
    """The next tracks for a job, unless the governor holds them back."""
    job, params = running_analysis(asked.job_id, asked.attempt)
    how = governor()
    if asked.version < ANALYZER_VERSION:
        how = how.model_copy(update={"pause": "older"})
    _give_back(job, asked.holding)
    given: list[Track] = []
    if not how.pause and not job.cancel_requested and asked.limit:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CHOOSING])
        given = next_tracks(params, asked.limit)
        _lease(job, [track.pk for track in given])
    return NextOut(
        tracks=[_described(track) for track in given],
        governor=how,
        remaining=max(0, count_to_do(params) - len(asked.holding)),
        parts=max(1, active_parts()) if params.what != "some" else 1,
        cancel=job.cancel_requested,
    )


def _give_back(job: Job, holding: list[int]) -> None:
    """What was given to this job, and never arrived; and whatever others have left behind."""
    mine = AnalysisLease.objects.filter(job=job)
    mine.filter(~Q(track__in=holding) | ~Q(attempt=job.attempt)).delete()
    mine.update(until=timezone.now() + LEASED_FOR)


def _lease(job: Job, track_ids: list[int]) -> None:
    until = timezone.now() + LEASED_FOR
    rows = [AnalysisLease(track_id=number, job=job, attempt=job.attempt, until=until) for number in track_ids]
    # One that is left of a dead job is taken over.
    AnalysisLease.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["track"], update_fields=["job", "attempt", "until"]
    )


def _described(track: Track) -> TrackToDo:
    name = (track.path or "").rsplit("/", 1)[-1]
    extension = name.rpartition(".")[2] if "." in name else (track.file_type or "audio")
    return TrackToDo(
        track_id=track.pk,
        title=track.title,
        location=track.path,
        address=f"/api/analysis/tracks/{track.pk}/audio.{quote(extension[:10], safe='')}",
        file_size=track.file_size or 0,
        file_mtime_ns=track.file_mtime_ns or 0,
        duration_ms=track.duration_ms,
        start_ms=track.cue_start_ms if track.cue_index else None,
        end_ms=track.cue_end_ms if track.cue_index else None,
    )


def end_leases(*, job: Job) -> None:
    """A job that has ended holds nothing."""
    AnalysisLease.objects.filter(job=job).delete()


def tidy_leases() -> int:
    """Those that hold no more."""
    gone, _by_table = AnalysisLease.objects.exclude(pk__in=in_hand().values("pk")).delete()
    return gone
