"""Words as search sees them: the same in documents and in what is typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from library.engine.words import fold, name_of, namesakes, words_of

texts = st.text(max_size=60)


def words(text: str) -> list[str]:
    return [word.text for word in words_of(text)]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Beyoncé", "beyonce"),
        ("Œdipe Roi", "oedipe roi"),
        ("Straße", "STRASSE"),
        ("Ænima", "aenima"),
        ("Mø", "mo"),
        ("Łódź", "lodz"),
        ("Bîrlădeanu", "birladeanu"),
        ("Sigur Rós", "sigur ros"),
        ("ＬＯＶＥ", "love"),
        ("İstanbul", "istanbul"),
    ],
)
def test_accents_case_and_ligatures_do_not_matter(written: str, typed: str) -> None:
    assert fold(written) == fold(typed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AC/DC", {"acdc", "ac", "dc"}),
        ("R.E.M.", {"rem", "r", "e", "m"}),
        ("l’amour", {"lamour", "l", "amour"}),
        ("l'amour", {"lamour", "l", "amour"}),
        ("Don't", {"dont", "don", "t"}),
        ("blink-182", {"blink182", "blink", "182"}),
        ("R&B", {"rb", "r", "b"}),
        ("Simon & Garfunkel", {"simon", "and", "garfunkel"}),
    ],
)
def test_a_word_with_marks_inside_is_itself_and_its_parts(text: str, expected: set[str]) -> None:
    assert set(words(text)) == expected


def test_what_has_no_letters_stands_for_itself() -> None:
    assert words("!!!") == ["!!!"]
    assert words("÷") == ["÷"]
    assert words("🎵") == ["🎵"]


def test_scripts_without_spaces_are_cut_into_pairs() -> None:
    assert words("東京事変") == ["東京", "京事", "事変", "変"]
    assert words("椎名林檎 Live") == ["椎名", "名林", "林檎", "檎", "live"]


def test_scripts_with_vowel_signs_keep_their_words_whole() -> None:
    assert words("हिन्दी गाना") == ["हिन्दी", "गाना"]
    assert words("한국 노래") == ["한국", "노래"]
    assert words("שלום עולם") == ["שלום", "עולם"]


def test_a_dash_between_words_takes_no_place_in_a_phrase() -> None:
    places = {word.text: word.position for word in words_of("kid - a")}
    assert places["a"] == places["kid"] + 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("AC/DC", "acdc"), ("R.E.M.", "rem"), ("Don’t  Stop", "dont stop"), ("Noir Désir", "NOIR DESIR"), ("!!!", "!!!")],
)
def test_names_are_compared_without_their_marks(one: str, other: str) -> None:
    assert name_of(one) == name_of(other)


def test_an_article_makes_no_other_name() -> None:
    assert "the beatles" in namesakes("beatles")
    assert "beatles" in namesakes("the beatles")
    assert "the" in namesakes("the"), "there may be a band of that name"


@given(texts)
def test_any_text_becomes_words_without_spaces_that_are_not_too_long(text: str) -> None:
    for word in words_of(text):
        assert word.text
        assert len(word.text) <= 40
        assert not any(letter.isspace() for letter in word.text)


@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(text) == fold(fold(text))
