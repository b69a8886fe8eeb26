"""Two tracks become one: what stands in queues and what was heard is of the one that stays."""

from collections.abc import Sequence

from library.services.handing_over import PAIRS, pairs_of
from library.services.statements import execute
from library.signals import Merged
from player.events import tell_to_look
from player.models import QueueEntry
from player.models.queue import PlayQueue

MOVE = f"UPDATE {{table}} m SET track_id = p.kept FROM {PAIRS} WHERE m.track_id = p.gone"  # noqa: S608


def keep_what_is_played(*, merges: Sequence[Merged]) -> None:
    pairs = pairs_of(merges)
    _note_other_tracks([merge.gone_id for merge in merges])
    execute(MOVE.format(table="queue_entries"), pairs)
    execute(MOVE.format(table="listening_history"), pairs)


def _note_other_tracks(track_ids: Sequence[int]) -> None:
    """A version of their own: whoever knows the one before has other tracks in mind."""
    owners = QueueEntry.objects.filter(track__in=track_ids).values("queue").distinct()
    queues = PlayQueue.objects.select_for_update().filter(pk__in=owners)
    for queue in queues:
        queue.version += 1
        queue.save(update_fields=["version"])
        tell_to_look(user_id=queue.pk)
