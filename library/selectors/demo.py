"""The demo library's files: which there may be, which there are."""

from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings

from core.errors import NotFound
from library.engine.demo import PIECES
from library.schemas.demo import DemoFileOut


@cache
def demo_paths() -> frozenset[str]:
    """The only names in the demo library: no path of a caller's own reaches the disk."""
    audio = {piece.path for piece in PIECES}
    lyrics = {str(PurePosixPath(path).with_suffix(".lrc")) for path in audio}
    covers = {str(PurePosixPath(path).with_name("cover.jpg")) for path in audio}
    return frozenset(audio | lyrics | covers)


def demo_place(path: str) -> Path:
    """Where a file of the demo library belongs."""
    if path not in demo_paths():
        raise NotFound(f"The demo library has no file called {path!r}.")
    return Path(settings.DEMO_FOLDER) / path


def demo_file(path: str) -> Path:
    """Where one of them lies."""
    place = demo_place(path)
    if not place.is_file():
        raise NotFound("This file of the demo library has not been made yet.")
    return place


def demo_files() -> list[DemoFileOut]:
    """What has been made so far."""
    return [demo_file_out(path) for path in sorted(demo_paths()) if demo_place(path).is_file()]


def demo_file_out(path: str) -> DemoFileOut:
    place = demo_file(path)
    stat = place.stat()
    return DemoFileOut(path=path, size=stat.st_size, mtime_ns=stat.st_mtime_ns, location=str(place))
