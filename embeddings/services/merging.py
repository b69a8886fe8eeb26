"""Two tracks become one: vectors are of what is heard and read, and both are the same now."""

from collections.abc import Sequence

from library.services.statements import execute, record, rows_as_json
from library.signals import Merged

MOVE = f"""
    UPDATE track_embeddings e SET track_id = p.kept FROM {record("p", {"kept": "bigint", "gone": "bigint"})}
    WHERE e.track_id = p.gone AND NOT EXISTS (
        SELECT 1 FROM track_embeddings k WHERE k.track_id = p.kept AND k.embedding_type = e.embedding_type
          AND k.embedding_model = e.embedding_model
    )
"""  # noqa: S608


def keep_vectors(*, merges: Sequence[Merged]) -> None:
    """The track that stays keeps its own, and gets those that it lacks."""
    execute(MOVE, {"rows": rows_as_json([{"kept": merge.kept_id, "gone": merge.gone_id} for merge in merges])})
