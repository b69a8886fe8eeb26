"""What else is known beside genres: moods, uses, instruments, ways of singing, places, languages, speeds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from embeddings.engine.ontology.reading import Table, listed, pair, read, weighed

Range = tuple[float, float]
# What people do, and the scenes that they describe instead.
USES = ("lexicon/uses.toml", "lexicon/scenes.toml")


@dataclass(frozen=True)
class Mood:
    name: str
    valence: float
    energy: float
    near: Mapping[str, float]


@dataclass(frozen=True)
class Use:
    """What people do while they listen, and what serves it."""

    name: str
    energy: Range | None
    tempo: Range | None
    moods: tuple[str, ...]
    like: tuple[str, ...]
    instrumental: float | None


@dataclass(frozen=True)
class Ontology:
    """Everything but genres and artists, by canonical name."""

    moods: Mapping[str, Mood]
    uses: Mapping[str, Use]
    instruments: Mapping[str, str]
    """instrument → what it is a kind of"""
    places: Mapping[str, tuple[str, ...]]
    """place → the larger ones"""
    spoken: Mapping[str, str]
    """place → language"""
    languages: Mapping[str, str]
    """language → place"""
    tempos: Mapping[str, Range]
    energies: Mapping[str, Range]
    lengths: Mapping[str, Range]
    above: dict[str, frozenset[str]] = field(default_factory=dict)

    def likeness(self, wanted: str, found: str) -> float:
        """How far one mood satisfies who asks for another."""
        if wanted == found:
            return 1.0
        there = self.moods[wanted].near.get(found, 0.0) if wanted in self.moods else 0.0
        back = self.moods[found].near.get(wanted, 0.0) if found in self.moods else 0.0
        return max(there, 0.9 * back)

    def within(self, place: str) -> frozenset[str]:
        """The place itself and all that it lies in."""
        if place not in self.above:
            larger = (self.within(name) for name in self.places.get(place, ()))
            self.above[place] = frozenset({place}).union(*larger)
        return self.above[place]

    def kind_of(self, instrument: str) -> tuple[str, ...]:
        """The instrument itself, and what it is a kind of."""
        found = [instrument]
        while above := self.instruments.get(found[-1]):
            found.append(above)
        return tuple(found)


def _mood(name: str, row: Table) -> Mood:
    return Mood(name, float(row["valence"]), float(row["energy"]), weighed(row.get("near", "")))


def _use(name: str, row: Table) -> Use:
    return Use(
        name,
        pair(row.get("energy")),
        pair(row.get("tempo")),
        listed(row.get("moods", "")),
        listed(row.get("like", "")),
        row.get("instrumental"),
    )


def _ranges(table: Table) -> dict[str, Range]:
    return {name: (float(row["range"][0]), float(row["range"][1])) for name, row in table.items()}


@cache
def load_ontology() -> Ontology:
    places = read("lexicon/places.toml")
    measures = read("lexicon/tempo.toml")
    return Ontology(
        moods={name: _mood(name, row) for name, row in read("lexicon/moods.toml").items()},
        uses={name: _use(name, row) for file in USES for name, row in read(file).items()},
        instruments={name: row.get("of", "") for name, row in read("lexicon/instruments.toml").items()},
        places={name: listed(row.get("of", "")) for name, row in places.items()},
        spoken={name: row["speaks"] for name, row in places.items() if "speaks" in row},
        languages={name: row["place"] for name, row in read("lexicon/languages.toml").items()},
        tempos=_ranges(measures["tempo"]),
        energies=_ranges(measures["energy"]),
        lengths=_ranges(measures["length"]),
    )
