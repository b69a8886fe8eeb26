"""The picture of a track for its player, and the silence at its ends, without knowing its length beforehand."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.decoding import Samples
from analysis.engine.result import Waveform

POINTS = 1_000
FINEST = 64
# Twice this many stretches are merged to half as many, so that between 4 and 8 stand behind each point.
MERGED = 4 * POINTS
SILENCE = 10 ** (-60 / 20)


class Peaks:
    """The highest sample of equal stretches, left and right, of any number of channels."""

    def __init__(self, rate: int, places: tuple[str, ...]) -> None:
        self._rate = rate
        self._sides = _sides(places)
        self._per_stretch = 1
        self._peaks = np.zeros((len(self._sides), 2 * MERGED), np.float32)
        self._filled = 0
        self._waiting = np.zeros((len(self._sides), 0), np.float32)
        self._seen = 0
        self._first_loud: int | None = None
        self._last_loud = 0

    def add(self, block: Samples) -> None:
        length = block.shape[1]
        fine = _maxima(np.abs(block), FINEST)
        self._listen(fine.max(axis=0))
        self._seen += length
        fine = np.stack([fine[side].max(axis=0) for side in self._sides])
        self._waiting = np.concatenate([self._waiting, fine], axis=1)
        self._store()

    def _listen(self, fine: Samples) -> None:
        loud = np.flatnonzero(fine > SILENCE)
        if len(loud):
            if self._first_loud is None:
                self._first_loud = self._seen + int(loud[0]) * FINEST
            self._last_loud = self._seen + (int(loud[-1]) + 1) * FINEST

    def _store(self) -> None:
        while (whole := self._waiting.shape[1] // self._per_stretch) > 0:
            room = min(whole, self._peaks.shape[1] - self._filled)
            taken = room * self._per_stretch
            self._peaks[:, self._filled : self._filled + room] = _maxima(self._waiting[:, :taken], self._per_stretch)
            self._waiting = self._waiting[:, taken:]
            self._filled += room
            if self._filled == self._peaks.shape[1]:
                self._peaks[:, :MERGED] = _maxima(self._peaks, 2)
                self._filled = MERGED
                self._per_stretch *= 2

    def waveform(self) -> Waveform:
        peaks = self._peaks[:, : self._filled]
        if self._waiting.shape[1]:
            peaks = np.concatenate([peaks, self._waiting.max(axis=1, keepdims=True)], axis=1)
        if not peaks.shape[1]:
            return Waveform()
        starts = np.arange(POINTS) * peaks.shape[1] // POINTS
        points = np.maximum.reduceat(peaks, starts, axis=1)
        # What is heard is seen: the quietest sample still makes a one.
        return Waveform(len(points), np.ceil(np.minimum(points, 1.0) * 255).astype(np.uint8).tobytes())

    def silence_ms(self) -> tuple[int | None, int | None]:
        if self._first_loud is None:
            return None, None
        trailing = max(0, self._seen - self._last_loud)
        return round(self._first_loud * 1000 / self._rate), round(trailing * 1000 / self._rate)


def _sides(places: tuple[str, ...]) -> list[list[int]]:
    """Which channels are drawn left and right; those of the middle are in both."""
    if len(places) == 1:
        return [[0]]
    left = [at for at, place in enumerate(places) if place[-1:] != "R"]
    right = [at for at, place in enumerate(places) if place[-1:] != "L"]
    return [left, right] if left and right and left != right else [[0], [1]]


def _maxima(values: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Of each `width` neighbours, the last of which may be fewer."""
    if short := -values.shape[1] % width:
        values = np.pad(values, ((0, 0), (0, short)))
    highest: NDArray[np.float32] = values.reshape(len(values), -1, width).max(axis=2)
    return highest
