"""The highest point of the wave between its samples, oversampled where it could be higher than what is known."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples

WANTED_RATE, MOST = 192_000, 8
TAPS = 32
CHUNK = 64
# Of so many chunks it is cheaper to take all than to pick.
GATHERED = 0.3
# Between samples no music rises by more than these five decibels.
MOST_RISE = 1.8
BETA, CUTOFF = 9.0, 0.97  # as libswresample's, whose true peaks ffmpeg reports


class TruePeak:
    """Interpolates chunks of samples by a matrix product, and only those whose bound is above the peak so far."""

    def __init__(self, rate: int, channels: int) -> None:
        self._factor = min(MOST, max(1, round(WANTED_RATE / rate)))
        phases = _phases(self._factor)
        self._matrix = _as_matrix(phases)
        self._peak = 0.0
        self._before = np.zeros((channels, TAPS - 1), np.float32)

    def add(self, block: Samples) -> None:
        if self._factor == 1:
            return
        whole = np.concatenate([self._before, block], axis=1)
        self._before = whole[:, -(TAPS - 1) :].copy()
        for channel in whole:
            self._look(channel)

    def result(self) -> float:
        self.add(np.zeros((len(self._before), TAPS - 1), np.float32))
        return self._peak

    def _look(self, samples: Samples) -> None:
        width = CHUNK + TAPS - 1
        short = -(len(samples) - (TAPS - 1)) % CHUNK
        samples = np.pad(samples, (0, short)) if short else np.ascontiguousarray(samples)
        chunks = np.lib.stride_tricks.sliding_window_view(samples, width)[::CHUNK]
        parts = samples[: len(chunks) * CHUNK].reshape(-1, CHUNK)
        highest = np.maximum(parts.max(axis=1), -parts.min(axis=1))
        # A chunk reaches into the one after it.
        highest = np.maximum(highest, np.append(highest[1:], np.abs(samples[-TAPS:]).max()))
        possible = highest * MOST_RISE > self._peak
        if not possible.any():
            return
        chosen = chunks if possible.mean() > GATHERED else chunks[possible]
        between = chosen @ self._matrix
        self._peak = max(self._peak, float(between.max()), -float(between.min()))


def _phases(factor: int) -> NDArray[np.float32]:
    """The interpolating filter's coefficients for each place between two samples."""
    place = np.arange(1, factor)[:, None] / factor
    distance = np.arange(TAPS)[None, :] - (TAPS // 2 - 1) - place
    window = np.i0(BETA * np.sqrt(np.maximum(0, 1 - (distance / (TAPS / 2)) ** 2))) / np.i0(BETA)
    taps = CUTOFF * np.sinc(CUTOFF * distance) * window
    return np.asarray(taps / taps.sum(axis=1, keepdims=True), np.float32)


def _as_matrix(phases: NDArray[np.float32]) -> NDArray[np.float32]:
    matrix = np.zeros((CHUNK + TAPS - 1, len(phases), CHUNK), np.float32)
    for sample in range(CHUNK):
        matrix[sample : sample + TAPS, :, sample] = phases.T
    return np.ascontiguousarray(matrix.reshape(CHUNK + TAPS - 1, -1))
