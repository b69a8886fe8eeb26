"""Keys as files name them."""

import pytest

from analysis.engine.keys import parsed_key


@pytest.mark.parametrize(
    ("text", "key", "scale", "camelot"),
    [
        ("Am", "A", "minor", "8A"),
        ("C", "C", "major", "8B"),
        ("C major", "C", "major", "8B"),
        ("F#m", "F#", "minor", "11A"),
        ("Gb min", "F#", "minor", "11A"),
        ("D♭", "Db", "major", "3B"),
        ("C#", "Db", "major", "3B"),
        ("bbm", "Bb", "minor", "3A"),
        ("H", "B", "major", "1B"),
        ("8A", "A", "minor", "8A"),
        ("08b", "C", "major", "8B"),
        ("12A", "Db", "minor", "12A"),
        ("1m", "A", "minor", "8A"),
        ("1d", "C", "major", "8B"),
        ("6m", "Ab", "minor", "1A"),
        ("la mineur", "", "", ""),
        ("o", "", "", ""),
        ("13A", "", "", ""),
        ("", "", "", ""),
        ("X", "", "", ""),
    ],
)
def test_every_spelling_has_one_place_on_the_wheel(text: str, key: str, scale: str, camelot: str) -> None:
    found = parsed_key(text)
    assert (found.key, found.scale, found.camelot) == (key, scale, camelot) if found else key == ""
