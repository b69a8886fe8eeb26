"""What is known of a track as far as recommending goes, and what a listener weighs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

PARTS = ("sound", "meaning", "harmony", "tempo", "novelty", "familiarity")


@dataclass(frozen=True)
class Facts:
    """Empty is unknown."""

    track_id: int
    title: str = ""
    artist_id: int = 0
    album_id: int | None = None
    audio_hash: str = ""
    duration_ms: int | None = None
    bpm: float | None = None
    camelot: str | None = None
    energy: float | None = None
    valence: float | None = None
    acoustic: float | None = None
    instrumental: float | None = None
    year: int | None = None
    genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    plays: int = 0
    days_since: float | None = None
    """since it was heard last; None: never"""
    loved: bool = False


@dataclass(frozen=True)
class Weights:
    """How much each part counts, 0 to 1; what counts nothing is not looked at."""

    sound: float = 1.0
    meaning: float = 0.7
    harmony: float = 0.25
    tempo: float = 0.25
    novelty: float = 0.1
    familiarity: float = 0.0

    def shares(self) -> Mapping[str, float]:
        """Of one; all of them equal where a listener has turned everything down."""
        given = {name: max(0.0, getattr(self, name)) for name in PARTS}
        total = sum(given.values())
        return {name: value / total if total else 1 / len(PARTS) for name, value in given.items()}


# A radio is for finding: what was heard often comes later.
RADIO = Weights(sound=1.0, meaning=0.7, harmony=0.25, tempo=0.2, novelty=0.35)
WEIGHTS = tuple(one.name for one in fields(Weights))


@dataclass(frozen=True)
class Ranked:
    """A track that was chosen: how well it goes with what was asked for, and by which parts."""

    place: int
    """in the pool"""
    score: float
    parts: Mapping[str, float | None] = field(default_factory=dict)
