"""Follows tracks that are merged."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from enrichment.services.merging import keep_metadata
from library.signals import Merged, tracks_merged


@receiver(tracks_merged, dispatch_uid="enrichment.receivers.on_tracks_merged")
def on_tracks_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    keep_metadata(merges=merges)
