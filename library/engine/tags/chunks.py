"""RIFF and IFF: where the sound lies in a WAV or AIFF file, and what its own chunks say beside an ID3 tag."""

import struct
from collections.abc import Iterator
from typing import IO, NamedTuple

from library.engine.tags.encodings import decoded
from library.engine.tags.raw import Audio, Raw

_INFO = {
    b"INAM": "title", b"IART": "artist", b"IPRD": "album", b"ICRD": "date", b"IGNR": "genre", b"ITRK": "track",
    b"IPRT": "track", b"ICMT": "comment", b"IMUS": "composer", b"ILNG": "language", b"ISRC": "isrc",
}  # fmt: skip
_AIFF = {b"NAME": "title", b"AUTH": "artist", b"ANNO": "comment"}
LARGEST_TEXT = 1 << 20
MOST_CHUNKS = 1000


class Chunk(NamedTuple):
    name: bytes
    at: int
    size: int


def chunks(file: IO[bytes], begin: int, end: int, order: str) -> Iterator[Chunk]:
    """One behind the other, each at an even place; a size that leads out of the file ends it."""
    at = begin
    for _ in range(MOST_CHUNKS):
        if at + 8 > end:
            return
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            return
        name, size = struct.unpack(f"{order}4sI", head)
        yield Chunk(name, at + 8, min(size, end - at - 8))
        at += 8 + size + size % 2


def sound_of(file: IO[bytes], size: int) -> tuple[Chunk | None, Raw | None]:
    """Where the samples lie in a WAV or AIFF file, and what its text chunks say."""
    file.seek(0)
    is_riff = file.read(4) != b"FORM"
    sound, texts = None, []
    for chunk in chunks(file, 12, size, "<" if is_riff else ">"):
        if chunk.name in (b"data", b"SSND"):
            sound = sound or chunk
        elif chunk.name == b"LIST" and chunk.size >= 4:
            file.seek(chunk.at)
            if file.read(4) == b"INFO":
                inner = chunks(file, chunk.at + 4, chunk.at + chunk.size, "<")
                texts += [(_INFO[part.name], part) for part in inner if part.name in _INFO]
        elif not is_riff and chunk.name in _AIFF:
            texts.append((_AIFF[chunk.name], chunk))
    return sound, _texts_of(file, texts)


def _texts_of(file: IO[bytes], texts: list[tuple[str, Chunk]]) -> Raw | None:
    if not texts:
        return None
    raw = Raw(Audio(""))
    for name, chunk in texts:
        file.seek(chunk.at)
        content = file.read(min(chunk.size, LARGEST_TEXT))
        raw.add(name, decoded(content.rstrip(b"\0")).partition("\0")[0])
    return raw
