"""Keeps the files of the demo library as workers deliver them."""

import os
import tempfile
from pathlib import Path
from typing import IO

from core.errors import InvalidInput
from library.schemas.demo import DemoFileOut
from library.selectors.demo import demo_file_out, demo_place

LARGEST_DEMO_FILE = 24 * 1024 * 1024
PIECE = 64 * 1024


def keep_demo_file(*, path: str, source: IO[bytes]) -> DemoFileOut:
    """Writes a file beside its place and moves it there, so that nobody ever sees half of it."""
    place = demo_place(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            _copy(source, file)
        Path(name).chmod(0o644)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return demo_file_out(path)


def _copy(source: IO[bytes], file: IO[bytes]) -> None:
    size = 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > LARGEST_DEMO_FILE:
            break
        file.write(piece)
    if not 0 < size <= LARGEST_DEMO_FILE:
        raise InvalidInput(f"A file of the demo library has 1 to {LARGEST_DEMO_FILE} bytes.", field="body")
