"""Tracks whose files are there."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from library.models import LibraryRoot, Track
from library.tests.factories import make_root, make_track
from player.engine.asking import sound_process
from player.tests.sounds import MADE, tone, write


@pytest.fixture(scope="module", autouse=True)
def _sound_process() -> Iterator[None]:
    yield
    sound_process.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "music"
    place.mkdir()
    return place


@pytest.fixture
def root(db: None, folder: Path) -> LibraryRoot:
    return make_root(str(folder))


@pytest.fixture
def track_of(root: LibraryRoot) -> Callable[..., Track]:
    """A track of a file, as a scan would have found it."""

    def make(place: Path, **over: Any) -> Track:
        facts = place.stat()
        given = {"file_type": place.suffix[1:], "file_size": facts.st_size, "file_mtime_ns": facts.st_mtime_ns}
        return make_track(root=root, **{**given, "path": str(place), **over})

    return make


@pytest.fixture
def playing(folder: Path, track_of: Callable[..., Track]) -> Callable[..., Track]:
    """A track of some seconds of a tone."""

    def make(kind: str = "flac", seconds: float = 3.0, **over: Any) -> Track:
        rate = MADE[kind][2]
        return track_of(write(folder / f"tone.{kind}", tone(rate, 0, round(rate * seconds))), **over)

    return make


@pytest.fixture(autouse=True)
def _own_transcodes(settings: Any, tmp_path: Path) -> None:
    settings.TRANSCODE_FOLDER = tmp_path / "transcodes"
