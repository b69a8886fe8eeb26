"""Several pictures in one body."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from library.engine.bundles import bundled, unbundled


@given(some.lists(some.binary(max_size=40)))
def test_what_is_bundled_comes_out(contents: list[bytes]) -> None:
    assert unbundled(bundled(contents)) == contents


@pytest.mark.parametrize("body", [b"\0", b"\0" * 7, b"\xff" * 8, bundled([b"abc"])[:-1], bundled([b"abc"]) + b"x"])
def test_what_breaks_off_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match="breaks off"):
        unbundled(body)
