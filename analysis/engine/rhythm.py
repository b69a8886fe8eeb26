"""Tempo, its plausible multiples, and where the beats fall, from the onsets in several bands."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples
from analysis.engine.result import Tempo, TempoCandidate, TempoRatio
from analysis.engine.spectra import BANDS, FRAMES_PER_S

Floats = NDArray[np.float64]
ONSET_BANDS = 4
# Long enough for several bars, short enough for a tempo that drifts.
SEGMENT = round(24 * FRAMES_PER_S)
STEP = SEGMENT // 2
PADDED = 8_192
SHORTEST_S = 3.0
SLOWEST, FASTEST = 40.0, 220.0
GRID = np.geomspace(30.0, 300.0, 600)
# Which pulses there are is asked with an open mind, which of them is the beat as people tap it.
PULSE_BPM, PULSE_OCTAVES = 100.0, 0.8
TAPPED_BPM, TAPPED_OCTAVES = 105.0, 0.3
LEVELS = (1 / 2, 1.0, 2.0)
PHASE_S = 90.0
# An onset shows a little before it is in the middle of a frame.
EARLY_S = 0.0085
FOLDS = 96
FINELY, FINE_SHARE = 1 << 17, 0.002
RATIOS: tuple[tuple[TempoRatio, float], ...] = (
    ("1/2", 1 / 2), ("2/3", 2 / 3), ("3/4", 3 / 4), ("1", 1.0), ("4/3", 4 / 3), ("3/2", 3 / 2), ("2", 2.0),
)  # fmt: skip


class Rhythm:
    """Takes mel spectra; keeps sums over segments, and the onsets of the first minute and a half."""

    def __init__(self) -> None:
        self._edges = np.linspace(0, BANDS, ONSET_BANDS + 1).astype(int)
        self._last: Samples | None = None
        self._segment = np.zeros((0, ONSET_BANDS), np.float32)
        self._beginning: list[Samples] = []
        self._kept = 0
        self.segments = 0
        self.autocorrelation = np.zeros((ONSET_BANDS, SEGMENT))
        self.spectrum = np.zeros((ONSET_BANDS, PADDED // 2 + 1))
        self.flux_sum, self.level_sum = 0.0, 0.0

    def add(self, mel: Samples) -> None:
        # Roots scale with the gain as a whole, which logarithms with a floor do not.
        root = np.cbrt(mel)
        rising = np.maximum(np.diff(root, axis=0, prepend=root[:1] if self._last is None else self._last), 0)
        self._last = root[-1:]
        self.flux_sum += float(rising.sum())
        self.level_sum += float(root.sum())
        onsets = np.add.reduceat(rising, self._edges[:-1], axis=1)
        if self._kept < PHASE_S * FRAMES_PER_S:
            self._beginning.append(onsets)
            self._kept += len(onsets)
        self._segment = np.concatenate([self._segment, onsets])
        while len(self._segment) >= SEGMENT:
            self._take(self._segment[:SEGMENT])
            self._segment = self._segment[STEP:]

    def end(self) -> None:
        """What is shorter than one segment is one."""
        if self.segments == 0 and len(self._segment) >= SHORTEST_S * FRAMES_PER_S:
            self._take(self._segment)

    def _take(self, segment: Samples) -> None:
        onsets = segment.T.astype(np.float64)
        deviation = onsets.std(axis=1, keepdims=True)
        if deviation.max() <= 0:
            return
        length = onsets.shape[1]
        window = np.hanning(length + 2)[1:-1]
        onsets = (onsets - onsets.mean(axis=1, keepdims=True)) / np.maximum(deviation, 1e-3 * deviation.max())
        power = np.abs(np.fft.rfft(onsets * window, PADDED, axis=1)) ** 2
        # A frame that is compared with a later one has fewer partners: what the window leaves of them.
        partners = np.fft.irfft(np.abs(np.fft.rfft(window, PADDED)) ** 2)[:length]
        self.autocorrelation[:, :length] += np.fft.irfft(power, axis=1)[:, :length] / np.maximum(
            partners, 0.01 * partners[0]
        )
        self.spectrum += np.sqrt(power) / length
        self.segments += 1

    def tempo(self) -> Tempo:
        if not self.segments:
            return Tempo()
        heard = (GRID >= SLOWEST) & (GRID <= FASTEST)
        likely = self._salience(GRID) * _likely(GRID, PULSE_BPM, PULSE_OCTAVES) * heard
        if likely.max() <= 0:
            return Tempo()
        bpm = self._tapped(float(GRID[np.argmax(likely)]))
        bpm = self._refined(bpm)
        candidates = self._candidates(bpm)
        own = next(candidate.confidence for candidate in candidates if candidate.ratio == "1")
        confidence = min(1.0, 1.5 * self.clarity(bpm)) * min(1.0, 0.3 + own)
        return Tempo(round(bpm, 2), round(confidence, 3), candidates, self._first_beat(bpm))

    def _tapped(self, pulse: float) -> float:
        levels = pulse * np.array([level for level in LEVELS if SLOWEST <= pulse * level <= FASTEST])
        weight = np.sqrt(self._salience(levels)) * _likely(levels, TAPPED_BPM, TAPPED_OCTAVES)
        return float(levels[np.argmax(weight)])

    def _salience(self, bpm: Floats) -> Floats:
        """How alike the onsets are one beat later, times how strongly they swing so fast."""
        places = bpm / 60 / FRAMES_PER_S * PADDED
        swing = np.interp(places, np.arange(PADDED // 2 + 1), self.spectrum.mean(axis=0) / self.segments)
        return np.asarray(np.maximum(self.correlation(bpm), 0) * swing, np.float64)

    def correlation(self, bpm: Floats) -> Floats:
        """How alike the onsets of all bands are one beat later, -1 to 1."""
        if not self.segments:
            return np.zeros(len(bpm))
        mean = self.autocorrelation.mean(axis=0) / self.segments
        return np.asarray(np.interp(60 * FRAMES_PER_S / bpm, np.arange(SEGMENT), mean), np.float64)

    def clarity(self, bpm: float) -> float:
        """How much of the onsets comes back after one beat, 0 to 1."""
        return float(np.clip(self.correlation(np.array([bpm]))[0], 0, 1))

    def bass_clarity(self, bpm: float) -> float:
        """The same of the lowest band alone."""
        lowest = self.autocorrelation[0] / self.segments
        return float(np.clip(np.interp(60 * FRAMES_PER_S / bpm, np.arange(SEGMENT), lowest), 0, 1))

    def _refined(self, bpm: float) -> float:
        """The same correlation at more beats' distance tells the tempo more finely, a minute and a half finer still."""
        for beats in (1, 2, 4, 8):
            if beats * 60 * FRAMES_PER_S / bpm > 0.7 * SEGMENT:
                break
            near = bpm * np.linspace(1 - 0.02 / beats, 1 + 0.02 / beats, 81)
            bpm = float(near[np.argmax(self.correlation(near / beats))])
        onsets = self._onsets()
        spectrum = np.abs(np.fft.rfft((onsets - onsets.mean()) * np.hanning(len(onsets)), FINELY))
        near = bpm * np.linspace(1 - FINE_SHARE, 1 + FINE_SHARE, 401)
        places = near[:, None] / 60 * np.arange(1, 5) / FRAMES_PER_S * FINELY
        return float(near[np.argmax(np.interp(places, np.arange(len(spectrum)), spectrum).sum(axis=1))])

    def _onsets(self) -> Floats:
        onsets = np.concatenate(self._beginning).astype(np.float64)
        together: Floats = (onsets / np.maximum(onsets.std(axis=0), 1e-9)).sum(axis=1)
        return together

    def _candidates(self, bpm: float) -> tuple[TempoCandidate, ...]:
        wanted = np.array([bpm * ratio for _, ratio in RATIOS])
        weight = np.sqrt(self._salience(wanted)) * _likely(wanted, TAPPED_BPM, TAPPED_OCTAVES) + 1e-9
        weight = weight / weight.sum()
        return tuple(
            TempoCandidate(round(float(value), 2), name, round(float(share), 3))
            for (name, _), value, share in zip(RATIOS, wanted, weight, strict=True)
        )

    def _first_beat(self, bpm: float) -> float:
        strength = self._onsets()
        place = (np.arange(len(strength)) / FRAMES_PER_S / (60 / bpm) % 1 * FOLDS).astype(int)
        summed = np.bincount(place, weights=strength, minlength=FOLDS)
        folded = summed / np.maximum(np.bincount(place, minlength=FOLDS), 1)
        smooth = np.convolve(np.tile(folded, 3), np.hanning(9), mode="same")[FOLDS : 2 * FOLDS]
        first = (np.argmax(smooth) + 0.5) / FOLDS * 60 / bpm + EARLY_S
        return round(float(first % (60 / bpm)), 4)


def _likely(bpm: Floats, centre: float, octaves: float) -> Floats:
    weight: Floats = np.exp(-0.5 * (np.log2(bpm / centre) / octaves) ** 2)
    return weight
