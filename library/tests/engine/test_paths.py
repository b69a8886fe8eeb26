"""Names of files become text and come back, whatever bytes they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from library.engine.paths import contains, escaped, joined, unescaped


@given(some.binary(max_size=60) | some.text(max_size=30).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_every_name_comes_back(name: bytes) -> None:
    text = escaped(name)
    assert unescaped(text) == name
    assert "\0" not in text
    text.encode()


@given(some.binary(max_size=20), some.binary(max_size=20))
def test_different_names_stay_different(one: bytes, other: bytes) -> None:
    assert (escaped(one) == escaped(other)) == (one == other)


@pytest.mark.parametrize("name", ["Björk – Jóga.flac", "new\nline", "100% hits", '"quotes" \\ back', "東京事変"])
def test_names_in_utf_8_stay_as_they_are(name: str) -> None:
    assert escaped(name.encode()) == name


def test_other_bytes_are_escaped_and_the_escape_too() -> None:
    assert escaped(b"caf\xe9") == "caf␛e9"
    assert escaped("␛e9".encode()) == "␛e2␛90␛9be9"


def test_a_path_is_escaped_part_by_part() -> None:
    assert escaped(b"/m/caf\xe9/x") == joined(escaped(b"/m"), escaped(b"caf\xe9/"), "x")


def test_what_leads_out_is_not_contained(tmp_path: Path) -> None:
    root = tmp_path / "music"
    (root / "album").mkdir(parents=True)
    (tmp_path / "music2").mkdir()
    (root / "out").symlink_to(tmp_path / "music2")
    assert contains(bytes(root), bytes(root / "album" / "x.mp3"))
    assert not contains(bytes(root), bytes(root / "out" / "x.mp3"))
    assert not contains(bytes(root), bytes(tmp_path / "music2"))
    assert not contains(bytes(root), bytes(root / ".." / "music2"))
