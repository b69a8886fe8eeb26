"""Takes what workers have found: once, however often it is delivered, and all of a track or nothing of it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from prometheus_client import Histogram

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import (
    AnalysisError,
    AnalysisLease,
    TrackAudioFeatures,
    TrackDescriptors,
    TrackLoudness,
    TrackWaveform,
)
from analysis.schemas.fields import FIELDS, MEASURED
from analysis.schemas.work import AnalysedTrack, FailedTrack, Figures, ResultsIn, ResultsOut
from analysis.selectors.features import ANALYSIS
from analysis.selectors.work import running_analysis
from analysis.services.album_gain import OF_THE_ALBUM, settle_album_gains
from analysis.services.claims import claim, settle, withdraw
from analysis.services.following import REPLACED
from analysis.services.rows import held_rows, note_changes, write_rows
from analysis.services.values import checked
from core.cache import invalidate
from core.errors import InvalidInput
from core.models import Job
from library.models import Track

WRITING = 0x57726974
LIBROSA = TrackAudioFeatures.Source.LIBROSA
OF_THE_TRACK = [field for field in FIELDS if field not in OF_THE_ALBUM]
BESIDE = (TrackWaveform, TrackDescriptors, TrackLoudness)
Told = TypeVar("Told", AnalysedTrack, FailedTrack)
audio_analysis_duration_seconds = Histogram(
    "audio_analysis_duration_seconds",
    "Time that the analysis of one track has taken.",
    buckets=(0.5, 1, 2, 3, 5, 10, 20, 40, 80, 160, 320, 640),
)


@transaction.atomic
def take_results(*, results: ResultsIn) -> ResultsOut:
    """Of tracks that this job has in hand; what comes a second time, or of a file that has changed since, is let go."""
    job, _params = running_analysis(results.job_id, results.attempt)
    with connection.cursor() as cursor:
        # Tracks of one album that arrive at the same time each want the others' rows.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITING])
    mine = _in_hand(job, [one.track_id for one in (*results.analysed, *results.failed)])
    files = _files(mine)
    analysed, failed = _of_these(files, results.analysed), _of_these(files, results.failed)
    refused = _refusals(analysed)
    usable = [one for one in analysed if one.track_id not in refused]
    failed += [_failure(one, refused[one.track_id]) for one in analysed if one.track_id in refused]
    _keep(usable)
    _note_failures(failed)
    AnalysisLease.objects.filter(track__in=mine).delete()
    invalidate(ANALYSIS)
    kept = {one.track_id for one in (*analysed, *failed)}
    return ResultsOut(
        kept=len(kept),
        figures=_counted(job, usable, len(failed)),
        outdated=sorted(mine - kept),
        refused=refused,
        cancel=job.cancel_requested,
    )


def figures_of(job: Job) -> Figures:
    return Figures.model_validate(job.checkpoint.get("figures", {}))


def _counted(job: Job, analysed: Sequence[AnalysedTrack], failed: int) -> Figures:
    """In the same transaction, so that whoever goes on knows it exactly."""
    before = figures_of(job)
    found = Figures(
        analysed=before.analysed + len(analysed),
        errors=before.errors + failed,
        partial=before.partial + sum(1 for one in analysed if one.partial),
        music_s=before.music_s + sum(one.decoded_ms for one in analysed) / 1000,
    )
    job.checkpoint = {**job.checkpoint, "figures": found.model_dump()}
    job.save(update_fields=["checkpoint"])
    return found


def _in_hand(job: Job, track_ids: Sequence[int]) -> set[int]:
    rows = AnalysisLease.objects.filter(job=job, attempt=job.attempt, track__in=track_ids)
    return set(rows.values_list("track", flat=True))


def _files(track_ids: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """As they are known now; the rows are held, so that no scan changes them meanwhile."""
    rows = Track.objects.select_for_update(no_key=True).filter(pk__in=track_ids).order_by("pk")
    return {number: (size, mtime) for number, size, mtime in rows.values_list("pk", "file_size", "file_mtime_ns")}


def _of_these(files: dict[int, tuple[int | None, int | None]], told: Iterable[Told]) -> list[Told]:
    """Each once, and as its file still is."""
    fitting = {one.track_id: one for one in told if files.get(one.track_id) == (one.file_size, one.file_mtime_ns)}
    return list(fitting.values())


def _refusals(told: Iterable[AnalysedTrack]) -> dict[int, str]:
    """What cannot be kept is the analyser's mistake, and costs only its own track."""
    found = {}
    for one in told:
        try:
            _values(one)
        except InvalidInput as error:
            found[one.track_id] = f"The analyser said what cannot be: {error.message}"
    return found


def _values(one: AnalysedTrack) -> dict[str, Any]:
    for name in one.values:
        if name not in OF_THE_TRACK:
            raise InvalidInput(f"{name[:40]!r} is not for it to say.", field=name[:40])
    return {name: value for name, value in checked(one.values).items() if value is not None}


def _failure(one: AnalysedTrack, reason: str) -> FailedTrack:
    told = {name: getattr(one, name) for name in ("track_id", "file_size", "file_mtime_ns", "version")}
    return FailedTrack(**told, reason=reason[:2_000])


def _keep(analysed: Sequence[AnalysedTrack]) -> None:
    """The new values replace the old in one go."""
    if not analysed:
        return
    rows = held_rows([one.track_id for one in analysed])
    changed = {}
    for one in analysed:
        row = rows[one.track_id]
        _say(row, one)
        changed[one.track_id] = settle(row)
        audio_analysis_duration_seconds.observe(one.took_s)
    write_rows(rows.values())
    note_changes(changed)
    _keep_beside(analysed)
    AnalysisError.objects.filter(track__in=rows).delete()
    settle_album_gains(track_ids=rows)


def _say(row: TrackAudioFeatures, one: AnalysedTrack) -> None:
    values = _values(one)
    withdraw(row, LIBROSA, [field for field in OF_THE_TRACK if field not in values])
    claim(row, LIBROSA, values, confidence=one.confidence, version=one.version)
    row.candidates = {
        "bpm": [each.model_dump() for each in one.tempo_candidates],
        "key": [each.model_dump() for each in one.key_candidates],
    }
    row.analyzed_at = timezone.now()
    row.analyzer_version = one.version
    row.duration_ms = one.decoded_ms
    row.partial = one.partial


def _keep_beside(analysed: Sequence[AnalysedTrack]) -> None:
    """Where there is none now, none that was there before stays."""
    for model in BESIDE:
        model._default_manager.filter(track__in=[one.track_id for one in analysed]).delete()
    TrackWaveform.objects.bulk_create(
        TrackWaveform(track_id=one.track_id, channels=one.waveform_channels, peaks=one.waveform, version=one.version)
        for one in analysed
        if one.waveform
    )
    TrackDescriptors.objects.bulk_create(
        TrackDescriptors(track_id=one.track_id, vector=one.descriptors, version=one.descriptors_version)
        for one in analysed
        if one.descriptors
    )
    TrackLoudness.objects.bulk_create(
        TrackLoudness(track_id=one.track_id, histogram=one.loudness_histogram, version=one.version)
        for one in analysed
        if one.loudness_histogram
    )


def _note_failures(failed: Sequence[FailedTrack]) -> None:
    """The values of an older version go on serving; those of a recording that is there no more do not."""
    if not failed:
        return
    AnalysisError.objects.bulk_create(
        [
            AnalysisError(
                track_id=one.track_id,
                reason=one.reason,
                file_size=one.file_size,
                file_mtime_ns=one.file_mtime_ns,
                version=max(one.version, ANALYZER_VERSION),
            )
            for one in failed
        ],
        update_conflicts=True,
        unique_fields=["track"],
        update_fields=["reason", "file_size", "file_mtime_ns", "version", "at"],
    )
    of_no_more = TrackAudioFeatures.objects.filter(
        track__in=[one.track_id for one in failed], analyzer_version=REPLACED
    )
    forget_measured(track_ids=list(of_no_more.values_list("track", flat=True)))


def forget_measured(*, track_ids: Sequence[int]) -> None:
    """What was heard of them holds no more; what tags and people say stays."""
    if not track_ids:
        return
    rows = held_rows(track_ids, make=False)
    for row in rows.values():
        for source in MEASURED:
            withdraw(row, source)
        row.analyzer_version = row.analyzed_at = row.duration_ms = None
        row.partial, row.candidates = "", {}
        settle(row)
    for model in BESIDE:
        model._default_manager.filter(track__in=track_ids).delete()
    write_rows(rows.values())
