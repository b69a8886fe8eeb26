"""Artists whose music lies near another's."""

from collections.abc import Sequence

from embeddings.engine.recommending.reasons import CLOSE, MOST_NAMES, VERY_CLOSE, Reason
from embeddings.selectors.neighbours import named, rows_of, served
from embeddings.selectors.recommending import Recommended
from library.models import Genre
from library.selectors.artists import artist_by_id

SOUND, MEANING = 0.6, 0.4
# The nearer artists' usual: two artists of one library are never strangers, and this is where likeness begins.
USUAL = 0.3
NEAR = """
    WITH mine AS (SELECT embedding_type, vector FROM artist_embeddings
                  WHERE artist_id = %(artist)s AND (embedding_type, embedding_model)
                    IN (SELECT * FROM unnest(%(kinds)s::text[], %(models)s::text[])))
    SELECT e.artist_id,
      max(-(e.vector <#> mine.vector)) FILTER (WHERE e.embedding_type = %(heard)s),
      max(-(e.vector <#> mine.vector)) FILTER (WHERE e.embedding_type = %(said)s)
    FROM artist_embeddings e JOIN mine USING (embedding_type)
    WHERE e.artist_id <> %(artist)s
      AND (e.embedding_type, e.embedding_model) IN (SELECT * FROM unnest(%(kinds)s::text[], %(models)s::text[]))
      AND EXISTS (SELECT FROM tracks t WHERE t.track_artist_id = e.artist_id AND t.available)
    GROUP BY e.artist_id
"""


def similar_artists(*, artist_id: int, limit: int = 10) -> list[Recommended]:
    """The nearest first; `track_id` of what is found is the number of the artist."""
    artist_by_id(artist_id)
    kinds = served()
    sound, meaning = kinds["sound"], kinds["meaning"]
    given = {"artist": artist_id, "heard": sound.kind, "said": meaning.kind, **named(kinds)}
    rows = [(number, _share(heard), _share(said)) for number, heard, said in rows_of(NEAR, given)]
    best = sorted(rows, key=lambda row: (-_score(row[1], row[2]), row[0]))[:limit]
    genres = _genres([artist_id, *(number for number, _heard, _said in best)])
    return [
        Recommended(
            number,
            round(_score(heard, said), 4),
            {"sound": heard, "meaning": said},
            _reasons(heard, said, genres.get(artist_id, []), genres.get(number, [])),
        )
        for number, heard, said in best
    ]


def _share(cosine: float | None) -> float | None:
    return None if cosine is None else round(max(0.0, (float(cosine) - USUAL) / (1 - USUAL)), 4)


def _score(heard: float | None, said: float | None) -> float:
    if heard is None or said is None:
        return 0.9 * (heard if heard is not None else said or 0.0)
    return SOUND * heard + MEANING * said


def _genres(artist_ids: Sequence[int]) -> dict[int, list[str]]:
    """The commonest of their tracks first."""
    rows = Genre.tracks.through.objects.filter(track__track_artist__in=artist_ids)
    found: dict[int, dict[str, int]] = {}
    for artist, name in rows.values_list("track__track_artist", "genre__name"):
        counts = found.setdefault(artist, {})
        counts[name] = counts.get(name, 0) + 1
    return {
        artist: sorted(counts, key=lambda name, counts=counts: (-counts[name], name))  # type: ignore[misc]
        for artist, counts in found.items()
    }


def _reasons(heard: float | None, said: float | None, mine: Sequence[str], theirs: Sequence[str]) -> list[Reason]:
    found = []
    shared = [name for name in mine if name in set(theirs)]
    if shared:
        found.append(Reason("genres", {"names": shared[:MOST_NAMES], "count": len(shared)}, 0.7))
    for near, is_sound in ((heard, True), (said, False)):
        if near is not None and near >= CLOSE:
            values = {"similarity": near, "degree": "very" if near >= VERY_CLOSE else "quite"}
            found.append(Reason("sound" if is_sound else "meaning", values, 0.8 if is_sound else 0.5))
    return sorted(found, key=lambda reason: -reason.weight)
