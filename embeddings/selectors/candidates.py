"""Which tracks might answer a question: near in meaning, having its words, being what was asked for; one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from embeddings.engine.grammar import Chip
from embeddings.schemas.encoder import TEXT
from embeddings.selectors.encoders import serving
from embeddings.selectors.searching import Ways, last_rows, vector_text
from library.schemas.search import SearchFilters
from library.selectors.search.ranking import conditions

# ruff: noqa: S608  (the pieces of these statements are our own; what is asked is given beside them)
NEAR, FEATURED = 300, 300
RRF = 60
YEAR = "coalesce(t.year_number, b.original_year, b.year)"


@dataclass(frozen=True)
class Candidate:
    """A track, and what speaks for it so far."""

    track_id: int
    near: float | None
    """cosine to the question, where both have a vector"""
    said: int | None
    """place among those that have its words"""
    fused: float
    """reciprocal ranks of both, added up"""


def candidates(
    vectors: Sequence[Sequence[float]],
    said: Sequence[int],
    chips: Sequence[Chip],
    genres: Mapping[int, Sequence[int]],
    filters: SearchFilters | None = None,
) -> list[Candidate]:
    """`vectors`: of the question, then of what it is to be like; `genres`: by the place of a chip, what means it."""
    ways = Ways(serving(TEXT))
    given: dict[str, Any] = {"said": list(said), "near": NEAR, "featured": FEATURED}
    given |= {f"vector_{place}": vector_text(vector) for place, vector in enumerate(vectors)}
    narrowed, only = conditions(filters or SearchFilters(), "every.track_id")
    points, more = _points(chips, genres)
    targets = [f"l2_normalize(%(vector_{place})s::vector(512))" for place in range(len(vectors))]
    arms = [_near_arm(ways, target) for target in targets] or ["SELECT NULL::bigint, 1 WHERE false"]
    score = ways.score(ways.distance(targets[0])) if targets else "NULL::float8"
    statement = f"""
        WITH near AS MATERIALIZED (
          SELECT track_id, min(place) AS place FROM ({" UNION ALL ".join(arms)}) arms (track_id, place)
          GROUP BY track_id
        ), said AS MATERIALIZED (
          SELECT track_id, place FROM unnest(%(said)s::bigint[]) WITH ORDINALITY s (track_id, place)
        ), featured AS MATERIALIZED ({_featured_arm(points)}), every AS (
          SELECT track_id FROM near UNION SELECT track_id FROM said UNION SELECT track_id FROM featured
        )
        SELECT every.track_id, {score}, said.place,
          coalesce(1.0 / ({RRF} + near.place), 0) + coalesce(1.0 / ({RRF} + said.place), 0)
        FROM every LEFT JOIN near USING (track_id) LEFT JOIN said USING (track_id)
          LEFT JOIN LATERAL (
            SELECT * FROM track_embeddings e WHERE e.track_id = every.track_id AND {ways.rows} OFFSET 0) e ON true
        WHERE true {narrowed}
    """
    rows = last_rows(ways.tuned(statement, ef_search=NEAR), given | more | only)
    return [Candidate(pk, near, place, float(fused)) for pk, near, place, fused in rows]


def _near_arm(ways: Ways, target: str) -> str:
    distance = ways.distance(target)
    return f"""(SELECT track_id, row_number() OVER (ORDER BY away) FROM (
        SELECT e.track_id, {distance} AS away FROM track_embeddings e WHERE {ways.rows}
        ORDER BY {distance} LIMIT %(near)s) nearest)"""


def _featured_arm(points: str) -> str:
    """Tracks of which most is as it was asked for; nothing where nothing was asked that a column says."""
    if not points:
        return "SELECT NULL::bigint AS track_id WHERE false"
    return f"""
        SELECT track_id FROM (
          SELECT t.id AS track_id, {points} AS points FROM tracks t LEFT JOIN albums b ON b.id = t.album_id
            LEFT JOIN track_audio_features f ON f.track_id = t.id OFFSET 0
        ) counted WHERE points > 0 ORDER BY points DESC, track_id LIMIT %(featured)s
    """


def _points(chips: Sequence[Chip], genres: Mapping[int, Sequence[int]]) -> tuple[str, dict[str, Any]]:
    """For each thing that a column or a genre can say, as an expression; with what it is given."""
    given: dict[str, Any] = {f"genres_{place}": list(found) for place, found in genres.items()}
    parts = [
        f"{2 if chips[place].kind == 'genre' else 1} * (t.id IN (SELECT l.track_id FROM track_genres l"
        f" WHERE l.genre_id = ANY(%(genres_{place})s::bigint[])))::int"
        for place in genres
    ]
    for place, chip in enumerate(chips):
        low, high = f"low_{place}", f"high_{place}"
        column = {"decade": YEAR, "years": YEAR, "length": "t.duration_ms / 1000.0", "tempo": "f.bpm"}.get(chip.kind)
        bounds = _bounds(chip)
        if chip.negated or column is None or bounds is None:
            continue
        parts.append(f"coalesce({column} BETWEEN %({low})s AND %({high})s, false)::int")
        given |= {low: bounds[0], high: bounds[1]}
    return " + ".join(parts), given


def _bounds(chip: Chip) -> tuple[float, float] | None:
    """ "1980s", "1990-1995", "-1974", "2019-"; words such as slow are for those who know what they mean."""
    if chip.kind == "decade" and chip.value[:4].isdigit():
        return int(chip.value[:4]), int(chip.value[:4]) + 9
    first, dash, last = chip.value.partition("-")
    if not dash or not (first or last) or not all(part.isdigit() for part in (first, last) if part):
        return None
    return (float(first) if first else 0.0), (float(last) if last else 1e9)
