"""The picture of a track has a thousand points a side, whatever its length, and knows the silence at its ends."""

import numpy as np
import pytest

from analysis.engine.waveform import POINTS, Peaks
from analysis.tests.engine import sounds


def drawn(sound: sounds.Sound, *, places: tuple[str, ...] = ("FL", "FR"), block: int = 65_536) -> Peaks:
    peaks = Peaks(sounds.RATE, places)
    for start in range(0, sound.shape[1], block):
        peaks.add(sound[:, start : start + block])
    return peaks


@pytest.mark.parametrize("seconds", [0.05, 1.0, 7.0, 61.0, 200.0])
def test_a_ramp_is_a_ramp_at_any_length(seconds: float) -> None:
    samples = round(seconds * sounds.RATE)
    ramp = np.linspace(0, 1, samples, dtype=np.float32)
    waveform = drawn(np.stack([ramp, -ramp / 2])).waveform()
    points = np.frombuffer(waveform.peaks, np.uint8).reshape(waveform.channels, POINTS)
    assert waveform.channels == 2
    assert np.abs(points[0] - np.linspace(0, 255, POINTS)).max() < 12
    assert np.abs(points[1] - np.linspace(0, 127, POINTS)).max() < 7


def test_mono_has_one_side_and_surround_has_two() -> None:
    one = np.ones((1, 50_000), np.float32)
    assert drawn(one, places=("FC",)).waveform().channels == 1
    six = np.stack([np.full(50_000, level, np.float32) for level in (0.1, 0.2, 0.0, 0.9, 0.3, 0.4)])
    waveform = drawn(six, places=("FL", "FR", "FC", "LFE", "BL", "BR")).waveform()
    assert waveform.channels == 2
    assert len(waveform.peaks) == 2 * POINTS


def test_silence_is_measured_at_both_ends() -> None:
    sound = np.zeros((2, 10 * sounds.RATE), np.float32)
    sound[1, 2 * sounds.RATE : 7 * sounds.RATE] = sounds.noise(5)
    sound[0, 9 * sounds.RATE] = 0.0005
    leading, trailing = drawn(sound).silence_ms()
    assert leading == pytest.approx(2_000, abs=3)
    assert trailing == pytest.approx(3_000, abs=3)


def test_silence_alone_has_no_ends() -> None:
    peaks = drawn(np.zeros((2, 100_000), np.float32))
    assert peaks.silence_ms() == (None, None)
    assert set(peaks.waveform().peaks) == {0}
