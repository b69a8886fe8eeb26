"""A request, understood: what was meant by which of its words, and what remains."""

from dataclasses import dataclass
from typing import Literal

from embeddings.engine.documents import TrackFacts
from embeddings.engine.grammar.profile import Profile

Kind = Literal[
    "genre",
    "mood",
    "instrument",
    "vocals",
    "decade",
    "years",
    "tempo",
    "energy",
    "key",
    "language",
    "region",
    "use",
    "length",
    "artist_like",
    "track_like",
    "than",
]


@dataclass(frozen=True)
class Chip:
    """One thing that is wanted, or not.

    Values: canonical names of the ontology; "1980s"; "1990-1995", "-1974", "2019-"; tempo "slow", "fast" or "115-125";
    key "8A", "minor"; length "short", "long" or in seconds "600-"; than: what there should be more of, negated: less.
    """

    kind: Kind
    value: str
    text: str
    """the words that said it"""
    negated: bool = False
    weight: float = 1.0
    start: int = 0
    """where they stand in the request"""
    end: int = 0


@dataclass(frozen=True)
class Liked:
    """A track that the answer should be like, without being it."""

    value: str
    """as its chip names it"""
    track_id: int
    facts: TrackFacts
    profile: Profile


@dataclass(frozen=True)
class Asked:
    """The chips, and the words that are none: names, most likely, for full text."""

    chips: tuple[Chip, ...] = ()
    rest: str = ""
    words: str = ""
    """English, with what the ontology adds: for the encoder"""
    liking: str | None = None
    """the artist that the result should be like"""
    liked: tuple[Liked, ...] = ()
    """the tracks that it should be like"""

    def __bool__(self) -> bool:
        return bool(self.chips or self.rest)
