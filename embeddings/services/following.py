"""Notes of which tracks something has changed; whether their words have, a worker finds out by their digest."""

from collections.abc import Sequence

from core.cache import invalidate
from embeddings.models import EmbeddingState
from embeddings.selectors.encoders import GROUP
from library.services.statements import execute

# A row of features or of the words for search that is newer than what was made of it.
CHANGED_WORDS = """
    UPDATE embedding_states s SET due = true
    WHERE s.embedding_type = 'text' AND NOT s.due AND (
      EXISTS (SELECT 1 FROM search_documents d WHERE d.track_id = s.track_id AND d.date_modified > s.at)
      OR EXISTS (SELECT 1 FROM track_audio_features f WHERE f.track_id = s.track_id AND f.date_modified > s.at))
    RETURNING 1
"""
CHANGED_SOUND = """
    UPDATE embedding_states s SET due = true FROM track_descriptors d
    WHERE s.embedding_type = 'audio' AND NOT s.due AND d.track_id = s.track_id AND d.at > s.at
    RETURNING 1
"""


def note_changed(*, track_ids: Sequence[int]) -> None:
    """What people read of these tracks is other than it was."""
    EmbeddingState.objects.filter(track__in=list(track_ids), embedding_type="text", due=False).update(due=True)


def note_all_changed() -> int:
    """Whatever has changed since it was looked at; how many."""
    changed = len(execute(CHANGED_WORDS, {})) + len(execute(CHANGED_SOUND, {}))
    if changed:
        invalidate(GROUP)
    return changed
