"""Sounds: near in direction is alike, whatever is odd about one number."""

import numpy as np

from analysis.engine.descriptors import GROUPS, NAMES
from embeddings.engine import audio
from embeddings.engine.audio import CONSTANTS, DESCRIPTORS, encode
from embeddings.engine.data.make_audio import constants

RANDOM = np.random.default_rng(7)


def usual(rows: int) -> audio.Floats:
    held = np.load(CONSTANTS)
    noise = RANDOM.normal(size=(rows, DESCRIPTORS)) / held["weights"][0]
    return np.asarray(held["usual"] + noise, np.float32)


def test_it_takes_what_the_analysis_gives() -> None:
    assert len(NAMES) == DESCRIPTORS == GROUPS[-1].stop
    found = encode(usual(5))
    assert found.shape == (5, 512)
    assert found.dtype == np.float32
    assert np.allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_a_little_noise_leaves_a_track_where_it_was_and_others_away() -> None:
    rows = usual(20)
    noise = RANDOM.normal(size=rows.shape).astype(np.float32) * 0.2 / np.load(CONSTANTS)["weights"][0]
    likeness = encode(rows) @ encode(rows + noise).T
    assert (likeness.argmax(axis=1) == np.arange(20)).all()
    assert np.diag(likeness).min() > 0.9


def test_one_number_far_out_does_not_say_everything() -> None:
    rows = usual(2)
    wild = rows.copy()
    wild[0, 3] += 1e6
    before, after = encode(rows), encode(wild)
    assert float(before[0] @ after[0]) > 0.9
    assert np.allclose(before[1], after[1])


def test_what_is_not_all_numbers_has_no_vector() -> None:
    rows = usual(3)
    rows[0, 5], rows[1, 7] = np.nan, np.inf
    assert encode(rows).any(axis=1).tolist() == [False, False, True]
    assert encode(np.zeros((0, DESCRIPTORS), np.float32)).shape == (0, 512)


def test_groups_have_the_same_say_however_many_numbers_they_have() -> None:
    rows = usual(60)
    made = constants(rows, GROUPS, 40)
    scaled = (rows - made["usual"]) * made["weights"][0] * made["weights"][1]
    says = [float((scaled[:, group.start : group.stop] ** 2).sum(axis=1).mean()) for group in GROUPS]
    assert max(says) / min(says) < 1.3
    assert made["directions"].shape == (DESCRIPTORS, 40)
