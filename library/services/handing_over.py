"""When two tracks become one: rows about the track that goes become rows about the one that stays."""

from collections.abc import Sequence

from library.services.statements import Record, execute
from library.signals import Merged

PAIRS = Record("p", {"kept": "bigint", "gone": "bigint"})


def pairs_of(merges: Sequence[Merged]) -> dict[str, str]:
    """The rows of PAIRS."""
    return PAIRS.of([{"kept": merge.kept_id, "gone": merge.gone_id} for merge in merges])


def hand_over(*, table: str, alike: Sequence[str], merges: Sequence[Merged]) -> None:
    """Those that the track which stays lacks; of rows that agree in these columns it keeps its own."""
    same = " AND ".join(f"k.{column} = m.{column}" for column in alike)
    move = f"""
        UPDATE {table} m SET track_id = p.kept FROM {PAIRS}
        WHERE m.track_id = p.gone AND NOT EXISTS (SELECT 1 FROM {table} k WHERE k.track_id = p.kept AND {same})
    """  # noqa: S608
    execute(move, pairs_of(merges))
