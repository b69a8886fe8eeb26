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


class Songs:
    """By artist and title, without accents, case and what versions add to a title."""

    def __init__(self) -> None:
        self.known: dict[tuple[Phrase, Phrase], Song] = {}
        for _file, table in folder("songs"):
            for name, said in table["songs"].items():
                artist, _dash, title = name.partition(BETWEEN)
                self.known.setdefault((name_key(artist), title_key(title)), _song(said))

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
