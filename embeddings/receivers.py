"""Follows tracks that change and are merged; after scans and analyses what is new gets its vectors."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.dispatch import receiver

from analysis.schemas.work import ANALYZE_KIND
from core.models import Job
from core.signals import job_ended
from embeddings.schemas.work import VECTORIZE_KIND
from embeddings.selectors.encoders import encoder_settings
from embeddings.services.following import note_changed
from embeddings.services.merging import follow_artists, keep_vectors
from embeddings.services.tending import start_tending, tend_soon
from library.schemas.scan import SCAN_KIND
from library.signals import Merged, artists_merged, tracks_changed, tracks_merged

WORK = ("vectors", "unchanged", "without")


@receiver(tracks_merged, dispatch_uid="embeddings.receivers.on_tracks_merged")
def on_tracks_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    keep_vectors(merges=merges)


@receiver(artists_merged, dispatch_uid="embeddings.receivers.on_artists_merged")
def on_artists_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    follow_artists(merges=merges)


@receiver(tracks_changed, dispatch_uid="embeddings.receivers.on_tracks_changed")
def on_tracks_changed(track_ids: Sequence[int], **kwargs: Any) -> None:
    note_changed(track_ids=track_ids)
    transaction.on_commit(tend_soon, robust=True)


@receiver(job_ended, dispatch_uid="embeddings.receivers.on_job_ended")
def on_job_ended(job: Job, **kwargs: Any) -> None:
    """After the commit, and without harm to the job: what is forgotten here is started by the schedule."""
    if job.kind == VECTORIZE_KIND:
        # What it could not do, the next one could not do either.
        has_worked = job.state == Job.State.DONE and any(job.figures.get(name) for name in WORK)
        transaction.on_commit(partial(start_tending, start=has_worked), robust=True)
    elif job.kind in {SCAN_KIND, ANALYZE_KIND} and encoder_settings().automatic:
        transaction.on_commit(start_tending, robust=True)
