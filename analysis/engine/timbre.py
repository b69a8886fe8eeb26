"""The colour of the sound frame by frame, kept as sums: what is wanted of it later is a linear map of these."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples
from analysis.engine.spectra import BANDS, RATE, SIZE

Floats = NDArray[np.float64]
# Relative to the loudest so far or the frame's own, never to full scale: a gain changes nothing.
HEARD = 10 ** (-50 / 10)
FLOOR = 10 ** (-80 / 10)
SILENT = 1e-9
LAGS = (1, 4, 16)
OCTAVES_HZ = (0, 200, 400, 800, 1_600, 3_200, 6_400, 11_025)
SHAPES = ("centroid", "bandwidth", "rolloff", "flatness", *(f"crest_{low}" for low in OCTAVES_HZ[:-1]))
LINEAR = 32
LEVELS = 96  # bins of 1 dB below the loudest


class Timbre:
    """Takes power and mel spectra of every second frame; only those that are heard count."""

    def __init__(self) -> None:
        self._hz = np.arange(SIZE // 2 + 1, dtype=np.float32) * (RATE / SIZE)
        self._moments = np.stack([np.ones_like(self._hz), self._hz, self._hz**2], axis=1)
        self._octaves = np.searchsorted(self._hz, OCTAVES_HZ[:-1])
        self._widths = np.diff(np.append(self._octaves, len(self._hz)))
        self._loudest = SILENT
        self._recent = np.zeros((0, BANDS), np.float32)
        self.frames, self.all_frames = 0, 0
        self.sum, self.products = np.zeros(BANDS), np.zeros((BANDS, BANDS))
        self.changes = {lag: np.zeros((BANDS, BANDS)) for lag in LAGS}
        self.change_counts = dict.fromkeys(LAGS, 0)
        self.shape_sum, self.shape_squares = np.zeros(len(SHAPES)), np.zeros(len(SHAPES))
        self.levels = np.zeros(2 * LEVELS, np.int64)
        self.level_step_sum = 0.0
        self._last_level: float | None = None

    def add(self, power: Samples, mel: Samples) -> None:
        moments = power @ self._moments
        energy = moments[:, 0]
        self.all_frames += len(power)
        self._loudest = max(self._loudest, float(energy.max()))
        heard = energy > HEARD * self._loudest
        if not heard.any():
            return
        if not heard.all():
            power, mel, moments, energy = power[heard], mel[heard], moments[heard], energy[heard]
        self.frames += len(power)
        highest = mel.max(axis=1, keepdims=True)
        bands = np.log(np.maximum(mel, FLOOR * highest))
        self._add_bands(bands)
        self._add_shapes(power, mel, moments, bands)
        self._add_levels(energy)

    def _add_bands(self, bands: Samples) -> None:
        self.sum += bands.sum(axis=0)
        self.products += bands.T @ bands
        stream = np.concatenate([self._recent, bands])
        new = len(bands)
        for lag in LAGS:
            pairs = min(new, len(stream) - lag)
            if pairs > 0:
                change = stream[-pairs:] - stream[len(stream) - pairs - lag : len(stream) - lag]
                self.changes[lag] += change.T @ change
                self.change_counts[lag] += pairs
        self._recent = stream[-max(LAGS) :]

    def _add_shapes(self, power: Samples, mel: Samples, moments: Samples, bands: Samples) -> None:
        energy = moments[:, 0]
        centroid = moments[:, 1] / energy
        bandwidth = np.sqrt(np.maximum(moments[:, 2] / energy - centroid**2, 0))
        linear = power[:, :-1].reshape(len(power), LINEAR, -1).sum(axis=2).cumsum(axis=1)
        rolloff = (linear < 0.85 * linear[:, -1:]).sum(axis=1) * (RATE / 2 / LINEAR)
        flatness = bands.mean(axis=1) - np.log(mel.mean(axis=1))
        highest = np.maximum.reduceat(power, self._octaves, axis=1)
        mean = np.add.reduceat(power, self._octaves, axis=1) / self._widths
        floor = FLOOR * energy[:, None] / len(self._hz)
        crest = np.log((highest + floor) / (mean + floor))
        shapes = np.column_stack(
            [np.log(np.maximum(centroid, 20)), bandwidth / 1000, np.log(rolloff + 172), flatness, crest]
        )
        self.shape_sum += shapes.sum(axis=0)
        self.shape_squares += (shapes.astype(np.float64) ** 2).sum(axis=0)

    def _add_levels(self, energy: Samples) -> None:
        level = 10 * np.log10(energy)
        place = np.clip(level + LEVELS, 0, 2 * LEVELS - 1).astype(np.int64)
        self.levels += np.bincount(place, minlength=2 * LEVELS)
        before = level[0] if self._last_level is None else self._last_level
        self.level_step_sum += float(np.abs(np.diff(level, prepend=np.float32(before))).sum())
        self._last_level = float(level[-1])

    def mean(self) -> Floats:
        return self.sum / self.frames

    def covariance(self) -> Floats:
        mean = self.mean()
        return self.products / self.frames - np.outer(mean, mean)

    def change(self, lag: int) -> Floats:
        return self.changes[lag] / max(1, self.change_counts[lag])

    def shapes(self) -> tuple[Floats, Floats]:
        mean = self.shape_sum / self.frames
        return mean, np.sqrt(np.maximum(self.shape_squares / self.frames - mean**2, 0))

    def level_quantiles(self, shares: tuple[float, ...]) -> Floats:
        """In decibels below the mean power of the track."""
        centres = np.arange(2 * LEVELS) - LEVELS + 0.5
        mean = 10 * np.log10((self.levels * 10 ** (centres / 10)).sum() / self.levels.sum())
        passed = np.cumsum(self.levels) / self.levels.sum()
        places = np.minimum(np.searchsorted(passed, shares), len(centres) - 1)
        return np.asarray(centres[places] - mean, np.float64)
