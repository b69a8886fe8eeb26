"""A cadence is in its key, at any tuning; what has no notes has none to be sure of."""

import numpy as np
import pytest

from analysis.engine.analyse import analyse
from analysis.engine.keys import parsed_key
from analysis.engine.result import Tonality
from analysis.tests.engine import sounds

KEYS = [(0, "major", 0), (1, "major", 30), (7, "major", -40), (10, "major", 15), (0, "minor", 0), (6, "minor", -20),
        (9, "minor", 40), (3, "minor", 0)]  # fmt: skip
NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def tonality_of(sound: sounds.Sound) -> Tonality:
    return analyse(sounds.file(sound, rate=22_050)).tonality


@pytest.mark.parametrize(("tonic", "scale", "cents"), KEYS)
def test_a_cadence_is_in_its_key(tonic: int, scale: str, cents: int) -> None:
    found = tonality_of(sounds.chords(tonic, scale, times=2, cents=cents, rate=22_050))
    key = parsed_key(f"{NAMES[tonic]} {scale}")
    assert key is not None
    assert (found.key, found.scale, found.camelot) == (key.key, key.scale, key.camelot)
    assert found.tuning_cents == pytest.approx(cents, abs=4)
    assert found.confidence > 0.3


def test_other_keys_are_offered_with_their_chances() -> None:
    found = tonality_of(sounds.chords(0, "major", rate=22_050))
    chances = [candidate.confidence for candidate in found.candidates]
    assert chances == sorted(chances, reverse=True)
    assert len({candidate.camelot for candidate in found.candidates}) == 4


def test_noise_has_no_key_to_be_sure_of() -> None:
    assert tonality_of(sounds.noise(10, rate=22_050)).confidence < 0.3


def test_silence_has_none() -> None:
    assert tonality_of(np.zeros(22_050 * 5, np.float32)) == Tonality()
