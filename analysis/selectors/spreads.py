"""How the sound of the whole library is spread: what plots are drawn from."""

import time
from dataclasses import dataclass

from django.db import connection

from analysis.schemas.fields import SCORES, Span
from core.cache import cached, invalidate

SPREADS = "analysis.spreads"
"""the group of the cache, apart from what every result forgets: a plot need not be of this minute"""
ANEW_AFTER_S = 300
ROUGHLY_S = 3600
"""where only the shape is looked at"""
GRID = 10
"""parts into which energy and valence are divided"""


@dataclass(frozen=True)
class Scale:
    """What a plot reaches over, and in how many parts."""

    span: Span
    parts: int

    @property
    def width(self) -> float:
        return (self.span.most - self.span.least) / self.parts

    def begin(self, place: int) -> float:
        return self.span.least + place * self.width

    def share(self, value: float) -> float:
        """Where a value stands, 0 to 1; what lies beyond stands at the end."""
        return min(1.0, max(0.0, (value - self.span.least) / (self.span.most - self.span.least)))


SCALES: dict[str, Scale] = {
    "bpm": Scale(Span(40, 220), 36),
    "loudness": Scale(Span(-40, 0), 40),
    **dict.fromkeys(SCORES, Scale(Span(0, 1), 20)),
}


@dataclass(frozen=True)
class Spreads:
    """Counts of tracks: by field and part, by place on Camelot's wheel, by energy and valence."""

    fields: dict[str, list[int]]
    keys: dict[str, int]
    grid: list[list[int]]
    """by tenths of energy, then of valence"""

    def of(self, field: str) -> list[int]:
        return self.fields.get(field) or [0] * SCALES[field].parts


def spreads(*, anew_after_s: float = ANEW_AFTER_S) -> Spreads:
    """Read anew after so long, and when a job has ended."""
    fields, keys, grid = cached(SPREADS, f"all:{anew_after_s}:{int(time.time() / anew_after_s)}", _look)
    return Spreads(fields, keys, grid)


def forget_spreads() -> None:
    invalidate(SPREADS)


# The table, which is wide, is read once; names and numbers are this module's own.
_PLACES = {
    **{
        name: f"width_bucket({name}, {scale.span.least}, {scale.span.most}, {scale.parts})"
        for name, scale in SCALES.items()
    },
    "grid": f"width_bucket(energy, 0, 1, {GRID}) * 100 + width_bucket(valence, 0, 1, {GRID})",
    "key": "camelot_place::integer",
}
_COUNTS = " UNION ALL ".join(
    f"SELECT '{name}', {place}, count(*) FROM sound GROUP BY 2"  # noqa: S608
    for name, place in _PLACES.items()
)
_STATEMENT = f"""
    WITH sound AS MATERIALIZED (SELECT camelot_place, {", ".join(SCALES)} FROM track_audio_features) {_COUNTS}
"""  # noqa: S608


def _look() -> tuple[dict[str, list[int]], dict[str, int], list[list[int]]]:
    fields = {name: [0] * scale.parts for name, scale in SCALES.items()}
    keys: dict[str, int] = {}
    grid = [[0] * GRID for _ in range(GRID)]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT)
        for name, place, count in cursor.fetchall():
            if place is None:
                continue
            if name == "key":
                keys[_key(place)] = count
            elif name == "grid":
                grid[_within(place // 100, GRID)][_within(place % 100, GRID)] += count
            else:
                fields[name][_within(place, SCALES[name].parts)] += count
    return fields, keys, grid


def _within(place: int, parts: int) -> int:
    """PostgreSQL counts from one; what lies beyond the ends is counted with them."""
    return min(parts, max(1, place)) - 1


def _key(place: int) -> str:
    """The model numbers the wheel 1A, 1B, 2A … from two."""
    return f"{place // 2}{'AB'[place % 2]}"
