"""Reads the tags of music files into one shape, whatever the format.

tags/formats.py    which reader takes a file
tags/readers.py    one for each family of formats; id3, vorbis, mp4, ape, asf and chunks say what their tags mean
tags/names.py      one name for each field
tags/rows.py       makes a track of it: credits, dates, numbers, musicbrainz, replaygain, genres, keys, lyrics
"""

import os
import stat
from typing import IO

from library.engine.file_kinds import AUDIO, suffix_of
from library.engine.tags import formats, readers
from library.engine.tags.raw import Raw

# As much as is read at once: the head of a file lies on a server, and each question costs a journey there.
BUFFER = 64 * 1024


class Unreadable(Exception):
    """Why a file could not be read, for people; it is not tried again until it changes.

    `passing`: it is not the file's fault, but that of a permission, a disk, or a network.
    """

    def __init__(self, reason: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.passing = passing


class Vanished(Exception):
    """It was there a moment ago."""


class Changing(Exception):
    """It is being written, and will be read when that has ended."""


def read_file(path: bytes, *, size: int, mtime_ns: int) -> Raw:
    """What a file says that is still as it was when it was listed."""
    if size == 0:
        raise Unreadable("It is empty (0 bytes).")
    try:
        # Should a pipe have taken the file's place meanwhile, nobody waits for its other end.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb", buffering=BUFFER) as file:
            raw = _checked(file, path, size, mtime_ns)
    except (FileNotFoundError, NotADirectoryError):
        raise Vanished from None
    except OSError as error:
        raise Unreadable(f"It cannot be read: {error.strerror or error}.", passing=True) from error
    return raw


def _checked(file: IO[bytes], path: bytes, size: int, mtime_ns: int) -> Raw:
    _must_be(file, size, mtime_ns)
    try:
        raw = _read(file, path, size)
    except OSError:
        raise
    except Exception as error:
        # mutagen has errors of its own, and lets others through; whichever it is, this file is not to be read.
        _must_be(file, size, mtime_ns)
        raise Unreadable(f"It is damaged, or not what its name says.{_detail(error)}") from error
    _must_be(file, size, mtime_ns)
    return raw


def _must_be(file: IO[bytes], size: int, mtime_ns: int) -> None:
    facts = os.fstat(file.fileno())
    if not stat.S_ISREG(facts.st_mode):
        raise Unreadable("It is not a file.")
    if (facts.st_size, facts.st_mtime_ns) != (size, mtime_ns):
        raise Changing


def _read(file: IO[bytes], path: bytes, size: int) -> Raw:
    promised = AUDIO.get(suffix_of(path), "mp3")
    name = formats.format_of(file, file.read(formats.HEAD), promised)
    return readers.read(file, size, name)


def _detail(error: Exception) -> str:
    """What the reader says of it in words; neither the path, which stands beside it anyway, nor a name of our own."""
    text = str(error)
    if " " not in text or "/" in text or "\\x" in text or "is not a valid" in text or not text.isprintable():
        return ""
    return f" ({text[:200]})"
