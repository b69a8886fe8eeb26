"""What well-known artists play: what coarse genres of ordinary files leave out."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from embeddings.engine.ontology.reading import folder, listed
from embeddings.engine.ontology.spelling import Phrase, meant, phrase

CREDITS = re.compile(
    r"\s*(?:[,;/&+×]|\b(?:feat|ft|featuring|and|et|vs|with|avec|presents|x|und|y)\b\.?)\s*", re.IGNORECASE
)
ARTICLES = frozenset({"the", "les", "le", "la", "los", "el"})


@dataclass(frozen=True)
class Artist:
    """What is typical of them; () where the file says nothing."""

    name: str
    genres: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    vocals: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()

    def with_more(self, other: "Artist") -> "Artist":
        """In two groups of the file: what both say."""

        def both(one: tuple[str, ...], two: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(dict.fromkeys((*one, *two)))

        return Artist(
            self.name,
            both(self.genres, other.genres),
            both(self.places, other.places),
            both(self.languages, other.languages),
            both(self.vocals, other.vocals),
            both(self.instruments, other.instruments),
            both(self.moods, other.moods),
        )


def name_key(name: str) -> Phrase:
    """Without accents, case and a leading article."""
    words = phrase(name)
    return words[1:] if len(words) > 1 and words[0] in ARTICLES else words


class Artists:
    """By name, without accents, case and a leading article."""

    def __init__(self) -> None:
        self.known: dict[Phrase, Artist] = {}
        for _file, table in folder("artists"):
            for row in table["group"]:
                self._take_in(row)
        self.words = frozenset(word for words in self.known for word in words)
        self.joined = {"".join(words): artist for words, artist in self.known.items()}

    def _take_in(self, row: dict[str, str]) -> None:
        fields = {
            name: listed(row.get(name, ""))
            for name in ("genres", "places", "languages", "vocals", "instruments", "moods")
        }
        for name in row["names"].replace("\n", " ").split(";"):
            if words := name_key(name):
                artist = Artist(name=name.strip(), **fields)
                self.known[words] = self.known[words].with_more(artist) if words in self.known else artist

    def __len__(self) -> int:
        return len(self.known)

    def named(self, name: str) -> Artist | None:
        return self.known.get(name_key(name))

    @lru_cache(maxsize=1024)  # noqa: B019 - one instance a process
    def meant(self, name: str) -> Artist | None:
        """But for one slip."""
        found = self.named(name)
        if found is None:
            slip = meant("".join(name_key(name)), self.joined)
            found = self.joined[slip] if slip else None
        return found

    @lru_cache(maxsize=8192)  # noqa: B019 - one instance a process
    def credited(self, credit: str) -> Artist | None:
        """Of a whole credit; else of everybody in it who is known."""
        if whole := self.named(credit):
            return whole
        people = [artist for part in CREDITS.split(credit) if part and (artist := self.named(part))]
        return _together(people)


def _together(people: Iterable[Artist]) -> Artist | None:
    found: Artist | None = None
    for artist in people:
        found = found.with_more(artist) if found else artist
    return found


@cache
def load_artists() -> Artists:
    return Artists()
