"""Tuning, chroma and key: the peaks of long spectra, each credited to the notes of which it could be a partial."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples
from analysis.engine.keys import parsed_key
from analysis.engine.result import KeyCandidate, Tonality
from analysis.engine.spectra import RATE, TONAL_SIZE

Floats = NDArray[np.float64]
STEPS = 10  # per semitone
CLASSES = 12 * STEPS
LOWEST_NOTE, HIGHEST_NOTE = 28, 104
NOTES = (HIGHEST_NOTE - LOWEST_NOTE) * STEPS
PARTIALS, DECAY = 6, 0.7
LOUDER, MINOR_ALLOWANCE = 0.8, 0.1
BELOW_LOUDEST, HEARD = 10 ** (-40 / 10), 10 ** (-60 / 10)
# Where melodies and chords have their roots; a soft slope, so that no single cut-off decides.
MIDDLE_NOTE, WIDTH = 67.5, 15.0
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
# Temperley's profiles, from classical music, and Sha'ath's, for club music; each scaled to unit length, averaged.
TEMPERLEY = (
    (5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0),
    (5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0),
)
SHAATH = (
    (6.6, 2.0, 3.5, 2.3, 4.6, 4.0, 2.5, 5.2, 2.4, 3.7, 2.3, 3.4),
    (6.5, 2.7, 3.5, 5.4, 2.6, 3.5, 2.5, 5.2, 4.0, 2.7, 4.3, 3.2),
)


def _standard(values: Floats) -> Floats:
    values = values - values.mean(axis=-1, keepdims=True)
    length: Floats = np.linalg.norm(values, axis=-1, keepdims=True)
    return values / np.maximum(length, 1e-12)


def _rotated() -> Floats:
    """24 keys × 12 pitch classes: the major keys from C, then the minor ones."""
    profiles = _standard(_standard(np.array(TEMPERLEY)) + _standard(np.array(SHAATH)))
    return np.array([np.roll(profile, tonic) for profile in profiles for tonic in range(12)])


PROFILES = _rotated()


class Pitches:
    """Takes long spectra; keeps the mean and the movement of the pitch classes in tenths of a semitone."""

    def __init__(self) -> None:
        low = int(_frequency(LOWEST_NOTE) * TONAL_SIZE / RATE) - 1
        high = int(_frequency(HIGHEST_NOTE) * TONAL_SIZE / RATE) + 2
        self._bins = slice(low, high)
        self._low = low
        self.frames = 0
        self.notes = np.zeros(NOTES)
        self.sum = np.zeros(CLASSES)
        self.products = np.zeros((CLASSES, CLASSES))
        self.changes = np.zeros((CLASSES, CLASSES))
        self._loudest = 1e-6
        self._last: Floats | None = None

    def add(self, power: Samples) -> None:
        seen = power[:, self._bins]
        middle = seen[:, 1:-1]
        loudest = seen.max(axis=1, keepdims=True)
        is_peak = (middle > seen[:, :-2]) & (middle >= seen[:, 2:]) & (middle > BELOW_LOUDEST * loudest)
        self._loudest = max(self._loudest, float(loudest.max()))
        is_peak &= loudest > HEARD * self._loudest
        frame, place = np.nonzero(is_peak)
        if not len(frame):
            return
        left, centre, right = (np.log(seen[frame, place + offset]) for offset in (0, 1, 2))
        offset = 0.5 * (left - right) / np.minimum(left - 2 * centre + right, -1e-9)
        note = 69 + 12 * np.log2((place + 1 + self._low + offset) * (RATE / TONAL_SIZE / 440))
        strength = np.exp(0.5 * LOUDER * (centre - np.log(loudest[frame, 0])))
        strength *= np.exp(-0.5 * ((note - MIDDLE_NOTE) / WIDTH) ** 2)
        self._credit(frame, note, strength, len(power))

    def _credit(self, frame: NDArray[np.intp], note: Floats, strength: Floats, frames: int) -> None:
        classes = np.zeros(frames * CLASSES)
        for partial in range(1, PARTIALS + 1):
            at = np.round((note - 12 * np.log2(partial)) * STEPS).astype(np.int64)
            weight = strength * DECAY ** (partial - 1)
            classes += np.bincount(frame * CLASSES + at % CLASSES, weights=weight, minlength=len(classes))
            if partial == 1:
                place = np.clip(at - LOWEST_NOTE * STEPS, 0, NOTES - 1)
                self.notes += np.bincount(place, weights=strength, minlength=NOTES)
        each = classes.reshape(frames, CLASSES)
        total = each.sum(axis=1, keepdims=True)
        each = each[total[:, 0] > 0] / total[total[:, 0] > 0]
        self.frames += len(each)
        self.sum += each.sum(axis=0)
        self.products += each.T @ each
        steps = np.diff(each, axis=0, prepend=each[:1] if self._last is None else self._last)
        self.changes += steps.T @ steps
        self._last = each[-1:]

    def tuning(self) -> int:
        """Tenths of a semitone above A = 440 Hz, -5 to 4."""
        folded = self.notes.reshape(-1, STEPS).sum(axis=0)
        phase = np.angle((folded * np.exp(2j * np.pi * np.arange(STEPS) / STEPS)).sum())
        return int(np.floor(phase / (2 * np.pi) * STEPS + 0.5)) if folded.any() else 0

    def tuning_cents(self) -> float | None:
        folded = self.notes.reshape(-1, STEPS).sum(axis=0)
        if not folded.any():
            return None
        return float(np.angle((folded * np.exp(2j * np.pi * np.arange(STEPS) / STEPS)).sum()) / (2 * np.pi) * 100)

    def to_semitones(self) -> Floats:
        """12 × CLASSES: what each tenth counts for its semitone, given the tuning."""
        tenths = np.arange(CLASSES) - self.tuning()
        near = (tenths + STEPS // 2) % STEPS - STEPS // 2
        weight = np.cos(np.pi * near / STEPS) ** 2
        matrix = np.zeros((12, CLASSES))
        matrix[((tenths - near) // STEPS) % 12, np.arange(CLASSES)] = weight
        return matrix

    def chroma(self) -> Floats:
        return self.to_semitones() @ self.sum / max(1, self.frames)

    def tonality(self) -> Tonality:
        chroma = self.chroma()
        if not self.frames or chroma.std() <= 1e-9:
            return Tonality()
        # Minor keys have several scales and one profile, which therefore fits each of them less.
        fit = PROFILES @ _standard(chroma) + np.repeat([0.0, MINOR_ALLOWANCE], 12)
        order = np.argsort(-fit)
        weight = np.exp((fit - fit.max()) / 0.06)
        share = weight / weight.sum()
        best = int(order[0])
        candidates = tuple(_candidate(int(place), float(share[place])) for place in order[:4])
        # Noise fits some key by chance, but its twelve notes are all alike.
        contrast = float(np.clip((chroma.std() / chroma.mean() - 0.1) / 0.3, 0, 1))
        clearness = contrast * float(np.clip((fit[best] - 0.3) / 0.6, 0, 1))
        chosen = candidates[0]
        cents = self.tuning_cents()
        return Tonality(
            key=chosen.key,
            scale=chosen.scale,
            camelot=chosen.camelot,
            confidence=round(clearness * float(share[best]), 3),
            candidates=candidates,
            tuning_cents=None if cents is None else round(cents, 1),
        )


def _candidate(place: int, share: float) -> KeyCandidate:
    key = parsed_key(NAMES[place % 12] + ("m" if place >= 12 else ""))
    assert key is not None  # noqa: S101 - all 24 are keys
    return KeyCandidate(key.key, "minor" if place >= 12 else "major", key.camelot, round(share, 3))


def _frequency(note: float) -> float:
    return float(440 * 2 ** ((note - 69) / 12))
