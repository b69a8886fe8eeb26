"""Who lies near a direction, by the vectors that serve at present."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from embeddings.engine.recommending.vectors import Floats
from embeddings.models import TrackEmbeddings


class Served(NamedTuple):
    """A type of vectors, and the model whose vectors are asked."""

    kind: str
    model: str


NEAR = """
    SELECT w.place, e.track_id, -(e.vector::halfvec(512) <#> w.vector) FROM
      (SELECT ordinality AS place, vector::halfvec(512) FROM unnest(%(vectors)s::text[]) WITH ORDINALITY w(vector)) w
    CROSS JOIN LATERAL (
      SELECT track_id, vector FROM track_embeddings e
      WHERE embedding_type = %(kind)s AND embedding_model = %(model)s AND track_id <> ALL(%(but)s)
        AND EXISTS (SELECT FROM tracks t WHERE t.id = e.track_id AND t.available)
      ORDER BY e.vector::halfvec(512) <#> w.vector LIMIT %(limit)s
    ) e
"""


def served() -> Mapping[str, Served]:
    """By what they say: sound, meaning."""
    rows = TrackEmbeddings.objects.order_by().values_list("embedding_type", "embedding_model").distinct()
    known = {kind: Served(kind, model) for kind, model in sorted(rows)}
    meaning = known.get("text") or known.get("semantic") or Served("text", "")
    return {"sound": known.get("audio") or Served("audio", ""), "meaning": meaning}


def named(serving: Mapping[str, Served]) -> dict[str, list[str]]:
    """As SQL compares them."""
    return {"kinds": [one.kind for one in serving.values()], "models": [one.model for one in serving.values()]}


def near(what: str, vectors: Sequence[Floats], *, limit: int, but: Collection[int] = ()) -> list[list[int]]:
    """For each vector the numbers of the tracks nearest to it, the nearest first."""
    if not vectors:
        return []
    kind = served()[what]
    given = {
        "vectors": ["[" + ",".join(f"{value:.5g}" for value in vector) + "]" for vector in vectors],
        "kind": kind.kind,
        "model": kind.model,
        "but": list(but),
        "limit": limit,
    }
    found: list[list[tuple[float, int]]] = [[] for _vector in vectors]
    for place, track_id, nearness in rows_of(NEAR, given):
        found[place - 1].append((-nearness, track_id))
    return [[track_id for _nearness, track_id in sorted(one)] for one in found]


def rows_of(sql: str, given: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
