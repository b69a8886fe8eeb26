"""Keys, chords written as Roman numerals, and the leading of their voices."""

import re
from dataclasses import dataclass
from itertools import pairwise

PITCH_CLASSES = {
    "C": 0, "C#": 1, "Db": 1, "D": 2, "Eb": 3, "E": 4, "F": 5, "F#": 6, "G": 7, "G#": 8, "Ab": 8, "A": 9,
    "Bb": 10, "B": 11,
}  # fmt: skip
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
# What the suffix adds to the triad; a numeral in small letters lowers the third.
SUFFIXES = {
    "": (0, 4, 7), "5": (0, 7), "dim": (0, 3, 6), "sus2": (0, 2, 7), "sus4": (0, 5, 7),
    "6": (0, 4, 7, 9), "7": (0, 4, 7, 10), "maj7": (0, 4, 7, 11), "7sus4": (0, 5, 7, 10), "dim7": (0, 3, 6, 9),
    "add9": (0, 4, 7, 14), "69": (0, 4, 7, 9, 14), "9": (0, 4, 7, 10, 14), "maj9": (0, 4, 7, 11, 14),
    "9sus4": (0, 5, 7, 10, 14), "7b9": (0, 4, 7, 10, 13), "13": (0, 4, 10, 14, 21),
}  # fmt: skip
CHORD = re.compile(r"^(?P<accidental>[b#]?)(?P<numeral>[IViv]+)(?P<suffix>[^/]*)(?:/(?P<bass>[b#]?[1-7]))?$")
DEGREE = re.compile(r"^(?P<accidental>[b#]?)(?P<degree>\d+)(?P<octave>[',]*)$")


@dataclass(frozen=True)
class Key:
    tonic: int
    scale: str

    @classmethod
    def named(cls, name: str, scale: str) -> "Key":
        return cls(PITCH_CLASSES[name], scale)

    def pitch(self, degree: int, middle: int) -> int:
        """The MIDI number of a degree (1 is the tonic, 8 its octave), from the tonic at or above `middle`."""
        octave, step = divmod(degree - 1, 7)
        return middle + (self.tonic - middle) % 12 + 12 * octave + SCALES[self.scale][step]


@dataclass(frozen=True)
class Chord:
    root: int
    bass: int
    intervals: tuple[int, ...]

    def tones(self) -> tuple[int, ...]:
        return tuple((self.root + interval) % 12 for interval in self.intervals)

    def upper(self) -> tuple[int, ...]:
        """At most four tones: the bass says the root, so that a large chord can leave it out."""
        tones = self.tones()
        return tones if len(tones) <= 4 else tones[1:5]


def _accidental(sign: str) -> int:
    return {"": 0, "b": -1, "#": 1}[sign]


def parse_chord(text: str, key: Key) -> Chord:
    match = CHORD.match(text)
    if match is None:
        raise ValueError(f"not a chord: {text!r}")
    numeral = match["numeral"]
    degree = NUMERALS.index(numeral.upper())
    root = (key.tonic + SCALES[key.scale][degree] + _accidental(match["accidental"])) % 12
    intervals = SUFFIXES[match["suffix"]]
    if numeral.islower():
        intervals = tuple(3 if interval == 4 else interval for interval in intervals)
    bass = parse_degree(match["bass"], key, 0) % 12 if match["bass"] else root
    return Chord(root, bass, intervals)


def parse_degree(text: str, key: Key, middle: int, shift: int = 0) -> int:
    """A melody note such as `5`, `#4`, `3'` or `7,`; `shift` moves it along the scale, for a second voice in thirds."""
    match = DEGREE.match(text)
    if match is None:
        raise ValueError(f"not a degree: {text!r}")
    octaves = match["octave"].count("'") - match["octave"].count(",")
    return key.pitch(int(match["degree"]) + shift, middle) + _accidental(match["accidental"]) + 12 * octaves


def _stacked(tones: tuple[int, ...], floor: int) -> tuple[int, ...]:
    stack: list[int] = []
    for tone in tones:
        lowest = stack[-1] + 1 if stack else floor
        stack.append(lowest + (tone - lowest) % 12)
    return tuple(stack)


def _candidates(tones: tuple[int, ...], low: int, high: int) -> list[tuple[int, ...]]:
    found = []
    for turn in range(len(tones)):
        close = _stacked(tones[turn:] + tones[:turn], low)
        for lift in range(0, 37, 12):
            voicing = tuple(pitch + lift for pitch in close)
            dropped = tuple(sorted((*voicing[:-2], voicing[-2] - 12, voicing[-1])))
            found += [shape for shape in (voicing, dropped) if shape[0] >= low and shape[-1] <= high]
    return found or [_stacked(tones, low)]


def _roughness(voicing: tuple[int, ...]) -> int:
    """Semitones, and seconds in the low register, where they growl."""
    return sum(
        4 if upper - lower == 1 else 2 if upper - lower == 2 and lower < 55 else 0 for lower, upper in pairwise(voicing)
    )


def lead(chord: Chord, previous: tuple[int, ...], low: int, high: int) -> tuple[int, ...]:
    """The voicing that moves least from the previous one, drawn gently to the middle of the register."""
    middle = (low + high) / 2

    def cost(voicing: tuple[int, ...]) -> float:
        drift = abs(sum(voicing) / len(voicing) - middle)
        if not previous:
            return drift + _roughness(voicing)
        steps = sum(min(abs(pitch - other) for other in previous) for pitch in voicing)
        return steps + abs(voicing[-1] - previous[-1]) + 0.4 * drift + _roughness(voicing)

    return min(_candidates(chord.upper(), low, high), key=cost)
