"""One slip of the finger, and where an index finds what may have been meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.engine.slips import begins_within_one_slip, may_be_mistyped, neighbourhood, within_one_slip

words = st.text(alphabet="abcd", min_size=4, max_size=9)


@pytest.mark.parametrize("typed", ["beatels", "beatle", "beatless", "bestles", "ebatles", "beatles"])
def test_one_slip_is_forgiven(typed: str) -> None:
    assert within_one_slip(typed, "beatles")


@pytest.mark.parametrize("typed", ["betls", "bestlse", "seltaeb", "beat"])
def test_two_are_not(typed: str) -> None:
    assert not within_one_slip(typed, "beatles")


@pytest.mark.parametrize("typed", ["raido", "radoh", "rqdioh"])
def test_a_beginning_may_have_one_too(typed: str) -> None:
    assert begins_within_one_slip(typed, "radiohead")


def test_numbers_and_short_words_are_meant_as_they_stand() -> None:
    assert not may_be_mistyped("1984")
    assert not may_be_mistyped("u2")
    assert not may_be_mistyped("cat")
    assert may_be_mistyped("abba")


@given(typed=words, at=st.integers(0, 8), letter=st.sampled_from("abcdx"), kind=st.sampled_from(range(4)))
def test_the_index_misses_no_word_one_slip_away(typed: str, at: int, letter: str, kind: int) -> None:
    at = min(at, len(typed) - 2)
    meant = {
        0: typed[:at] + typed[at + 1 :],
        1: typed[:at] + letter + typed[at:],
        2: typed[:at] + letter + typed[at + 1 :],
        3: typed[:at] + typed[at + 1] + typed[at] + typed[at + 2 :],
    }[kind]
    around = neighbourhood(typed)
    shortest, longest = around.lengths
    assert within_one_slip(typed, meant)
    assert meant == around.exchanged or (
        shortest <= len(meant) <= longest and (meant.startswith(around.head) or meant.endswith(around.tail))
    )
