"""Reads ordinary ID3v2.3 and v2.4 tags straight from their bytes; whatever is odd about one is left to mutagen.

What comes of it is the same, and the tests read both ways. Only the frames that we ask for are looked at.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Any

from mutagen.id3._tags import ID3Header
from mutagen.id3._util import ID3JunkFrameError

from library.engine.tags.plain import OddError
from library.engine.tags.plain_frames import BOM, decoded, values_of

HEAD = 10
_FRAME = struct.Struct(">4sIH")
_PADDING = bytes(HEAD)
# Encodings in which a description ends at a single NUL.
_NARROW = {0, 3}
_EMPTY_WIDE = (b"\xff\xfe\0\0", b"\xfe\xff\0\0")


class Plain:
    """A frame, with the names that mutagen gives to its parts."""

    __slots__ = ("data", "desc", "encoding", "lang", "mime", "owner", "text", "type")
    data: bytes
    desc: str
    encoding: int
    lang: str
    mime: str
    owner: str
    text: Any
    type: int


Frames = list[tuple[str, Any]]


def is_plain(head: bytes) -> bool:
    """By the ten bytes at a tag's beginning: a version that we know, no flags, a size as it ought to be."""
    return head[3] in (3, 4) and not head[5] and not (head[6] | head[7] | head[8] | head[9]) & 0x80


def frames_of(data: bytes, version: int, known: Mapping[str, Any]) -> Frames:
    """All that we ask for, each by its name, in their order; what stands in two frames of one kind is odd."""
    found: Frames = []
    seen: set[str] = set()
    padded = version == 4 and _is_padded(data, known)
    at, end = 0, len(data)
    while at + HEAD <= end:
        name_bytes, size, flags = _FRAME.unpack_from(data, at)
        if size > 127 and padded:
            size = _unpadded(size)
        begin, at = at + HEAD, at + HEAD + size
        if name_bytes == b"\0\0\0\0":
            break
        name = str(name_bytes, "latin-1")
        if name not in known:
            if name[3] == "\0":
                raise OddError
            continue
        if not size:
            continue
        if flags:
            raise OddError
        content = data[begin:at]
        read = _READERS.get(name, _text)(content, name) or _usual(content, known[name], version)
        if read is None:
            continue
        frame, key = read
        if key in seen:
            raise OddError
        seen.add(key)
        found.append((name, frame))
    return found


def _unpadded(size: int) -> int:
    """Of four bytes that hold seven bits each."""
    return size & 0x7F | size >> 1 & 0x3F80 | size >> 2 & 0x1FC000 | size >> 3 & 0xFE00000


def _is_padded(data: bytes, known: Mapping[str, Any]) -> bool:
    """Some programs write plain sizes into v2.4; the way that meets more frames is the right one, as mutagen has it."""
    padded, padded_beyond = _met(data, known, _unpadded)
    plain, plain_beyond = _met(data, known, int)
    return not (plain > padded or (plain == padded and padded_beyond >= 1 and plain_beyond <= 1))


def _met(data: bytes, known: Mapping[str, Any], size_of: Callable[[int], int]) -> tuple[int, int]:
    """How many frames there are on this way through the tag, and how far beyond its end it leads."""
    at, count, last = 0, 0, len(data) - HEAD
    while at < last:
        name, size, _flags = _FRAME.unpack_from(data, at)
        if name == b"\0\0\0\0" and data[at : at + HEAD] == _PADDING:
            return count, -((len(data) - at) % HEAD)
        at += HEAD + (size_of(size) if size > 127 else size)
        count += str(name, "latin-1") in known
    return count, at - len(data)


# --- the kinds of frames ---------------------------------------------------------------------------------------------

Read = tuple[Any, str]
"""a frame, and what no two frames have in common"""


def _usual(content: bytes, frame: Any, version: int) -> Read | None:
    """As mutagen reads it; None for what it passes over."""
    header: Any = ID3Header()
    header.version = (2, version, 0)
    try:
        found = frame._fromData(header, 0, content)
    except (NotImplementedError, ID3JunkFrameError):
        return None
    return found, found.HashKey


def _text(content: bytes, name: str) -> Read | None:
    text = decoded(content)
    if text is None:
        return None
    frame = Plain()
    frame.encoding, frame.text = content[0], values_of(text)
    return frame, name


def _described(content: bytes, name: str) -> Read | None:
    text = decoded(content)
    if text is None or "\0" not in text:
        return None
    frame = Plain()
    frame.encoding = content[0]
    frame.desc, _, rest = text.partition("\0")
    frame.text = values_of(rest)
    return frame, f"{name}:{frame.desc}"


def _in_language(content: bytes, name: str) -> Read | None:
    """Comments and words: a description, then one text."""
    text = decoded(content[:1] + content[4:])
    if text is None or not content[1:4].isascii() or len(content) < 5:
        return None
    desc, nul, rest = text.partition("\0")
    rest = rest.removesuffix("\0").removeprefix(BOM)
    if not nul or "\0" in rest:
        return None
    frame = Plain()
    frame.encoding, frame.lang, frame.desc = content[0], str(content[1:4], "ascii"), desc
    frame.text = rest if name == "USLT" else [rest]
    return frame, f"{name}:{desc}:{frame.lang}"


def _identifier(content: bytes, name: str) -> Read | None:
    owner, _, data = content.partition(b"\0")
    frame = Plain()
    frame.owner, frame.data = str(owner, "latin-1"), data
    return frame, f"{name}:{frame.owner}"


def _picture(content: bytes, name: str) -> Read | None:
    """Those with a description in one byte a letter, or with none."""
    mime_end = content.find(b"\0", 1)
    begin = mime_end + 2
    if content[0] in _NARROW:
        end = content.find(b"\0", begin)
        desc, after = content[begin:end], end + 1
    elif content[0] == 1 and content[begin : begin + 4] in _EMPTY_WIDE:
        desc, end, after = b"", begin, begin + 4
    else:
        return None
    if mime_end < 0 or end < 0 or not desc.isascii() or not content[after : after + 1].strip(b"\0"):
        return None
    frame = Plain()
    frame.mime, frame.type = str(content[1:mime_end], "latin-1"), content[mime_end + 1]
    frame.desc, frame.data = str(desc, "ascii"), content[after:]
    return frame, f"{name}:{frame.desc}"


_READERS: dict[str, Callable[[bytes, str], Read | None]] = {
    "TXXX": _described,
    "COMM": _in_language,
    "USLT": _in_language,
    "UFID": _identifier,
    "APIC": _picture,
} | dict.fromkeys(("SYLT", "POPM", "RVA2", "TIPL", "TMCL", "IPLS"), lambda _content, _name: None)
