"""Every phrase that the grammar knows, in French and in English, with what it means."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from embeddings.engine.ontology.artists import load_artists
from embeddings.engine.ontology.genres import load_genres
from embeddings.engine.ontology.reading import Table, listed, read
from embeddings.engine.ontology.spelling import Phrase, meant, phrase, stems

LANGUAGES = ("en", "fr")
LONGEST = 6
SHORTEST_JOINED = 6
# Of two meanings of one phrase the earlier is taken: "piano" is the instrument, not the genre of that name.
CONCEPTS = (
    ("vocals", "vocals.toml", None),
    ("use", "uses.toml", None),
    ("use", "scenes.toml", None),
    ("mood", "moods.toml", None),
    ("tempo", "tempo.toml", "tempo"),
    ("energy", "tempo.toml", "energy"),
    ("length", "tempo.toml", "length"),
    ("language", "languages.toml", None),
    ("region", "places.toml", None),
    ("instrument", "instruments.toml", None),
)
CUES = ("exclusion", "negation", "strong", "weak", "more", "less", "like", "barrier", "filler")
FUNCTIONS = frozenset(CUES)


@dataclass(frozen=True)
class Meaning:
    """A concept of the ontology, or what a word does to its neighbours."""

    kind: str
    value: str

    @property
    def concept(self) -> bool:
        return self.kind not in FUNCTIONS


class Lexicon:
    """Phrases by their words, and by the stems of their words."""

    def __init__(self, languages: Sequence[str] = LANGUAGES) -> None:
        self.exact: dict[Phrase, Meaning] = {}
        self.stemmed: dict[Phrase, Meaning] = {}
        self.quiet = {words for words, _meaning in _cues(languages, ("filler",))}
        for words, meaning in self._all(languages):
            self.exact.setdefault(words, meaning)
            if meaning.concept:
                self.stemmed.setdefault(stems(words), meaning)
        self.own = frozenset(word for words, meaning in self.exact.items() if meaning.concept for word in words)
        self.plain = frozenset(words[0] for words in self.quiet if len(words) == 1)
        """ "somthing" is something, and no slip of soothing"""
        self.kept = self._never_corrected(languages)
        self.corrected: dict[str, str | None] = {}
        self.run_together = {
            "".join(words): meaning
            for words, meaning in self.exact.items()
            if len(words) > 1 and meaning.concept and len("".join(words)) >= SHORTEST_JOINED
        }

    def _all(self, languages: Sequence[str]) -> Iterator[tuple[Phrase, Meaning]]:
        yield from _genre_names()
        yield from _concepts(languages)
        yield from self._genre_aliases()
        yield from _cues(languages, CUES)

    def _genre_aliases(self) -> Iterator[tuple[Phrase, Meaning]]:
        """Tags say "film" and "score"; in a sentence those words say something else."""
        only_tags = {phrase(word) for word in listed(read("lexicon/cues.toml")["only_tags"]["words"])} | self.quiet
        for words, name in load_genres().spelled.items():
            if words not in only_tags:
                yield words, Meaning("genre", name)

    def _never_corrected(self, languages: Sequence[str]) -> frozenset[str]:
        known = {word for words in self.exact for word in words}
        known |= {word for words, _meaning in _cues(LANGUAGES, ("known",)) for word in words}
        known |= {word for words, _meaning in _cues(LANGUAGES, CUES) for word in words}
        return frozenset(known | load_artists().words)

    def lookup(self, words: Phrase) -> Meaning | None:
        """As it stands; else by its stems, which a single word of grammar has none of."""
        found = self.exact.get(words)
        if found is None and not (len(words) == 1 and (words in self.quiet or len(words[0]) < 4)):
            found = self.stemmed.get(stems(words))
        return found

    def joined(self, words: Phrase) -> Meaning | None:
        """A phrase of several words that was written as one, or with a slip in a word too short to be corrected."""
        whole = "".join(words)
        if len(whole) < SHORTEST_JOINED or all(word in self.kept for word in words):
            return None
        exact = self.run_together.get(whole)
        if exact is None and len(words) > 1:
            slip = meant(whole, self.run_together)
            exact = self.run_together[slip] if slip else None
        return exact

    def concept(self, text: str) -> Meaning | None:
        """Of a whole tag, as other programs write it."""
        found = self.lookup(phrase(text))
        return found if found is not None and found.concept else None

    def correction(self, word: str) -> str:
        """The word that was meant, where only one of ours is a slip away and it is no word itself."""
        if word in self.kept or stems((word,)) in self.stemmed:
            return word
        if word not in self.corrected:
            self.corrected[word] = None if meant(word, self.plain) else meant(word, self.own)
        return self.corrected[word] or word


# One-word names of genres that are everyday words first.
EVERYDAY = frozenset(
    {
        "dance",
        "acoustic",
        "christmas",
        "world",
        "oud",
        "nature",
        "african",
        "latin",
        "indian",
        "greek",
        "celtic",
        "corsican",
        "maghreb",
        "arabic",
        "balkan",
        "persian",
        "symphony",
        "lounge",
        "swing",
        "choral",
        "israeli",
        "armenian",
        "vietnamese",
        "malagasy",
        "quebecois",
        "belgian",
        "karaoke",
        "experimental",
        "noise",
    }
)


def _genre_names() -> Iterator[tuple[Phrase, Meaning]]:
    for name in load_genres():
        if name not in EVERYDAY and name not in {"rave", "acoustic guitar", "protest song"}:
            yield phrase(name), Meaning("genre", name)


def _concepts(languages: Sequence[str]) -> Iterator[tuple[Phrase, Meaning]]:
    for kind, file, part in CONCEPTS:
        table = read(f"lexicon/{file}")
        rows: Table = table[part] if part else table
        for name, row in rows.items():
            for language in languages:
                for said in listed(row[language]):
                    yield phrase(said), Meaning(kind, name)


def _cues(languages: Sequence[str], kinds: Sequence[str]) -> Iterator[tuple[Phrase, Meaning]]:
    table = read("lexicon/cues.toml")
    for kind in kinds:
        for language in languages:
            for said in listed(table[kind][language]):
                yield phrase(said), Meaning(kind, kind)


@cache
def load_lexicon(languages: tuple[str, ...] = LANGUAGES) -> Lexicon:
    return Lexicon(languages)
