"""Two tracks become one: what others know of both is known of the one that stays."""

from collections.abc import Sequence

from library.services.statements import execute, record, rows_as_json
from library.signals import Merged

MOVE = f"""
    UPDATE track_metadata m SET track_id = p.kept FROM {record("p", {"kept": "bigint", "gone": "bigint"})}
    WHERE m.track_id = p.gone AND NOT EXISTS (
        SELECT 1 FROM track_metadata k WHERE k.track_id = p.kept AND k.metadata_key = m.metadata_key
          AND k.metadata_source = m.metadata_source
    )
"""  # noqa: S608


def keep_metadata(*, merges: Sequence[Merged]) -> None:
    """Where both have a word of one source, that of the track that stays counts."""
    execute(MOVE, {"rows": rows_as_json([{"kept": merge.kept_id, "gone": merge.gone_id} for merge in merges])})
