"""The best candidates that are not all alike: maximal marginal relevance, no song twice, nobody too often."""

from collections import Counter
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import Facts, Ranked
from embeddings.engine.recommending.scoring import Pool, Scores
from embeddings.engine.recommending.versions import song_keys

Floats = NDArray[np.float32]
# How much likeness to what was chosen already takes away.
SAMENESS = 0.25
ARTIST_AGAIN, ALBUM_AGAIN = 0.04, 0.06
MOST_LOOKED_AT = 400


def choose(
    pool: Pool,
    scores: Scores,
    limit: int,
    *,
    never: Collection[Facts] = (),
    sameness: float = SAMENESS,
) -> list[Ranked]:
    """In the order in which they were chosen; fewer than `limit` where no more songs are left."""
    best = [int(place) for place in np.argsort(-scores.total, kind="stable")[:MOST_LOOKED_AT]]
    taken = {key for one in never for key in song_keys(one)} | {one.track_id for one in never}
    chooser = _Chooser(pool.take(best), scores.total[best], sameness)
    found = chooser.run(limit, taken)
    return [Ranked(best[place], round(float(scores.total[best[place]]), 4), scores.at(best[place])) for place in found]


class _Chooser:
    def __init__(self, pool: Pool, totals: Floats, sameness: float) -> None:
        self.pool, self.totals, self.sameness = pool, totals, sameness
        self.rows = np.hstack([pool.sound.rows, pool.meaning.rows])
        self.keys = [frozenset((one.track_id, *song_keys(one))) for one in pool.facts]
        lengths = np.linalg.norm(self.rows, axis=1, keepdims=True)
        self.rows = self.rows / np.maximum(lengths, 1e-9)

    def run(self, limit: int, taken: set[object]) -> list[int]:
        open_ = np.array([not keys & taken for keys in self.keys], dtype=bool)
        nearest = np.zeros(len(self.pool), np.float32)
        penalties = np.zeros(len(self.pool), np.float32)
        chosen: list[int] = []
        artists: Counter[int] = Counter()
        while len(chosen) < limit and open_.any():
            worth = self.totals - self.sameness * nearest - penalties
            place = int(np.argmax(np.where(open_, worth, -np.inf)))
            chosen.append(place)
            taken |= self.keys[place]
            artists[self.pool.facts[place].artist_id] += 1
            nearest = np.maximum(nearest, self.rows @ self.rows[place])
            self._close(open_, penalties, place, taken, artists)
        return chosen

    def _close(
        self, open_: NDArray[np.bool_], penalties: Floats, place: int, taken: set[object], artists: Counter[int]
    ) -> None:
        """What is the same song is closed; what is of the same hands becomes dearer with each time."""
        last = self.pool.facts[place]
        for other, track in enumerate(self.pool.facts):
            if not open_[other]:
                continue
            if self.keys[other] & taken:
                open_[other] = False
            if track.artist_id and track.artist_id == last.artist_id:
                penalties[other] += ARTIST_AGAIN * artists[track.artist_id]
            if track.album_id is not None and track.album_id == last.album_id:
                penalties[other] += ALBUM_AGAIN
