"""What a piece is made of, as plain data: a form, its changes, and layers that play them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Manner = Literal["chords", "arp", "bass", "tune", "beat"]
BEATS_PER_BAR = {"4/4": 4, "3/4": 3, "6/8": 2}
# Tunes count in the notes of the metre: quarters, but eighths in 6/8, whose beat is the dotted quarter.
UNITS_PER_BEAT = {"4/4": 1, "3/4": 1, "6/8": 3}
LEAD_SECONDS = 0.05


@dataclass(frozen=True)
class Layer:
    """One player. A pattern (`text`) has one sign a step, bars parted by `|`, and repeats; a tune, degrees and lengths.

    chords  x X o strike, - hold, . rest, ~ strike at each change
    arp     1 2 3 … the notes of the voicing from below
    bass    1 3 5 7 8 tones of the chord, a the step into the next chord
    tune    degree:length, the length holds until the next one is given; r is a rest, ! an accent
    beat    x X o strike
    """

    voice: str
    manner: Manner
    text: str
    where: str = ""
    low: int = 50
    high: int = 74
    gain: float = 0.0
    pan: float = 0.0
    reverb: float = 0.2
    echo: float = 0.0
    strum_ms: float = 0.0
    ring: float = 0.0
    shift: int = 0
    loose: float = 1.0

    def sounds_in(self, section: str) -> bool:
        return not self.where or section in self.where.split()


@dataclass(frozen=True)
class Section:
    name: str
    bars: int
    start_level: float
    end_level: float


@dataclass(frozen=True)
class Score:
    form: str
    changes: Mapping[str, str]
    layers: tuple[Layer, ...]
    swing: float = 0.0
    swing_unit: float = 0.25
    space: str = "hall"
    wet: float = 1.0
    delay_beats: float = 0.75
    feedback: float = 0.4
    pump: float = 0.0
    dust: float = 0.0
    tail: float = 3.0
    loose_ms: float = 5.0
    duck_by: str = "kick"
    loudness: float = -16.0

    def sections(self) -> Iterator[Section]:
        """`name:bars`, `name:bars:level` or `name:bars:level>level`."""
        for token in self.form.split():
            name, bars, *levels = token.split(":")
            start, _, end = (levels[0] if levels else "1").partition(">")
            yield Section(name, int(bars), float(start), float(end or start))

    def bars(self) -> int:
        return sum(section.bars for section in self.sections())

    def seconds(self, bpm: float, metre: str) -> float:
        return LEAD_SECONDS + self.bars() * BEATS_PER_BAR[metre] * 60 / bpm + self.tail
