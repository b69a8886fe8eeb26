"""A click track has the tempo that it was made with, and says where its beats are."""

import numpy as np
import pytest

from analysis.engine.analyse import analyse
from analysis.engine.result import Tempo
from analysis.tests.engine import sounds


def tempo_of(sound: sounds.Sound) -> Tempo:
    return analyse(sounds.file(sound, rate=22_050)).tempo


def clicks(bpm: float, seconds: float = 30.0, *, first: float = 0.25) -> sounds.Sound:
    return sounds.clicks(bpm, seconds, first=first, rate=22_050)


@pytest.mark.parametrize("bpm", [61.0, 90.0, 117.3, 140.0, 174.0])
def test_clicks_have_their_tempo_and_their_beats(bpm: float) -> None:
    tempo = tempo_of(clicks(bpm, first=0.31))
    assert tempo.bpm == pytest.approx(bpm, abs=0.1)
    assert tempo.confidence > 0.6
    assert tempo.beat_offset_s is not None
    late = (tempo.beat_offset_s - 0.31 + 30 / bpm) % (60 / bpm) - 30 / bpm
    assert abs(late) < 0.012


def test_five_seconds_are_enough_for_a_tempo() -> None:
    assert tempo_of(clicks(120.0, 5.0)).bpm == pytest.approx(120.0, abs=2.0)


def test_other_readings_are_offered_with_their_chances() -> None:
    sound = clicks(140.0)
    sound += 0.4 * clicks(70.0)
    tempo = tempo_of(sound)
    chances = {candidate.ratio: candidate for candidate in tempo.candidates}
    assert set(chances) == {"1/2", "2/3", "3/4", "1", "4/3", "3/2", "2"}
    assert sum(candidate.confidence for candidate in tempo.candidates) == pytest.approx(1.0, abs=0.01)
    assert tempo.bpm is not None
    assert chances["3/2"].bpm == pytest.approx(1.5 * tempo.bpm, abs=0.02)
    assert max(chances["1/2"].confidence, chances["2"].confidence) > 0.05


def test_noise_has_no_tempo_to_be_sure_of() -> None:
    assert tempo_of(sounds.noise(20, rate=22_050)).confidence < 0.2


@pytest.mark.parametrize("sound", [np.zeros(22_050 * 8, np.float32), clicks(120.0, 2.0)])
def test_silence_and_moments_have_none(sound: sounds.Sound) -> None:
    tempo = tempo_of(sound)
    assert tempo.bpm is None
    assert tempo.candidates == ()
