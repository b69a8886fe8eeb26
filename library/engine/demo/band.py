"""Plays a score: every note by its voice into a mix, a reverb send and an echo send; then the master."""

import zlib
from functools import cache

import numpy as np

from .catalogue import Piece
from .mastering import finish
from .performance import Note, Passage, Player, passages, swung
from .score import LEAD_SECONDS, Layer, Score
from .space import repeat, reverberate
from .theory import Key
from .voices import DRUMS, VOICES, Signal, Tone
from .voices.tones import noise

TAKES_OF_A_DRUM = 4
SHADES_OF_VELOCITY = 4


def _peak(sound: Signal) -> float:
    return float(max(np.abs(part).max() for part in np.array_split(sound, 8, axis=-1) if part.size)) or 1.0


@cache
def _drum_kit(name: str, rate: int) -> list[Signal]:
    """A few takes of each drum, so that no two strokes running are the same; louder takes are not made louder."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    takes = [DRUMS[name](rate, random) for _ in range(TAKES_OF_A_DRUM)]
    scale = 0.5 / max(_peak(take) for take in takes)
    fade = np.linspace(1, 0, int(0.01 * rate), dtype=np.float32)
    for take in takes:
        take *= scale
        take[-fade.size :] *= fade
    return takes


class Band:
    def __init__(self, piece: Piece, score: Score, rate: int) -> None:
        self.piece, self.score, self.rate = piece, score, rate
        self.key = Key.named(piece.key, piece.scale)
        self.seed = zlib.crc32(piece.slug.encode())
        self.random = np.random.default_rng(self.seed)
        size = (2, round(piece.seconds * rate))
        self.dry, self.room, self.echo = (np.zeros(size, np.float32) for _ in range(3))
        self.notes: dict[tuple[str, int, int, int], Signal] = {}

    def play(self) -> Signal:
        form = passages(self.score, self.key, self.piece.metre)
        struck = [layer.voice == self.score.duck_by for layer in self.score.layers]
        pump = [
            beat
            for layer in self.score.layers
            if layer.voice == self.score.duck_by
            for beat in self._beats(layer, form)
        ]
        melodic = [layer for layer in self.score.layers if layer.manner != "beat"]
        for layer in melodic:
            self._play_layer(layer, form)
        if self.score.pump and any(struck):
            self._duck(sorted(pump))
        for layer in self.score.layers:
            if layer.manner == "beat":
                self._play_layer(layer, form)
        self._mix()
        return self.dry

    def _player(self, layer: Layer) -> Player:
        number = self.score.layers.index(layer)
        return Player(layer, self.key, self.piece.metre, self.seed + number)

    def _beats(self, layer: Layer, form: list[Passage]) -> list[float]:
        player = self._player(layer)
        return [note.beat for passage in form if layer.sounds_in(passage.section.name) for note in player.play(passage)]

    def _play_layer(self, layer: Layer, form: list[Passage]) -> None:
        player = self._player(layer)
        for passage in form:
            if layer.sounds_in(passage.section.name):
                for note in player.play(passage):
                    self._play_note(layer, note)
        self.notes.clear()

    def _at(self, beat: float) -> float:
        return LEAD_SECONDS + swung(beat, self.score.swing, self.score.swing_unit) * 60 / self.piece.bpm

    def _play_note(self, layer: Layer, note: Note) -> None:
        start = self._at(note.beat)
        held = self._at(note.beat + note.beats) - start
        late = 0.001 * (note.delay_ms + layer.loose * self.score.loose_ms * float(self.random.normal()))
        sound = self._drum(layer) if layer.manner == "beat" else self._voice(layer, note, held)
        gain = 10 ** (layer.gain / 20) * note.velocity**1.4
        self._add(sound, max(0.0, start + late), gain, layer)

    def _drum(self, layer: Layer) -> Signal:
        takes = _drum_kit(layer.voice, self.rate)
        return takes[int(self.random.integers(len(takes)))]

    def _voice(self, layer: Layer, note: Note, held: float) -> Signal:
        """The same pitch, length and touch is rendered once, and heard again."""
        shade = max(1, round(note.velocity * SHADES_OF_VELOCITY))
        length = max(1, round(held * 25))
        name = (layer.voice, note.pitch, length, shade)
        if name not in self.notes:
            hz = 440 * 2 ** ((note.pitch - 69) / 12)
            tone = Tone(hz, length / 25, shade / SHADES_OF_VELOCITY, self.rate, self.random)
            sound = VOICES[layer.voice](tone)
            self.notes[name] = (sound * (0.5 / _peak(sound))).astype(np.float32)
        return self.notes[name]

    def _add(self, sound: Signal, start: float, gain: float, layer: Layer) -> None:
        first = int(start * self.rate)
        count = min(sound.shape[-1], self.dry.shape[1] - first)
        if count <= 0:
            return
        angle = (layer.pan + 1) * np.pi / 4
        pan = np.array([[np.cos(angle)], [np.sin(angle)]], np.float32) * np.float32(gain * np.sqrt(2))
        placed = np.atleast_2d(sound)[:, :count] * pan
        self.dry[:, first : first + count] += placed
        if layer.reverb:
            self.room[:, first : first + count] += np.float32(layer.reverb) * placed
        if layer.echo:
            self.echo[:, first : first + count] += np.float32(layer.echo) * placed

    def _duck(self, beats: list[float]) -> None:
        """Everything that sustains bows before the kick."""
        shape = np.ones(self.dry.shape[1], np.float32)
        time = np.arange(int(0.42 * self.rate)) / self.rate
        dip = 1 - self.score.pump * np.exp(-((time / 0.16) ** 2)) * np.minimum(time / 0.006, 1)
        for beat in beats:
            first = int(self._at(beat) * self.rate)
            part = shape[first : first + dip.size]
            np.minimum(part, dip[: part.size], out=part)
        for bus in (self.dry, self.room, self.echo):
            bus *= shape

    def _mix(self) -> None:
        if any(layer.echo for layer in self.score.layers):
            repeat(self.echo, int(self.score.delay_beats * 60 / self.piece.bpm * self.rate), self.score.feedback)
            self.dry += self.echo
            self.room += 0.3 * self.echo
        del self.echo
        reverberate(self.room, self.dry, self.score.space, self.rate, self.score.wet)
        del self.room
        if self.score.dust:
            self._scatter_dust()
        finish(self.dry, self.rate, self.score.loudness)

    def _scatter_dust(self) -> None:
        """The surface of an old record: a breath of noise and a few ticks, none of them loud."""
        count = self.dry.shape[1]
        breath = np.resize(noise(1 << 18, self.rate, self.random, 300, 3500, 0.5), count)
        tick = noise(96, self.rate, self.random, 900, 4500) * np.hanning(96).astype(np.float32)
        for place in self.random.integers(0, count - tick.size, int(3.5 * count / self.rate)):
            breath[place : place + tick.size] += tick * np.float32(self.random.exponential(5.0))
        self.dry += np.float32(0.0016 * self.score.dust) * breath


def play(piece: Piece, rate: int) -> Signal:
    return Band(piece, piece.score, rate).play()
