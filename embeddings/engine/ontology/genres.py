"""Genres: what each is usually like, whose child it is, and which of them somebody's spelling means."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from embeddings.engine.ontology.reading import Table, folder, listed, pair
from embeddings.engine.ontology.spelling import meant, phrase, stems

Range = tuple[float, float]
BETWEEN = re.compile(r"\s*[,;/|\\\0]\s*|\s+-\s+|\s+&\s+|\s+and\s+")
FADING = 0.7


@dataclass(frozen=True)
class Genre:
    """What a genre is usually like; None and () where neither it nor its parents say."""

    name: str
    family: str
    aliases: tuple[str, ...]
    parents: tuple[str, ...]
    energy: float | None
    tempo: Range | None
    moods: tuple[str, ...]
    instruments: tuple[str, ...]
    vocals: str
    instrumental: float | None
    """how likely nobody sings"""
    language: str
    region: tuple[str, ...]
    era: Range | None
    uses: tuple[str, ...]


class Genres:
    """All genres by name; spellings lead to them."""

    def __init__(self, tables: Iterable[tuple[str, Table]]) -> None:
        self.rows: dict[str, tuple[str, Table]] = {
            name: (family, row) for family, table in tables for name, row in table.items()
        }
        self.built: dict[str, Genre] = {}

    def __getitem__(self, name: str) -> Genre:
        if name not in self.built:
            self.built[name] = self._build(name)
        return self.built[name]

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def _build(self, name: str) -> Genre:
        """Its own words first, then its parents', the first before the second."""
        family, row = self.rows[name]
        parents = listed(row.get("of", ""))
        above = [self[parent] for parent in parents]

        def inherited(field: str, own: object) -> object:
            return next((value for parent in above if (value := getattr(parent, field)) not in (None, "", ())), own)

        def said(field: str, own: object) -> object:
            return inherited(field, own) if own in (None, "", ()) else own

        fields = {
            "energy": row.get("energy"),
            "tempo": pair(row.get("tempo")),
            "moods": listed(row.get("moods", "")),
            "instruments": listed(row.get("instruments", "")),
            "vocals": row.get("vocals", ""),
            "instrumental": row.get("instrumental"),
            "language": row.get("language", ""),
            "region": listed(row.get("region", "")),
            "era": pair(row.get("era")),
            "uses": listed(row.get("uses", "")),
        }
        values = {field: said(field, own) for field, own in fields.items()}
        return Genre(name=name, family=family, aliases=listed(row.get("aka", "")), parents=parents, **values)  # type: ignore[arg-type]

    @lru_cache(maxsize=1024)  # noqa: B019 - one instance a process
    def ancestors(self, name: str) -> Mapping[str, float]:
        """The genre itself, its parents and theirs, fading with each step."""
        found = {name: 1.0}
        for parent in self[name].parents:
            for above, share in self.ancestors(parent).items():
                found[above] = max(found.get(above, 0.0), share * FADING)
        return found

    @cached_property
    def spelled(self) -> dict[tuple[str, ...], str]:
        """Names before aliases."""
        found = {phrase(name): name for name in self}
        for name in self:
            for alias in listed(self.rows[name][1].get("aka", "")):
                found.setdefault(phrase(alias), name)
        return found

    @cached_property
    def stemmed(self) -> dict[tuple[str, ...], str]:
        found: dict[tuple[str, ...], str] = {}
        for words, name in self.spelled.items():
            found.setdefault(stems(words), name)
            found.setdefault(("".join(words),), name)
        return found

    @cached_property
    def singles(self) -> dict[str, str]:
        return {"".join(words): name for words, name in self.spelled.items()}

    @lru_cache(maxsize=4096)  # noqa: B019 - one instance a process
    def named(self, text: str) -> str | None:
        """The genre of that name, however it is written."""
        words = phrase(text)
        found = self.spelled.get(words) or self.stemmed.get(stems(words)) or self.stemmed.get(("".join(words),))
        if found or not words:
            return found
        slip = meant("".join(words), self.singles)
        return self.singles[slip] if slip else None

    @lru_cache(maxsize=4096)  # noqa: B019 - one instance a process
    def in_tag(self, text: str) -> tuple[str, ...]:
        """All genres of a tag such as "Trance, Progressive"; of what is unknown as a whole, its longest known part."""
        if whole := self.named(text):
            return (whole,)
        parts = [part for part in BETWEEN.split(text) if part.strip()]
        if len(parts) > 1:
            return tuple(dict.fromkeys(name for part in parts for name in self.in_tag(part)))
        part = self._within(phrase(text))
        return (part,) if part else ()

    def _within(self, words: tuple[str, ...]) -> str | None:
        """The later of two parts says what it is: "dark melodic trance" is trance."""
        for size in range(len(words) - 1, 0, -1):
            for start in range(len(words) - size, -1, -1):
                if found := self.spelled.get(words[start : start + size]):
                    return found
        return None

    def resolved(self, tags: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for tag in tags for name in self.in_tag(tag)))

    def narrowest(self, names: Iterable[str]) -> tuple[str, ...]:
        """Without those that others of them are kinds of: who says "jazz, cool jazz" says cool jazz."""
        given = tuple(dict.fromkeys(names))
        wider = {above for name in given for above in self.ancestors(name) if above != name}
        return tuple(name for name in given if name not in wider)


@cache
def load_genres() -> Genres:
    return Genres(folder("genres"))
