"""Reads a score as a player would: which note sounds when, how long and how hard."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .score import BEATS_PER_BAR, UNITS_PER_BEAT, Layer, Score, Section
from .theory import Chord, Key, lead, parse_chord, parse_degree

STRENGTH = {"X": 1.0, "x": 0.78, "o": 0.5}


@dataclass(frozen=True)
class Note:
    beat: float
    beats: float
    pitch: int
    velocity: float
    delay_ms: float = 0.0


@dataclass(frozen=True)
class Change:
    beat: float
    beats: float
    chord: Chord


@dataclass(frozen=True)
class Step:
    beat: float
    beats: float
    sign: str


@dataclass(frozen=True)
class Passage:
    """A section in its place, with the chords that sound in it and the first one after it."""

    section: Section
    beat: float
    beats: float
    changes: tuple[Change, ...]

    def level(self, beat: float) -> float:
        way = (beat - self.beat) / self.beats
        return self.section.start_level + way * (self.section.end_level - self.section.start_level)

    def change_at(self, beat: float) -> int:
        return max(i for i, change in enumerate(self.changes) if change.beat <= beat + 1e-6)


def _changes(text: str, section: Section, start: float, per_bar: int, key: Key) -> Iterator[Change]:
    bars = [bar.split() for bar in text.split("|")]
    for number in range(section.bars):
        names = bars[number % len(bars)]
        beats = per_bar / len(names)
        for place, name in enumerate(names):
            yield Change(start + number * per_bar + place * beats, beats, parse_chord(name, key))


def passages(score: Score, key: Key, metre: str) -> list[Passage]:
    per_bar, beat, found = BEATS_PER_BAR[metre], 0.0, []
    for section in score.sections():
        text = score.changes.get(section.name) or score.changes[""]
        found.append(Passage(section, beat, section.bars * per_bar, tuple(_changes(text, section, beat, per_bar, key))))
        beat += section.bars * per_bar
    return found


def _steps(text: str, passage: Passage, per_bar: int) -> Iterator[Step]:
    """The struck steps of a pattern, each as long as the dashes after it say."""
    bars = [bar.strip() for bar in text.split("|")]
    for number in range(passage.section.bars):
        bar = bars[number % len(bars)]
        length = per_bar / len(bar)
        for place, sign in enumerate(bar):
            if sign in ".-":
                continue
            held = 1
            while place + held < len(bar) and bar[place + held] == "-":
                held += 1
            yield Step(passage.beat + number * per_bar + place * length, held * length, sign)


def _held(changes: tuple[Change, ...]) -> Iterator[Change]:
    """Neighbours of one chord as one change, so that what sustains is not struck again."""
    current = changes[0]
    for change in changes[1:]:
        if change.chord == current.chord:
            current = Change(current.beat, current.beats + change.beats, current.chord)
        else:
            yield current
            current = change
    yield current


class Player:
    """One layer, with the memory that a player has: the last voicing and its own unevenness."""

    def __init__(self, layer: Layer, key: Key, metre: str, seed: int) -> None:
        self.layer, self.key = layer, key
        self.per_bar, self.units = BEATS_PER_BAR[metre], UNITS_PER_BEAT[metre]
        self.random = random.Random(seed)  # noqa: S311 - unevenness, no secret
        self.voicing: tuple[int, ...] = ()
        self.voiced: Chord | None = None

    def play(self, passage: Passage) -> Iterator[Note]:
        read = {
            "chords": self._chords, "arp": self._arp, "bass": self._bass, "tune": self._tune, "beat": self._beat,
        }[self.layer.manner]  # fmt: skip
        for note in read(passage):
            velocity = note.velocity * passage.level(note.beat) * self.random.uniform(0.9, 1.08)
            yield Note(note.beat, note.beats + self.layer.ring, note.pitch, min(1.0, velocity), note.delay_ms)

    def _voice(self, chord: Chord) -> tuple[int, ...]:
        if chord != self.voiced:
            self.voicing = lead(chord, self.voicing, self.layer.low, self.layer.high)
            self.voiced = chord
        return self.voicing

    def _strike(self, beat: float, beats: float, chord: Chord, strength: float) -> Iterator[Note]:
        for place, pitch in enumerate(self._voice(chord)):
            yield Note(beat, beats, pitch, strength * self.random.uniform(0.92, 1.0), place * self.layer.strum_ms)

    def _chords(self, passage: Passage) -> Iterator[Note]:
        if self.layer.text == "~":
            for change in _held(passage.changes):
                yield from self._strike(change.beat, change.beats, change.chord, 0.75)
            return
        for step in _steps(self.layer.text, passage, self.per_bar):
            chord = passage.changes[passage.change_at(step.beat)].chord
            yield from self._strike(step.beat, step.beats, chord, STRENGTH[step.sign])

    def _arp(self, passage: Passage) -> Iterator[Note]:
        for step in _steps(self.layer.text, passage, self.per_bar):
            voicing = self._voice(passage.changes[passage.change_at(step.beat)].chord)
            octave, place = divmod(int(step.sign) - 1, len(voicing))
            accent = 0.82 if step.beat % 1 < 1e-6 else 0.68
            yield Note(step.beat, step.beats, voicing[place] + 12 * octave, accent)

    def _bass(self, passage: Passage) -> Iterator[Note]:
        for step in _steps(self.layer.text, passage, self.per_bar):
            index = passage.change_at(step.beat)
            chord = passage.changes[index].chord
            following = passage.changes[(index + 1) % len(passage.changes)].chord
            accent = 0.9 if step.beat % self.per_bar < 1e-6 else 0.76
            yield Note(step.beat, step.beats, self._bass_pitch(step.sign, chord, following), accent)

    def _bass_pitch(self, sign: str, chord: Chord, following: Chord) -> int:
        low = self.layer.low
        if sign == "a":
            return low + (following.bass - low) % 12 - 1
        bottom = low + (chord.bass - low) % 12
        if sign in "18":
            return bottom + (12 if sign == "8" else 0)
        third = next((i for i in chord.intervals if i in (2, 3, 4, 5)), 7)
        seventh = next((i for i in chord.intervals if i in (9, 10, 11)), 12)
        fifth = next((i for i in chord.intervals if i in (6, 7)), 7)
        interval = {"3": third, "5": fifth, "7": seventh}[sign]
        return bottom + (chord.root + interval - chord.bass) % 12

    def _tune(self, passage: Passage) -> Iterator[Note]:
        tokens = self.layer.text.replace("|", " ").split()
        beat, place, length, end = passage.beat, 0, 1.0, passage.beat + passage.beats
        while beat < end - 1e-6:
            name, _, given = tokens[place % len(tokens)].partition(":")
            length = float(Fraction(given)) / self.units if given else length
            if name != "r":
                pitch = parse_degree(name.rstrip("!"), self.key, self.layer.low, self.layer.shift)
                stress = 0.1 * name.endswith("!") + 0.05 * (beat % 1 < 1e-6) + min(0.1, 0.05 * length)
                yield Note(beat, min(length, end - beat) * 0.97, pitch, 0.7 + stress)
            beat, place = beat + length, place + 1

    def _beat(self, passage: Passage) -> Iterator[Note]:
        for step in _steps(self.layer.text, passage, self.per_bar):
            yield Note(step.beat, step.beats, 0, STRENGTH[step.sign])


def swung(beat: float, swing: float, unit: float) -> float:
    """Moves the second of each pair of steps back by `swing` of a step, and stretches what lies between."""
    pair, place = divmod(beat, 2 * unit)
    middle = unit * (1 + swing)
    if place < unit:
        return pair * 2 * unit + place * middle / unit
    return pair * 2 * unit + middle + (place - unit) * (2 * unit - middle) / unit
