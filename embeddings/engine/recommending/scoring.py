"""One number a candidate, made of parts that stay visible: sound, meaning, harmony, tempo, novelty, familiarity."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.recommending.facts import PARTS, Facts, Weights
from embeddings.engine.recommending.harmony import KEY_UNKNOWN, TEMPO_UNKNOWN, key_fit, tempo_fit
from embeddings.engine.recommending.vectors import Direction, Vectors

Floats = NDArray[np.float32]
# What a part counts where nothing is known of it: less than most, so that the unknown does not win by being unknown.
UNKNOWN = {"harmony": KEY_UNKNOWN, "tempo": TEMPO_UNKNOWN, "novelty": 1.0, "familiarity": 0.0}
SAME_ALBUM, SAME_ARTIST = 0.8, 0.9
LONG_MS, VERY_LONG_MS = 15 * 60_000, 40 * 60_000
LONG_MIX, VERY_LONG_MIX = 0.8, 0.55
PLAYS_TO_KNOW = 4.0
RECENT_DAYS = 10.0


@dataclass(frozen=True)
class Pool:
    """Candidates: what is known of them, and where they lie in sound and in meaning; all of one length."""

    facts: Sequence[Facts]
    sound: Vectors
    meaning: Vectors

    def __len__(self) -> int:
        return len(self.facts)

    def with_more(self, more: "Pool") -> "Pool":
        """Both behind each other."""
        sides = [getattr(self, name).with_more(getattr(more, name)) for name in ("sound", "meaning")]
        return Pool([*self.facts, *more.facts], *sides)

    def take(self, places: Sequence[int]) -> "Pool":
        index = np.array(places, dtype=np.intp)
        return Pool([self.facts[place] for place in places], self.sound.take(index), self.meaning.take(index))


@dataclass(frozen=True)
class Wish:
    """What is asked for: directions, what it should follow, and what it should not repeat."""

    sound: Direction | None = None
    meaning: Direction | None = None
    follows: Facts | None = None
    """the track that is compared in key and tempo"""
    like: Sequence[Facts] = ()
    """tracks whose album, artist and song are damped"""


@dataclass(frozen=True)
class Scores:
    """Of a pool: the total, and each part (NaN is unknown)."""

    total: Floats
    parts: Mapping[str, Floats]

    def at(self, place: int) -> dict[str, float | None]:
        found = {name: float(values[place]) for name, values in self.parts.items()}
        return {name: None if math.isnan(value) else round(value, 4) for name, value in found.items()}


def score(pool: Pool, wish: Wish, weights: Weights) -> Scores:
    parts = _parts(pool, wish)
    total = np.zeros(len(pool), np.float32)
    for name, share in weights.shares().items():
        if share:
            total += np.float32(share) * _filled(name, parts[name])
    return Scores(total * _damping(pool, wish), parts)


def _parts(pool: Pool, wish: Wish) -> dict[str, Floats]:
    before = wish.follows
    columns: dict[str, list[float | None]] = {
        "harmony": [key_fit(before.camelot, one.camelot) if before else None for one in pool.facts],
        "tempo": [tempo_fit(before.bpm, one.bpm) if before else None for one in pool.facts],
        "novelty": [1.0 - known(one) for one in pool.facts],
        "familiarity": [known(one) for one in pool.facts],
    }
    found = {name: np.array(values, dtype=np.float32) for name, values in columns.items()}
    return {name: found[name] if name in found else getattr(pool, name).near(getattr(wish, name)) for name in PARTS}


def _filled(name: str, values: Floats) -> Floats:
    """Where a vector is unknown, the lower quarter of those that are known."""
    if name in UNKNOWN:
        return np.where(np.isnan(values), np.float32(UNKNOWN[name]), values)
    seen = values[~np.isnan(values)]
    return np.where(np.isnan(values), np.float32(np.quantile(seen, 0.25) if seen.size else 0.0), values)


def known(track: Facts) -> float:
    """How well a listener knows it: by plays, by love, and by how lately it was heard."""
    heard = 1.0 - math.exp(-track.plays / PLAYS_TO_KNOW)
    lately = 0.0 if track.days_since is None else 0.5 * math.exp(-track.days_since / RECENT_DAYS)
    return min(1.0, heard + lately + (0.25 if track.loved else 0.0))


def _damping(pool: Pool, wish: Wish) -> Floats:
    albums = {one.album_id for one in wish.like if one.album_id is not None}
    artists = {one.artist_id for one in wish.like if one.artist_id}
    is_long = any((one.duration_ms or 0) >= LONG_MS for one in wish.like)
    return np.array([_damped(one, albums, artists, is_long) for one in pool.facts], dtype=np.float32)


def _damped(track: Facts, albums: set[int], artists: set[int], among_long: bool) -> float:
    factor = 1.0
    if track.artist_id in artists:
        factor *= SAME_ARTIST
    if track.album_id in albums:
        factor *= SAME_ALBUM
    length = track.duration_ms or 0
    if not among_long and length >= LONG_MS:
        factor *= VERY_LONG_MIX if length >= VERY_LONG_MS else LONG_MIX
    return factor
