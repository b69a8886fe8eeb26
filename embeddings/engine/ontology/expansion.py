"""What genres let expect of a piece, and why: moods, instruments, strength, speed, uses."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from embeddings.engine.ontology.genres import Genre, Range, load_genres

# The first mood of a genre says more of it than the last.
STEP = 0.08
MOST_WORDS_OF_A_KIND = 6


@dataclass(frozen=True)
class Reason:
    """ "Because trance is usually euphoric": kind "mood", value "euphoric", genre "trance"."""

    kind: str
    value: str | float
    genre: str


@dataclass(frozen=True)
class Expansion:
    """What to expect; None and nothing where the genres say nothing."""

    words: str
    moods: Mapping[str, float]
    instrumental: float | None
    energy: float | None
    tempo: Range | None
    because: tuple[Reason, ...]
    genres: Mapping[str, float]
    """the genres themselves and what they are kinds of, fading with distance"""
    instruments: Mapping[str, float]
    uses: Mapping[str, float]
    vocals: Mapping[str, float]
    languages: Mapping[str, float]
    places: Mapping[str, float]
    era: Range | None


def expand(genres: Sequence[str], year: int | None = None) -> Expansion:
    """Of genres as tags write them; what is unknown adds nothing."""
    return _expanded(load_genres().resolved(genres), year)


@lru_cache(maxsize=8192)
def _expanded(names: tuple[str, ...], year: int | None) -> Expansion:
    known = load_genres()
    narrow = [known[name] for name in known.narrowest(names)]
    weights = _ancestry(names)
    moods = _shared(narrow, "moods")
    instruments = _shared(narrow, "instruments")
    uses = _shared(narrow, "uses")
    era = _spread([genre.era for genre in narrow])
    return Expansion(
        words=_words(weights, moods, instruments, uses, narrow, era, year),
        moods=moods,
        instrumental=_mean([genre.instrumental for genre in narrow]),
        energy=_mean([genre.energy for genre in narrow]),
        tempo=_spread([genre.tempo for genre in narrow]),
        because=tuple(reason for genre in narrow for reason in _reasons(genre)),
        genres=weights,
        instruments=instruments,
        uses=uses,
        vocals=_share([(genre.vocals,) if genre.vocals else () for genre in narrow]),
        languages=_share([(genre.language,) if genre.language else () for genre in narrow]),
        places=_share([genre.region for genre in narrow]),
        era=era,
    )


def _ancestry(names: Iterable[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in names:
        for above, share in load_genres().ancestors(name).items():
            found[above] = max(found.get(above, 0.0), share)
    return found


def _shared(genres: list[Genre], field: str) -> dict[str, float]:
    return _share([getattr(genre, field) for genre in genres])


def _share(lists: Sequence[tuple[str, ...]]) -> dict[str, float]:
    """How much each is to be expected: between what the surest genre says and what they all say together."""
    most: dict[str, float] = defaultdict(float)
    total: dict[str, float] = defaultdict(float)
    for values in lists:
        for place, value in enumerate(values):
            weight = max(1.0 - STEP * place, 0.4)
            most[value] = max(most[value], weight)
            total[value] += weight
    count = max(len(lists), 1)
    return {value: (most[value] + total[value] / count) / 2 for value in most}


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _spread(values: Iterable[Range | None]) -> Range | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return sum(low for low, _high in known) / len(known), sum(high for _low, high in known) / len(known)


def _reasons(genre: Genre) -> list[Reason]:
    found = [Reason("mood", mood, genre.name) for mood in genre.moods[:2]]
    if genre.instrumental is not None and genre.instrumental >= 0.6:
        found.append(Reason("instrumental", genre.instrumental, genre.name))
    if genre.energy is not None:
        found.append(Reason("energy", genre.energy, genre.name))
    if genre.tempo is not None:
        found.append(Reason("tempo", sum(genre.tempo) / 2, genre.name))
    return found


def strongest(weights: Mapping[str, float], most: int = MOST_WORDS_OF_A_KIND) -> list[str]:
    return sorted(weights, key=lambda value: (-weights[value], value))[:most]


def _words(
    weights: Mapping[str, float],
    moods: Mapping[str, float],
    instruments: Mapping[str, float],
    uses: Mapping[str, float],
    narrow: list[Genre],
    era: Range | None,
    year: int | None,
) -> str:
    said = [*strongest(weights), *strongest(moods), *strongest(instruments), *strongest(uses, 4)]
    said += dict.fromkeys(place for genre in narrow for place in (*genre.region, genre.language) if place)
    said += dict.fromkeys("instrumental" for genre in narrow if (genre.instrumental or 0) >= 0.8)
    said += dict.fromkeys(genre.vocals for genre in narrow if genre.vocals)
    if year is None and era is not None and era[1] - era[0] <= 20:
        said.append(decade(int(sum(era) / 2)))
    return ", ".join(said)


def decade(year: int) -> str:
    return f"{year // 10 * 10}s"
