"""The one pass of short-time spectra that everything is read from: overlapping frames, their power, librosa's banks.

Two resolutions of the same stream: 1,024 samples for what happens when, 8,192 for which pitches sound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from analysis.engine.decoding import Samples

RATE = 22_050
SIZE, HOP = 1_024, 256
FRAMES_PER_S = RATE / HOP
TONAL_SIZE, TONAL_HOP = 8_192, 4_096
BANDS = 64
LOWEST_HZ, HIGHEST_HZ = 30.0, 10_500.0
# Small enough to stay in the processor's cache from step to step.
BATCH = 128
TONAL_BATCH = 16


@dataclass(frozen=True)
class Banks:
    """What librosa gives: its windows and its mel filters, made once for a process."""

    window: NDArray[np.float32]
    tonal_window: NDArray[np.float32]
    mel: NDArray[np.float32]
    """bins × bands"""


@cache
def prepare() -> Banks:
    """Imports librosa, whose memory forked children share: the analysing parent calls this before it forks."""
    from librosa import filters

    _keep_freed_memory()
    return Banks(
        window=filters.get_window("hann", SIZE).astype(np.float32),
        tonal_window=filters.get_window("blackmanharris", TONAL_SIZE).astype(np.float32),
        mel=np.ascontiguousarray(
            filters.mel(sr=RATE, n_fft=SIZE, n_mels=BANDS, fmin=LOWEST_HZ, fmax=HIGHEST_HZ, dtype=np.float32).T
        ),
    )


def _keep_freed_memory() -> None:
    """glibc gives large arrays back to the kernel at once, and gets them again page by page: a fifth of our time.

    It learns from the largest that was ever freed; this one is never touched, and takes no memory.
    """
    np.empty(3_000_000)


class Frames:
    """Cuts a stream into overlapping frames; the first and the last are centred on its ends, as librosa's are."""

    def __init__(self, size: int, hop: int, batch: int) -> None:
        self._size, self._hop, self._batch = size, hop, batch
        self._waiting: Samples = np.zeros(size // 2, np.float32)

    def add(self, samples: Samples) -> Iterator[Samples]:
        stream = np.concatenate([self._waiting, samples])
        # Even numbers only, so that who takes every second frame takes the same ones whatever the blocks.
        count = max(0, (len(stream) - self._size) // self._hop + 1) // 2 * 2
        self._waiting = stream[count * self._hop :]
        if count:
            frames = np.lib.stride_tricks.sliding_window_view(stream, self._size)[:: self._hop]
            for start in range(0, count, self._batch):
                yield frames[start : min(count, start + self._batch)]

    def end(self) -> Iterator[Samples]:
        yield from self.add(np.zeros(self._size // 2 + self._hop, np.float32))


def power(frames: Samples, window: NDArray[np.float32]) -> Samples:
    spectrum = scipy.fft.rfft(frames * window, axis=1)
    result: Samples = spectrum.real**2
    result += spectrum.imag**2
    return result
