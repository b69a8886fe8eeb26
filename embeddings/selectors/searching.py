"""What is near a vector: exactly where that is as quick, by the HNSW index of the model above that.

A filter narrows while the index is walked (iterative scan), so that pages are full; where the walk ends before the page
does, the rest is looked for exactly.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from core.errors import InvalidInput, NotFound
from embeddings.models import DIMENSIONS, UNIT_TYPES
from embeddings.selectors.encoders import Serving, serving
from library.models import Track

# ruff: noqa: S608  (the pieces of these statements are our own; what is asked is given beside them)
MOST = 1_000
EF_SEARCH, MOST_SCANNED = 100, 20_000
TUNING = (
    "SELECT set_config('hnsw.ef_search', '{ef}', true), set_config('hnsw.iterative_scan', 'relaxed_order', true),"
    " set_config('hnsw.max_scan_tuples', '{scanned}', true)"
)
VectorLike = Sequence[float]
Where = Q | QuerySet[Track] | None
"""a condition on tracks, or the tracks themselves"""
Found = tuple[int, float]
"""a track, and the cosine of the angle between the two"""


def vector_text(vector: VectorLike) -> str:
    """As PostgreSQL reads it."""
    if len(vector) != DIMENSIONS:
        raise InvalidInput(f"A vector has {DIMENSIONS} dimensions, and not {len(vector)}.", field="vector")
    return "[" + ",".join(["%.9g"] * DIMENSIONS) % tuple(vector) + "]"


def text_of_bytes(held: bytes) -> str:
    """The same of little-endian float32."""
    return vector_text(struct.unpack(f"<{DIMENSIONS}f", held))


@dataclass(frozen=True)
class Ways:
    """How the vectors of one model are compared."""

    of: Serving

    @property
    def rows(self) -> str:
        # Written out, and not given beside: the planner must see that this is what an index is of.
        return f"e.embedding_type = {quoted(self.of.kind)} AND e.embedding_model = {quoted(self.of.model)}"

    def distance(self, to: str) -> str:
        if self.of.indexed:
            return f"(e.vector::halfvec({DIMENSIONS})) <#> ({to})::halfvec({DIMENSIONS})"
        return f"e.vector {'<#>' if self.of.kind in UNIT_TYPES else '<=>'} ({to})::vector({DIMENSIONS})"

    def score(self, distance: str) -> str:
        return f"-({distance})" if self.of.indexed or self.of.kind in UNIT_TYPES else f"1 - ({distance})"

    def tuned(self, statement: str, ef_search: int = EF_SEARCH) -> str:
        """With the settings of its walk through the index, where there is one; sent together, both are one
        transaction, whose end takes the settings back."""
        settings = TUNING.format(ef=int(ef_search), scanned=MOST_SCANNED)
        return f"{settings}; {statement}" if self.of.indexed else statement


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''").replace("%", "%%") + "'"


def nearest(
    of: VectorLike | int,
    *,
    kind: str,
    limit: int,
    where: Where = None,
    model: str | None = None,
    exactly: bool = False,
) -> list[Found]:
    """The tracks nearest to a vector, or to a track (which is not among them), the nearest first.

    None at all where the track has no vector of that type.
    """
    ways = Ways(serving(kind, model))
    if exactly:
        ways = Ways(Serving(ways.of.kind, ways.of.model, indexed=False))
    if not 1 <= limit <= MOST:
        raise InvalidInput(f"limit is 1 to {MOST}.", field="limit")
    narrowed, given = filtered(where)
    given |= {"limit": limit}
    if isinstance(of, int):
        given["track"] = of
        target = f"SELECT vector FROM track_embeddings e WHERE e.track_id = %(track)s AND {ways.rows}"
        narrowed += " AND e.track_id <> %(track)s"
    else:
        given["vector"] = vector_text(of)
        target = f"l2_normalize(%(vector)s::vector({DIMENSIONS}))"
    found = last_rows(ways.tuned(_nearest(ways, target, narrowed)), given)
    if ways.of.indexed and where is not None and len(found) < limit:
        return nearest(of, kind=kind, limit=limit, where=where, model=ways.of.model, exactly=True)
    return _in_order(found)


def _nearest(ways: Ways, target: str, narrowed: str) -> str:
    distance = ways.distance(target)
    return (
        f"SELECT e.track_id, {ways.score(distance)} FROM track_embeddings e WHERE {ways.rows}{narrowed}"
        f" ORDER BY {distance} LIMIT %(limit)s"
    )


def nearest_batch(
    of: Sequence[VectorLike] | Sequence[int],
    *,
    kind: str,
    limit: int,
    where: Where = None,
    model: str | None = None,
) -> list[list[Found]]:
    """The same for many vectors, or many tracks, in one statement; in their order."""
    if not of:
        return []
    if not 1 <= limit <= MOST:
        raise InvalidInput(f"limit is 1 to {MOST}.", field="limit")
    ways = Ways(serving(kind, model))
    narrowed, given = filtered(where)
    given["limit"] = limit
    if isinstance(of[0], int):
        given["of"] = list(of)
        asked = f"""SELECT a.place, a.track_id, e.vector
            FROM unnest(%(of)s::bigint[]) WITH ORDINALITY a (track_id, place)
            JOIN track_embeddings e ON e.track_id = a.track_id AND {ways.rows}"""
        narrowed += " AND e.track_id <> asked.track_id"
    else:
        given["of"] = [vector_text(one) for one in of]  # type: ignore[arg-type]
        asked = f"""SELECT a.place, l2_normalize(a.vector::vector({DIMENSIONS})) AS vector
            FROM unnest(%(of)s::text[]) WITH ORDINALITY a (vector, place)"""
    statement = f"""
        WITH asked AS MATERIALIZED ({asked})
        SELECT asked.place, near.track_id, near.score FROM asked, LATERAL (
          SELECT e.track_id, {ways.score(ways.distance("asked.vector"))} AS score FROM track_embeddings e
          WHERE {ways.rows}{narrowed} ORDER BY {ways.distance("asked.vector")} LIMIT %(limit)s
        ) near
    """
    rows = last_rows(ways.tuned(statement), given)
    found: list[list[Found]] = [[] for _ in of]
    for place, track, score in rows:
        found[place - 1].append((track, score))
    return [_in_order(one) for one in found]


def filtered(where: Where) -> tuple[str, dict[str, Any]]:
    """A condition on tracks, to be added to a WHERE over their vectors."""
    if where is None:
        return "", {}
    rows = Track.objects.filter(where) if isinstance(where, Q) else where
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    names = {f"where_{place}": value for place, value in enumerate(params)}
    # Django's own markers, one after the other, become names like ours.
    sql = sql.replace("%%", "\0") % tuple(f"%({name})s" for name in names)
    return f" AND e.track_id IN ({sql})".replace("\0", "%%"), names


def find_similar(
    query_vector: VectorLike,
    *,
    embedding_type: str = "text",
    limit: int = 20,
    min_similarity: float = -1.0,
    where: Where = None,
    model: str | None = None,
) -> list[Found]:
    """Tracks whose vector lies near to this one."""
    found = nearest(query_vector, kind=embedding_type, limit=limit, where=where, model=model)
    return [one for one in found if one[1] >= min_similarity]


def find_similar_by_track_id(
    track_id: int,
    *,
    embedding_type: str = "text",
    limit: int = 20,
    min_similarity: float = -1.0,
    where: Where = None,
) -> list[Found]:
    """Tracks near to a track; 404 where there is no such track."""
    found = nearest(track_id, kind=embedding_type, limit=limit, where=where)
    if not found and not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
    return [one for one in found if one[1] >= min_similarity]


def find_similar_batch(
    query_vectors: Sequence[VectorLike], *, embedding_type: str = "text", limit: int = 20
) -> list[list[Found]]:
    return nearest_batch(query_vectors, kind=embedding_type, limit=limit)


def find_tracks_in_vector_range(
    center: VectorLike, radius: float, *, embedding_type: str = "text", limit: int = 200
) -> list[Found]:
    """Tracks within a sphere: `radius` is the cosine distance, 0 at its centre and 2 on the other side."""
    if not 0 <= radius <= 2:
        raise InvalidInput("A radius is 0 to 2.", field="radius")
    return find_similar(center, embedding_type=embedding_type, limit=limit, min_similarity=1 - radius)


def _in_order(found: Sequence[Found]) -> list[Found]:
    """A relaxed walk through the index gives most of them in order, and not all."""
    return sorted(
        ((track, float(score)) for track, score in found if score is not None), key=lambda one: (-one[1], one[0])
    )


def last_rows(statement: str, given: dict[str, Any]) -> list[Any]:
    """Of several statements, what the last one says."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given or None)
        while cursor.nextset():
            pass
        found: list[Any] = cursor.fetchall()
    return found
