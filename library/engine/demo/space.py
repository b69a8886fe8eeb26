"""The room around the players: a reverb made of dying noise, and an echo that walks from ear to ear."""

from functools import lru_cache

import numpy as np

from .voices.tones import Signal, noise

# Seconds to fall by 60 dB, for the low, middle and high part of each room's sound.
ROOMS = {
    "room": (0.7, 0.6, 0.35),
    "plate": (1.5, 1.6, 0.9),
    "hall": (2.4, 2.0, 1.0),
    "cathedral": (4.2, 3.6, 1.6),
}
BANDS = ((160.0, 500.0, 0.8), (500.0, 2200.0, 1.0), (2200.0, 7000.0, 0.5))
PREDELAY_SECONDS = 0.018
FFT_SIZE = 1 << 18


@lru_cache(maxsize=2)
def impulse(room: str, rate: int) -> Signal:
    count = int(rate * min(3.0, 0.8 * max(ROOMS[room])))
    time = np.arange(count, dtype=np.float32) / rate
    random = np.random.default_rng(20)
    ears = np.zeros((2, count + int(PREDELAY_SECONDS * rate)), np.float32)
    for ear in ears:
        for (low, high, level), fall in zip(BANDS, ROOMS[room], strict=True):
            ear[-count:] += level * noise(count, rate, random, low, high) * np.exp(-6.9 * time / fall)
    fade = np.clip((time[-1] - time) / 0.2, 0, 1) * np.minimum(time / 0.004, 1)
    ears[:, -count:] *= fade
    return np.asarray(ears / np.sqrt(np.sum(ears**2, axis=1, keepdims=True)), np.float32)


def reverberate(send: Signal, out: Signal, room: str, rate: int, level: float) -> None:
    """Adds the reverb of `send` to `out`, block by block, so that memory does not grow with the piece."""
    answer = impulse(room, rate)
    block = FFT_SIZE + 1 - answer.shape[1]
    for ear in range(2):
        spectrum = np.fft.rfft(level * answer[ear], FFT_SIZE)
        for start in range(0, send.shape[1], block):
            tail = np.fft.irfft(np.fft.rfft(send[ear, start : start + block], FFT_SIZE) * spectrum, FFT_SIZE)
            stop = min(start + FFT_SIZE, out.shape[1])
            out[ear, start:stop] += tail[: stop - start]


def repeat(send: Signal, delay: int, feedback: float) -> None:
    """Turns what was sent into its echoes, in place: each a little darker, and on the other side."""
    dry = send.copy()
    send[:] = 0
    for start in range(delay, send.shape[1], delay):
        stop = min(start + delay, send.shape[1])
        source = dry[:, start - delay : stop - delay] + feedback * send[::-1, start - delay : stop - delay]
        before = send[:, start - 2 : start]
        padded = np.concatenate([before, source], axis=1)
        send[:, start:stop] = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
