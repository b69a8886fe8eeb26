"""The built-in encoder of words: a small table of what pieces of words mean, beside the letters they are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.engine.spelling import Spelling
from embeddings.engine.words import BUCKETS, grams, pieces, words

Floats = NDArray[np.float32]
MODEL = "soniquebay-text-1"
TABLE = Path(__file__).parent / "data" / "text-1.npz"
# Names say little of what music is like, and must not drown what does.
SHARE_OF_NAMES = 0.15
SHARE_OF_LETTERS = 0.5
MOST_WORDS = 400
AT_ONCE = 256
KEPT_WORDS = 20_000


@dataclass(frozen=True)
class Words:
    """What is said of a track (genres, moods, instruments, times), and what it is called."""

    facets: str
    names: str


@dataclass(frozen=True)
class Known:
    """A word as rows of the table and as buckets of its letters."""

    rows: tuple[int, ...]
    buckets: tuple[int, ...]
    signs: tuple[float, ...]


class TextEncoder:
    """Vectors of 512 numbers and length one; what has no known word has zeros, which nobody may store."""

    def __init__(self, table: Path = TABLE) -> None:
        with np.load(table, allow_pickle=False) as held:
            self.values: NDArray[np.int8] = held["values"]
            self.scales: Floats = held["scales"].astype(np.float32)
            names, quiet, spelt = (bytes(held[part]).decode().split("\n") for part in ("pieces", "quiet", "spelt"))
        self.quiet = frozenset(quiet)
        # Forms of one word share a row.
        self.known = {name: row for row, forms in enumerate(names) for name in forms.split(" ")}
        self.spelling = Spelling(spelt)
        self.width = int(self.values.shape[1])
        self.kept: dict[str, Known] = {}

    def encode(self, tracks: Sequence[Words]) -> Floats:
        """What is said of each, with a little of its names."""
        facets = self.encode_request([track.facets for track in tracks])
        names = self.encode_request([track.names for track in tracks])
        return _unit(facets + SHARE_OF_NAMES * names)

    def encode_request(self, texts: Sequence[str]) -> Floats:
        parts = [self._some(texts[at : at + AT_ONCE]) for at in range(0, len(texts), AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros((0, self.width + BUCKETS), np.float32)

    def _some(self, texts: Sequence[str]) -> Floats:
        found = [[self._word(word) for word in words(text)[:MOST_WORDS]] for text in texts]
        meaning = self._meaning(found)
        vectors = np.concatenate([_unit(meaning), SHARE_OF_LETTERS * _unit(_letters(found))], axis=1)
        vectors[~meaning.any(axis=1)] = 0
        return _unit(vectors)

    def _meaning(self, found: list[list[Known]]) -> Floats:
        rows = [row for text in found for word in text for row in word.rows]
        owners = [number for number, text in enumerate(found) for word in text for _row in word.rows]
        summed = np.zeros((len(found), self.width), np.float32)
        if rows:
            starts = np.flatnonzero(np.diff(owners, prepend=-1))
            weighed = self.values[rows] * self.scales[rows, None]
            summed[np.asarray(owners)[starts]] = np.add.reduceat(weighed, starts, axis=0)
        return summed

    def _word(self, word: str) -> Known:
        known = self.kept.get(word)
        if known is None:
            if len(self.kept) >= KEPT_WORDS:
                self.kept.clear()
            known = self.kept[word] = self._looked_up(word)
        return known

    def _looked_up(self, word: str) -> Known:
        if word in self.quiet:
            return Known((self.known[word],) if word in self.known else (), (), ())
        meant = word if word in self.known else self.spelling.meant(word) or word
        marks = [mark for form in sorted({word, meant}) for mark in grams(form)]
        rows = tuple(pieces(meant, self.known))
        return Known(rows, tuple(bucket for bucket, _sign in marks), tuple(sign for _bucket, sign in marks))


def _letters(found: list[list[Known]]) -> Floats:
    places = [
        number * BUCKETS + bucket for number, text in enumerate(found) for word in text for bucket in word.buckets
    ]
    signs = [sign for text in found for word in text for sign in word.signs]
    counted = np.bincount(np.array(places, np.intp), np.array(signs, np.float32), len(found) * BUCKETS)
    return counted.reshape(len(found), BUCKETS).astype(np.float32)


def _unit(vectors: Floats) -> Floats:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), np.float32)


@cache
def load_encoder() -> TextEncoder:
    """Once a process; a quarter of a second and forty megabytes."""
    return TextEncoder()
