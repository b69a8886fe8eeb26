"""Tempo, its plausible multiples, and where the beats fall, from the onsets in several bands."""

import math

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples
from analysis.engine.result import Tempo, TempoCandidate, TempoRatio
from analysis.engine.spectra import BANDS, FRAMES_PER_S

Floats = NDArray[np.float64]
# Flux of the mel bands' cube roots scales with the gain as a whole, so that nothing depends on it.
ROOT = 1 / 3
ONSET_BANDS = 4
SEGMENT, STEP = 512, 256
PADDED = 4 * SEGMENT
SLOWEST, FASTEST = 40.0, 220.0
GRID = np.geomspace(30.0, 300.0, 600)
PRIOR_BPM, PRIOR_OCTAVES = 112.0, 0.9
PHASE_S = 90.0
FOLDS = 96
RATIOS: tuple[tuple[TempoRatio, float], ...] = (
    ("1/2", 1 / 2), ("2/3", 2 / 3), ("3/4", 3 / 4), ("1", 1.0), ("4/3", 4 / 3), ("3/2", 3 / 2), ("2", 2.0),
)  # fmt: skip


class Rhythm:
    """Takes mel spectra; keeps sums over segments, and the onsets of the first minute and a half."""

    def __init__(self) -> None:
        self._edges = np.linspace(0, BANDS, ONSET_BANDS + 1).astype(int)
        self._last: Samples | None = None
        self._segment = np.zeros((0, ONSET_BANDS), np.float32)
        self._window = np.hanning(SEGMENT + 2)[1:-1]
        # A frame that is compared with a later one has fewer partners: what the window leaves of them.
        self._partners = np.fft.irfft(np.abs(np.fft.rfft(self._window, PADDED)) ** 2)[: SEGMENT // 2 * 2]
        self._beginning: list[Samples] = []
        self._kept = 0
        self.segments = 0
        self.autocorrelation = np.zeros((ONSET_BANDS, SEGMENT))
        self.spectrum = np.zeros((ONSET_BANDS, PADDED // 2 + 1))
        self.flux_sum, self.level_sum, self.frames = 0.0, 0.0, 0

    def add(self, mel: Samples) -> None:
        root = np.cbrt(mel)
        before = root[:1] if self._last is None else self._last
        rising = np.maximum(np.diff(root, axis=0, prepend=before), 0)
        self._last = root[-1:]
        self.flux_sum += float(rising.sum())
        self.level_sum += float(root.sum())
        self.frames += len(mel)
        onsets = np.add.reduceat(rising, self._edges[:-1], axis=1)
        if self._kept < PHASE_S * FRAMES_PER_S:
            self._beginning.append(onsets)
            self._kept += len(onsets)
        self._segment = np.concatenate([self._segment, onsets])
        while len(self._segment) >= SEGMENT:
            self._take(self._segment[:SEGMENT])
            self._segment = self._segment[STEP:]

    def end(self) -> None:
        if self.segments == 0 and len(self._segment) > 2 * FRAMES_PER_S:
            short = SEGMENT - len(self._segment)
            self._take(
                np.pad(self._segment, ((0, short), (0, 0)), mode="wrap" if short < len(self._segment) else "mean")
            )

    def _take(self, segment: Samples) -> None:
        onsets = segment.T.astype(np.float64)
        strength = onsets.std(axis=1, keepdims=True)
        if not (strength > 0).any():
            return
        onsets = (
            (onsets - onsets.mean(axis=1, keepdims=True)) / np.maximum(strength, 1e-3 * strength.max()) * self._window
        )
        spectrum = np.fft.rfft(onsets, PADDED, axis=1)
        power = np.abs(spectrum) ** 2
        autocorrelation = np.fft.irfft(power, axis=1)[:, :SEGMENT] / np.maximum(
            self._partners, 1e-2 * self._partners[0]
        )
        self.autocorrelation += autocorrelation
        self.spectrum += np.sqrt(power) / SEGMENT
        self.segments += 1

    def tempo(self) -> Tempo:
        if not self.segments:
            return Tempo()
        salience = self._salience(GRID) * _prior(GRID)
        allowed = (GRID >= SLOWEST) & (GRID <= FASTEST)
        if salience.max() <= 0:
            return Tempo()
        bpm = self._refined(float(GRID[allowed][np.argmax(salience[allowed])]))
        candidates = self._candidates(bpm)
        clarity = self.clarity(bpm)
        own = next(candidate.confidence for candidate in candidates if candidate.ratio == "1")
        confidence = min(1.0, max(0.0, clarity * 1.6)) * (0.4 + 0.6 * own)
        return Tempo(round(bpm, 2), round(confidence, 3), candidates, self._first_beat(bpm))

    def _mean(self) -> Floats:
        return self.autocorrelation.mean(axis=0) / self.segments

    def _salience(self, bpm: Floats) -> Floats:
        lags = 60 * FRAMES_PER_S / bpm
        correlation = np.maximum(np.interp(lags, np.arange(SEGMENT), self._mean()), 0)
        places = bpm / 60 / FRAMES_PER_S * PADDED
        strength = np.interp(places, np.arange(PADDED // 2 + 1), self.spectrum.mean(axis=0) / self.segments)
        return correlation * strength

    def clarity(self, bpm: float) -> float:
        """How much of the onsets comes back after one beat, between 0 and 1."""
        lag = 60 * FRAMES_PER_S / bpm
        return float(np.clip(np.interp(lag, np.arange(SEGMENT), self._mean()), 0, 1))

    def _refined(self, bpm: float) -> float:
        """The same correlation at more beats' distance tells the tempo more finely."""
        mean, lags = self._mean(), np.arange(SEGMENT)
        for beats in (1, 2, 4, 8):
            if beats * 60 * FRAMES_PER_S / bpm > 0.75 * SEGMENT:
                break
            near = bpm * np.linspace(1 - 0.03 / beats, 1 + 0.03 / beats, 61)
            value = np.interp(beats * 60 * FRAMES_PER_S / near, lags, mean)
            bpm = float(near[np.argmax(value)])
        return bpm

    def _candidates(self, bpm: float) -> tuple[TempoCandidate, ...]:
        wanted = np.array([bpm * ratio for _, ratio in RATIOS])
        weight = self._salience(wanted) * _prior(wanted) + 1e-12
        weight = weight / weight.sum()
        return tuple(
            TempoCandidate(round(float(value), 2), name, round(float(share), 3))
            for (name, _), value, share in zip(RATIOS, wanted, weight, strict=True)
        )

    def _first_beat(self, bpm: float) -> float:
        onsets = np.concatenate(self._beginning).astype(np.float64)
        strength = (onsets / np.maximum(onsets.std(axis=0), 1e-9)).sum(axis=1)
        period = 60 / bpm
        times = np.arange(len(strength)) / FRAMES_PER_S
        folded = np.bincount((times / period % 1 * FOLDS).astype(int), weights=strength, minlength=FOLDS)
        seen = np.bincount((times / period % 1 * FOLDS).astype(int), minlength=FOLDS)
        folded = folded / np.maximum(seen, 1)
        smooth = np.convolve(np.tile(folded, 3), np.hanning(9), mode="same")[FOLDS : 2 * FOLDS]
        return round(float((np.argmax(smooth) + 0.5) / FOLDS * period), 4)


def _prior(bpm: Floats) -> Floats:
    weight: Floats = np.exp(-0.5 * (np.log2(bpm / PRIOR_BPM) / PRIOR_OCTAVES) ** 2)
    return weight


def octave(ratio: float) -> float:
    return math.log2(ratio)
