"""Follows tracks that are merged."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from library.signals import Merged, tracks_merged
from player.services.merging import keep_what_is_played


@receiver(tracks_merged, dispatch_uid="player.receivers.on_tracks_merged")
def on_tracks_merged(merges: Sequence[Merged], **kwargs: Any) -> None:
    keep_what_is_played(merges=merges)
