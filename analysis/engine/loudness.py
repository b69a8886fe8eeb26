"""Loudness as EBU R128 and BS.1770-4 define it, at the file's own rate: integrated, range, sample and true peak."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import sosfilt

from analysis.engine.album import GATE_LU, LOUDEST_LUFS, OFFSET, PER_LU, QUIETEST_LUFS, packed_histogram
from analysis.engine.decoding import Samples
from analysis.engine.result import Loudness
from analysis.engine.truepeak import TruePeak

FloatArray = NDArray[np.float64]
SILENCE_LUFS, RANGE_GATE_LU = float(QUIETEST_LUFS), -20.0
STEPS_OF_GATING, STEPS_OF_RANGE = 4, 30  # of 100 ms each
FINE = 100  # bins per LU; a tenth of that is kept for the album
SURROUND = {"BL", "BR", "BC", "SL", "SR", "SDL", "SDR", "TBL", "TBC", "TBR"}


def weights(places: tuple[str, ...]) -> FloatArray:
    """The subwoofer is not heard, what comes from behind counts for more."""
    return np.array(
        [0.0 if place in ("LFE", "LFE2") else 1.41 if place in SURROUND else 1.0 for place in places], np.float64
    )


def k_weighting(rate: int) -> FloatArray:
    """The two filters of BS.1770, a shelf and a high-pass, for any rate."""
    return np.stack([_shelf(rate), _high_pass(rate)])


def _shelf(rate: int) -> FloatArray:
    k, q = math.tan(math.pi * 1681.974450955533 / rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    norm = 1 + k / q + k * k
    return np.array(
        [
            (high + middle * k / q + k * k) / norm,
            2 * (k * k - high) / norm,
            (high - middle * k / q + k * k) / norm,
            1,
            2 * (k * k - 1) / norm,
            (1 - k / q + k * k) / norm,
        ]
    )


def _high_pass(rate: int) -> FloatArray:
    k, q = math.tan(math.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1 + k / q + k * k
    return np.array([1, -2, 1, 1, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm])


class Meter:
    """Takes blocks, keeps histograms: what it holds does not grow."""

    def __init__(self, rate: int, places: tuple[str, ...]) -> None:
        self._weights = weights(places)
        self._filter = k_weighting(rate)
        self._state = np.zeros((2, len(places), 2))
        self._step = max(1, round(rate / 10))
        self._rest = np.zeros(0)
        self._steps = np.zeros(0)
        self._gating, self._range = _Histogram(), _Histogram()
        self._true_peak = TruePeak(rate, len(places))
        self._sample_peak = 0.0

    def add(self, block: Samples) -> None:
        self._sample_peak = max(self._sample_peak, float(block.max()), -float(block.min()))
        self._true_peak.add(block)
        heard, self._state = sosfilt(self._filter, block.astype(np.float64), zi=self._state)
        heard *= heard
        power = self._weights @ heard
        power = np.concatenate([self._rest, power]) if len(self._rest) else power
        whole = len(power) // self._step * self._step
        self._rest = power[whole:].copy()
        steps = np.concatenate([self._steps, power[:whole].reshape(-1, self._step).mean(axis=1)])
        new = whole // self._step
        self._gating.add(_means(steps, STEPS_OF_GATING, new))
        self._range.add(_means(steps, STEPS_OF_RANGE, new))
        self._steps = steps[-(STEPS_OF_RANGE - 1) :]

    def result(self) -> Loudness:
        true_peak = max(self._true_peak.result(), self._sample_peak)
        return Loudness(
            integrated_lufs=self._gating.integrated(),
            range_lu=self._range.spread(),
            true_peak_db=20 * math.log10(true_peak) if true_peak > 0 else None,
            sample_peak=self._sample_peak,
            histogram=self._gating.packed(),
        )


def _means(steps: FloatArray, width: int, new: int) -> FloatArray:
    """Of the windows that end with one of the new steps; there is none before the first is full."""
    steps = steps[max(0, len(steps) - new - width + 1) :]
    if len(steps) < width:
        return np.zeros(0)
    means: FloatArray = np.lib.stride_tricks.sliding_window_view(steps, width).mean(axis=1)
    return means


class _Histogram:
    """Of windows by their loudness, with their power beside it, so that a mean is exact."""

    def __init__(self) -> None:
        bins = round((LOUDEST_LUFS - SILENCE_LUFS) * FINE)
        self.counts, self.power = np.zeros(bins, np.int64), np.zeros(bins)

    def add(self, power: FloatArray) -> None:
        power = power[power > 10 ** ((SILENCE_LUFS - OFFSET) / 10)]
        place = ((OFFSET + 10 * np.log10(power) - SILENCE_LUFS) * FINE).astype(np.int64)
        place = np.minimum(place, len(self.counts) - 1)
        self.counts += np.bincount(place, minlength=len(self.counts))
        self.power += np.bincount(place, weights=power, minlength=len(self.counts))

    def _first_above_gate(self, gate_lu: float) -> int:
        lufs = _lufs(self.power.sum() / self.counts.sum()) + gate_lu
        return max(0, math.ceil((lufs - SILENCE_LUFS) * FINE - 1e-9))

    def integrated(self) -> float | None:
        if not self.counts.any():
            return None
        first = self._first_above_gate(GATE_LU)
        return _lufs(self.power[first:].sum() / self.counts[first:].sum())

    def spread(self) -> float | None:
        if not self.counts.any():
            return None
        first = self._first_above_gate(RANGE_GATE_LU)
        passed = np.cumsum(self.counts[first:])
        low, high = (int(np.searchsorted(passed, share * (passed[-1] - 1) + 0.5)) for share in (0.10, 0.95))
        return (high - low) / FINE

    def packed(self) -> bytes:
        return packed_histogram(self.counts.reshape(-1, FINE // PER_LU).sum(axis=1).tolist())


def _lufs(power: float) -> float:
    return OFFSET + 10 * math.log10(power)
