"""Two tracks become one: vectors are of what is heard and read, and both are the same now."""

from collections.abc import Sequence

from library.services.handing_over import hand_over
from library.signals import Merged


def keep_vectors(*, merges: Sequence[Merged]) -> None:
    """The track that stays keeps its own, and gets those that it lacks."""
    hand_over(table="track_embeddings", alike=("embedding_type", "embedding_model"), merges=merges)
