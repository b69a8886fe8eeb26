"""What files say of their sound becomes features in the transaction of their batch; tracks that change are followed."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from analysis.schemas.work import ANALYZE_KIND
from analysis.selectors.features import ANALYSIS
from analysis.selectors.spreads import forget_spreads
from analysis.services.following import keep_features, note_other_audio
from analysis.services.leasing import end_leases
from analysis.services.starting import start_outstanding
from analysis.services.tags import keep_tag_features
from core.cache import invalidate
from core.models import Job
from core.signals import job_ended
from library.schemas.scan import SCAN_KIND
from library.signals import ImportedTrack, Merged, tracks_changed, tracks_imported, tracks_merged, tracks_removed


@receiver(tracks_imported, dispatch_uid="analysis.receivers.on_tracks_imported")
def on_tracks_imported(tracks: Sequence[ImportedTrack], **kwargs: Any) -> None:
    note_other_audio(track_ids=[track.track_id for track in tracks if track.audio_changed])
    keep_tag_features(tracks=tracks)
    invalidate(ANALYSIS)


@receiver(tracks_merged, dispatch_uid="analysis.receivers.on_tracks_merged")
def on_tracks_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    keep_features(merges=merges)


@receiver([tracks_changed, tracks_removed], dispatch_uid="analysis.receivers.on_tracks_changed")
def on_tracks_changed(**kwargs: Any) -> None:
    """Which of them have a file that is there, and so what is left to do."""
    invalidate(ANALYSIS)


@receiver(job_ended, dispatch_uid="analysis.receivers.on_job_ended")
def on_job_ended(job: Job, **kwargs: Any) -> None:
    """After a scan what is new is analysed; after what was missing comes what is of an older version.

    After the commit, and without harm to the job: what is forgotten here is started by the schedule.
    """
    if job.kind in {ANALYZE_KIND, SCAN_KIND}:
        forget_spreads()
    if job.kind == ANALYZE_KIND:
        end_leases(job=job)
    if job.kind == SCAN_KIND or (job.kind == ANALYZE_KIND and job.state == Job.State.DONE and job.current):
        transaction.on_commit(start_outstanding, robust=True)
