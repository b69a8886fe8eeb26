"""What becomes of the tracks whose files a walk has not found."""

from library.services.settling.merging import merge_tracks
from library.services.settling.settle import settle_scan

__all__ = ["merge_tracks", "settle_scan"]
