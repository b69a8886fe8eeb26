"""The library's map: what is drawn, what is still to be placed, and how it is sent.

numpy is imported where it is used: control counts what is to be placed, and stays small.
"""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.selectors.harmony import CAMELOT
from core.cache import cached
from core.errors import NotFound
from embeddings.models import MapLayout, MapRegion
from embeddings.schemas.mapping import Legend, MapOut, RegionOut, Which
from embeddings.selectors.neighbours import named, rows_of, served
from library.selectors.counts import LIBRARY

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

UNKNOWN = 255
MOST_GENRES = 120
MOODS = ("happy", "aggressive", "party", "relaxed")
COLUMNS = ("genre", "mood", "decade", "key")
MAGIC = b"SBM1"

# Whatever has a vector that serves; of tracks whose file is away there is nothing to be played.
MAPPED = """
    FROM (SELECT DISTINCT track_id FROM track_embeddings
          WHERE (embedding_type, embedding_model) IN (SELECT * FROM unnest(%(kinds)s::text[], %(models)s::text[]))) e
    WHERE EXISTS (SELECT FROM tracks t WHERE t.id = e.track_id AND t.available)
"""
NOT_PLACED = "AND NOT EXISTS (SELECT FROM map_points p WHERE p.track_id = e.track_id AND p.layout_id = %(layout)s)"
POINTS = """
    SELECT p.track_id, p.x, p.y,
      (SELECT g.name FROM track_genres l JOIN genres g ON g.id = l.genre_id WHERE l.track_id = p.track_id
       ORDER BY l.id LIMIT 1),
      CASE WHEN f.mood_happy IS NULL THEN NULL ELSE
        array_position(ARRAY[f.mood_happy, f.mood_aggressive, f.mood_party, f.mood_relaxed],
                       greatest(f.mood_happy, f.mood_aggressive, f.mood_party, f.mood_relaxed)) - 1 END,
      t.year_number, f.camelot_key
    FROM map_points p JOIN tracks t ON t.id = p.track_id
    LEFT JOIN track_audio_features f ON f.track_id = p.track_id
    WHERE p.layout_id = %(layout)s AND t.available ORDER BY p.track_id
"""
WORDS = """
    SELECT p.x, p.y,
      ARRAY(SELECT g.name FROM track_genres l JOIN genres g ON g.id = l.genre_id WHERE l.track_id = p.track_id
            UNION SELECT g.name FROM track_genre_tags l JOIN genre_tags g ON g.id = l.tag_id
            WHERE l.track_id = p.track_id
            UNION SELECT m.name FROM track_mood_tags l JOIN mood_tags m ON m.id = l.tag_id
            WHERE l.track_id = p.track_id)
    FROM map_points p JOIN tracks t ON t.id = p.track_id WHERE p.layout_id = %(layout)s AND t.available
    ORDER BY p.track_id
"""


# --- what is drawn ----------------------------------------------------------------------------------------------------


def shown_map() -> MapLayout | None:
    return MapLayout.objects.filter(shown=True).first()


def layout_by_id(layout_id: int) -> MapLayout:
    found = MapLayout.objects.filter(pk=layout_id).first()
    if found is None:
        raise NotFound("There is no such map: it was drawn anew meanwhile.")
    return found


def mapped_count() -> int:
    """How many tracks can be on the map."""
    return int(rows_of(f"SELECT count(*) {MAPPED}", named(served()))[0][0])


def unplaced_count(layout_id: int) -> int:
    return int(rows_of(f"SELECT count(*) {MAPPED} {NOT_PLACED}", {**named(served()), "layout": layout_id})[0][0])


def landmarks_for(count: int) -> list[int]:
    """By chance, but always by the same: most landmarks of a map are those of the next one too."""
    sql = f"SELECT e.track_id {MAPPED} ORDER BY md5(e.track_id::text) LIMIT %(count)s"
    return sorted(row[0] for row in rows_of(sql, {**named(served()), "count": count}))


def vectors_page(layout: MapLayout, which: Which, *, after: int, limit: int) -> bytes:
    """The next tracks by their numbers, as the schema says."""
    import numpy as np

    from embeddings.selectors.pools import vectors_of

    given = {**named(served()), "layout": layout.pk, "after": after, "limit": limit, "landmarks": layout.landmarks}
    wanted = "AND e.track_id = ANY(%(landmarks)s)" if which == "landmarks" else NOT_PLACED
    sql = f"SELECT e.track_id {MAPPED} {wanted} AND e.track_id > %(after)s ORDER BY e.track_id LIMIT %(limit)s"
    ids = [row[0] for row in rows_of(sql, given)]
    sound, meaning = vectors_of(ids)
    return np.array(ids, "<i8").tobytes() + sound.astype("<f2").tobytes() + meaning.astype("<f2").tobytes()


def placed_words(layout_id: int) -> "tuple[NDArray[np.int16], list[Sequence[str]]]":
    """Where tracks lie, and by which words regions may be called."""
    import numpy as np

    rows = rows_of(WORDS, {"layout": layout_id})
    points = np.array([row[:2] for row in rows], np.int16).reshape(len(rows), 2)
    return points, [row[2] for row in rows]


# --- how it is read ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Points:
    """All of them in columns, with what the numbers of the columns mean."""

    layout: int
    version: int
    legend: Legend
    ids: "NDArray[np.uint32]"
    x: "NDArray[np.int16]"
    y: "NDArray[np.int16]"
    colours: "dict[str, NDArray[np.uint8]]"

    @property
    def count(self) -> int:
        return len(self.ids)


def map_points() -> Points:
    """As it is shown; empty while there is none."""
    layout = shown_map()
    if layout is None:
        return _columns(0, 0, [])
    key = f"map:{layout.pk}:{layout.version}"
    return cached(LIBRARY, key, lambda: _columns(layout.pk, layout.version, _point_rows(layout.pk)))


def _point_rows(layout_id: int) -> list[tuple[Any, ...]]:
    return rows_of(POINTS, {"layout": layout_id})


def _columns(layout: int, version: int, rows: Sequence[tuple[Any, ...]]) -> Points:
    import numpy as np

    genres = [name for name, _times in Counter(row[3] for row in rows if row[3]).most_common(MOST_GENRES)]
    decades = sorted({row[5] // 10 * 10 for row in rows if row[5]})
    genre_places = {name: place for place, name in enumerate(genres)}
    decade_places = {decade: place for place, decade in enumerate(decades)}
    key_places = {name: place for place, name in enumerate(CAMELOT)}
    colours = {
        "genre": [genre_places.get(row[3], UNKNOWN) for row in rows],
        "mood": [UNKNOWN if row[4] is None else row[4] for row in rows],
        "decade": [decade_places[row[5] // 10 * 10] if row[5] else UNKNOWN for row in rows],
        "key": [key_places.get(row[6], UNKNOWN) for row in rows],
    }
    return Points(
        layout=layout,
        version=version,
        legend=Legend(genres=genres, moods=list(MOODS), decades=decades[:UNKNOWN], keys=list(CAMELOT)),
        ids=np.array([row[0] for row in rows], np.uint32),
        x=np.array([row[1] for row in rows], np.int16),
        y=np.array([row[2] for row in rows], np.int16),
        colours={name: np.array(values, np.uint8) for name, values in colours.items()},
    )


def map_out(points: Points) -> MapOut:
    return MapOut(
        layout=points.layout,
        version=points.version,
        count=points.count,
        legend=points.legend,
        ids=points.ids.tolist(),
        x=points.x.tolist(),
        y=points.y.tolist(),
        **{name: values.tolist() for name, values in points.colours.items()},
    )


def map_bytes(points: Points) -> bytes:
    """SBM1, the length of what follows as a number, JSON filled up to a multiple of four, then the columns."""
    import numpy as np

    head = {name: getattr(points, name) for name in ("layout", "version", "count")}
    said = json.dumps({**head, "columns": COLUMNS, "legend": points.legend.model_dump()}).encode()
    said += b" " * (-len(said) % 4)
    columns = [points.colours[name].tobytes() for name in COLUMNS]
    return b"".join(
        [
            MAGIC,
            np.array([len(said)], "<u4").tobytes(),
            said,
            points.ids.astype("<u4").tobytes(),
            points.x.astype("<i2").tobytes(),
            points.y.astype("<i2").tobytes(),
            *columns,
        ]
    )


def map_regions() -> list[RegionOut]:
    """The largest first."""
    rows = MapRegion.objects.filter(layout__shown=True).order_by("-tracks", "name")
    return [
        RegionOut(name=row.name, also=row.also, x=row.x, y=row.y, reach=row.reach, tracks=row.tracks) for row in rows
    ]
