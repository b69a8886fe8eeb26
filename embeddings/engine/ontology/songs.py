"""What well-known pieces are like: what files say nothing of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from embeddings.engine.ontology.artists import CREDITS, name_key
from embeddings.engine.ontology.reading import folder, listed
from embeddings.engine.ontology.spelling import Phrase, phrase

BETWEEN = " — "
# "(Remastered 2011)", "[Live]", "- Radio Edit": the same piece.
VERSION = re.compile(r"\s*(?:[(\[][^)\]]*[)\]]|\s-\s.*)\s*$")


@dataclass(frozen=True)
class Song:
    """How energetic it is, from 0 to 1, and what else is typical of it, the most typical first."""

    energy: float
    words: tuple[str, ...]

    def with_more(self, other: "Song") -> "Song":
        """Said twice: all words of both, and as energetic as both say on average."""
        return Song((self.energy + other.energy) / 2, tuple(dict.fromkeys((*self.words, *other.words))))


class Songs:
    """By artist and title, without accents, case and what versions add to a title."""

    def __init__(self) -> None:
        self.known: dict[tuple[Phrase, Phrase], Song] = {}
        for _file, table in folder("songs"):
            for name, said in table.get("songs", {}).items():
                self._take_in(name, _song(said))
            for row in table.get("group", ()):
                song = Song(float(row["energy"]), listed(row["words"]))
                for name in row["songs"].replace("\n", " ").split(";"):
                    self._take_in(name.strip(), song)

    def _take_in(self, name: str, song: Song) -> None:
        artist, dash, title = name.partition(BETWEEN)
        if dash:
            key = name_key(artist), title_key(title)
            self.known[key] = self.known[key].with_more(song) if key in self.known else song

    def __len__(self) -> int:
        return len(self.known)

    @lru_cache(maxsize=8192)  # noqa: B019 - one instance a process
    def named(self, credit: str, title: str) -> Song | None:
        """By whoever of the credit it is known of."""
        wanted = title_key(title)
        return next((song for one in _people(credit) if (song := self.known.get((one, wanted)))), None)


def title_key(title: str) -> Phrase:
    """As it is without the version; which is all there is of some titles."""
    return phrase(VERSION.sub("", title)) or phrase(title)


def _people(credit: str) -> Iterator[Phrase]:
    yield name_key(credit)
    yield from (name_key(part) for part in CREDITS.split(credit) if part)


def _song(said: str) -> Song:
    energy, _space, words = said.partition(" ")
    return Song(float(energy), listed(words))


@cache
def load_songs() -> Songs:
    return Songs()
