"""What somebody types, understood: words, phrases, exclusions; and nothing that PostgreSQL could stumble over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.engine.asked import understood


@pytest.mark.parametrize(
    ("typed", "tsquery"),
    [
        ("beatles", "'beatles':*"),
        ("Sigur Rós", "('sigur' & 'ros':*)"),
        ("AC/DC", "('acdc':* | ('ac' & 'dc':*))"),
        ("l’amour", "('lamour':* | ('l' & 'amour':*))"),
        ('"kid a"', "('kid' <-> 'a')"),
        ('"kid a" -live', "('kid' <-> 'a') & !'live'"),
        ("« la mer »", "('la' <-> 'mer')"),
        ('"still typ', "('still' <-> 'typ':*)"),
        ("東京事変", "('東京' <-> '京事' <-> '事変':*)"),
        ("東", "'東':*"),
        ("!!!", "'!!!':*"),
        ("foo - bar", "('foo' & 'bar':*)"),
        ("b", "'b'"),
        ("-M-", "'m'"),
        ("-foo", "'foo':*"),
    ],
)
def test_what_is_typed_becomes_a_query(typed: str, tsquery: str) -> None:
    assert understood(typed).all_words() == tsquery


@pytest.mark.parametrize("typed", ["", "   ", "\x00", '"', '""', "\u200b"])
def test_nothing_to_look_for_is_nothing(typed: str) -> None:
    assert not understood(typed)


def test_only_a_plain_request_may_be_a_name() -> None:
    assert understood("The Beatles").name == "the beatles"
    assert understood('"the beatles"').name == ""
    assert understood("beatles -live").name == ""


def test_what_is_too_long_is_cut() -> None:
    asked = understood("word " * 5000)
    assert len(asked.text) <= 200
    assert len(asked.wanted) <= 12


@given(st.text(max_size=300))
def test_any_text_is_understood(typed: str) -> None:
    asked = understood(typed)
    if asked:
        assert asked.all_words()
        assert asked.any_word()
        asked.all_words().encode()
        assert "\x00" not in asked.all_words()
