"""Pictures in tags: which one is the cover, and what it really is."""

import base64
import binascii
import struct

from library.engine.tags.raw import Picture

FRONT = 3
MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


def mime_type(data: bytes) -> str | None:
    """By its first bytes, whatever its tag says; None for what is no picture, an address of one ("-->") included."""
    for magic, mime in MAGIC:
        if data.startswith(magic):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if data[4:12] in {b"ftypavif", b"ftypavis"} else None


def cover(pictures: list[Picture]) -> bytes | None:
    """The front of the album before any other."""
    for picture in sorted(pictures, key=lambda picture: picture.kind != FRONT):
        if mime_type(picture.data):
            return picture.data
    return None


def from_block(block: bytes) -> Picture | None:
    """FLAC's picture block, which Ogg carries in a comment."""
    try:
        kind, length = struct.unpack_from(">II", block)
        at = 8 + length
        at += 4 + struct.unpack_from(">I", block, at)[0] + 16
        (size,) = struct.unpack_from(">I", block, at)
    except struct.error:
        return None
    return Picture(kind, block[at + 4 : at + 4 + size])


def from_base64(text: str) -> bytes:
    """Empty for what cannot be decoded; a padding that was lost is forgiven."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return b""


def from_ape(value: bytes) -> bytes:
    """A file's name, NUL, and the picture."""
    name, nul, data = value.partition(b"\0")
    return value if mime_type(value) else data if nul and len(name) < 1000 else b""
