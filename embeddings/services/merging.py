"""Two tracks become one: vectors are of what is heard and read, and both are the same now."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from embeddings.services.artists import settle_these
from library.services.handing_over import hand_over
from library.signals import Merged

ALIKE = ("embedding_type", "embedding_model")


def keep_vectors(*, merges: Sequence[Merged]) -> None:
    """The track that stays keeps its own, and gets those that it lacks, with what they were made of."""
    for table in ("track_embeddings", "embedding_states"):
        hand_over(table=table, alike=ALIKE, merges=merges)


def follow_artists(*, merges: Sequence[Merged]) -> None:
    """The one who stays lies where the tracks of both do."""
    kept = sorted({merge.kept_id for merge in merges})
    transaction.on_commit(partial(settle_these, artist_ids=kept), robust=True)
