"""Two tracks become one: what others know of both is known of the one that stays."""

from collections.abc import Sequence

from library.services.handing_over import hand_over
from library.signals import Merged


def keep_metadata(*, merges: Sequence[Merged]) -> None:
    """Where both have a word of one source, that of the track that stays counts."""
    hand_over(table="track_metadata", alike=("metadata_key", "metadata_source"), merges=merges)
