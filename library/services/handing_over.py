"""When two tracks become one: rows about the track that goes become rows about the one that stays."""

from collections.abc import Sequence

from library.services.statements import execute, record, rows_as_json
from library.signals import Merged

PAIRS = record("p", {"kept": "bigint", "gone": "bigint"})


def pairs_as_json(merges: Sequence[Merged]) -> str:
    """The rows of PAIRS."""
    return rows_as_json([{"kept": merge.kept_id, "gone": merge.gone_id} for merge in merges])


def hand_over(*, table: str, alike: Sequence[str], merges: Sequence[Merged]) -> None:
    """Those that the track which stays lacks; of rows that agree in these columns it keeps its own."""
    same = " AND ".join(f"k.{column} = m.{column}" for column in alike)
    move = f"""
        UPDATE {table} m SET track_id = p.kept FROM {PAIRS}
        WHERE m.track_id = p.gone AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.track_id = p.kept AND {same})
    """  # noqa: S608
    execute(move, {"rows": pairs_as_json(merges)})
