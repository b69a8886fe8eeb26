"""Who lies near a direction, by the vectors that serve at present."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import connection

from embeddings.schemas.encoder import AUDIO, TEXT
from embeddings.selectors.encoders import Serving, serving, serving_by_type
from embeddings.selectors.searching import MOST, nearest_batch

if TYPE_CHECKING:
    from embeddings.engine.recommending.vectors import Floats

KINDS = {"sound": AUDIO, "meaning": TEXT}


def served() -> Mapping[str, Serving]:
    """By what they say: sound, meaning."""
    known = serving_by_type()
    return {name: known.get(kind) or serving(kind) for name, kind in KINDS.items()}


def named(serves: Mapping[str, Serving]) -> dict[str, list[str]]:
    """As SQL compares them."""
    return {"kinds": [one.kind for one in serves.values()], "models": [one.model for one in serves.values()]}


def near(what: str, vectors: "Sequence[Floats]", *, limit: int, but: Collection[int] = ()) -> list[list[int]]:
    """For each vector the numbers of the tracks nearest to it, the nearest first; some may have no file at present."""
    left_out = set(but)
    # More are asked for, and not fewer rows looked at: a condition would take the place of the index.
    asked = [vector.tolist() for vector in vectors]
    found = nearest_batch(asked, kind=KINDS[what], limit=min(limit + len(left_out), MOST))
    return [[track for track, _score in one if track not in left_out][:limit] for one in found]


def rows_of(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
