"""What is read faster than mutagen reads it, with the same results as mutagen's."""

import codecs
import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as some
from mutagen import _util, id3
from mutagen.id3 import _specs

from library.engine.tags.id3 import KNOWN, take
from library.engine.tags.plain_frames import quick
from library.engine.tags.raw import Audio, Raw
from library.engine.tags.utf16 import faster, install

ORIGINAL: Any = _util.decode_terminated
USUAL: dict[str, Any] = {**id3.Frames}


def outcome(decode: Callable[..., tuple[str, bytes]], data: bytes, encoding: str, strict: bool) -> object:
    try:
        return decode(data, encoding, strict=strict)
    except ValueError as error:
        return UnicodeError if isinstance(error, UnicodeError) else ValueError


WIDE = some.text(max_size=8).map(lambda text: text.encode("utf-16-le", "surrogatepass"))
PIECES = some.sampled_from(
    [b"\0", b"\0\0", b"\0\0\0", codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"a\0", b"\0a", b"\xd8"]
)
DATA = some.lists(WIDE | PIECES | some.binary(max_size=4), max_size=6).map(b"".join)


@given(DATA, some.sampled_from(["utf16", "utf_16_be", "utf-16-le", "latin1", "utf8"]), some.booleans())
def test_terminated_text_is_decoded_as_before(data: bytes, encoding: str, strict: bool) -> None:
    assert outcome(faster(ORIGINAL), data, encoding, strict) == outcome(ORIGINAL, data, encoding, strict)


def test_another_mutagen_is_left_alone() -> None:
    module: Any = _specs
    ours = module.decode_terminated
    try:
        module.decode_terminated = lambda data, codec: ("", b"")
        assert not install()
        module.decode_terminated = ORIGINAL
        assert install()
    finally:
        module.decode_terminated = ours

    class Strange:
        _framespec: list[Any] = []

        @classmethod
        def _fromData(cls, everything: bytes) -> None:
            """Other parameters than we know."""

    assert quick(Strange) is Strange
    assert quick(USUAL["APIC"]) is USUAL["APIC"]


def synchsafe(number: int) -> bytes:
    return bytes([(number >> shift) & 0x7F for shift in (21, 14, 7, 0)])


def tag(frames: list[tuple[str, bytes, int]], version: int) -> bytes:
    body = b""
    for name, data, flags in frames:
        size = synchsafe(len(data)) if version == 4 else struct.pack(">I", len(data))
        body += name.encode() + size + struct.pack(">H", flags) + data
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(body)) + body


def read(content: bytes, known: dict[str, Any]) -> Raw:
    frames: Any = id3.ID3
    raw = Raw(Audio("mp3"))
    take(frames(BytesIO(content), known_frames=known, translate=False, load_v1=False), raw)
    return raw


def encoded(text: str) -> some.SearchStrategy[bytes]:
    return some.sampled_from(
        [
            b"\x03" + text.encode("utf-8", "replace"),
            b"\x01" + codecs.BOM_UTF16_LE + text.encode("utf-16-le", "replace"),
            b"\x01" + codecs.BOM_UTF16_BE + text.encode("utf-16-be", "replace"),
            b"\x02" + text.encode("utf-16-be", "replace"),
            b"\x01" + text.encode("utf-16-le", "replace"),
            b"\x00" + text.encode("latin-1", "replace"),
        ]
    )


TEXTS = some.lists(some.text(min_size=1, max_size=8), min_size=1, max_size=3).map("\0".join).flatmap(encoded)
NAMES = some.sampled_from(["TIT2", "TPE1", "TALB", "TXXX", "TRCK", "TBPM", "TSOP"])
FRAME = some.tuples(NAMES, TEXTS | some.binary(min_size=1, max_size=12), some.sampled_from([0, 0, 0, 1, 2]))


@given(some.lists(FRAME, min_size=1, max_size=5), some.sampled_from([3, 4]))
def test_plain_frames_say_the_same(frames: list[tuple[str, bytes, int]], version: int) -> None:
    content = tag(frames, version)
    usual = {name: USUAL.get(name, frame) for name, frame in KNOWN.items()}
    # Dates are text to us in both cases.
    usual |= {name: KNOWN[name].__mro__[1] for name in ("TDRC", "TDOR", "TDRL")}
    ours, theirs = read(content, KNOWN), read(content, usual)
    assert {name: [mark(text) for text in texts] for name, texts in ours.values.items()} == {
        name: [mark(text) for text in texts] for name, texts in theirs.values.items()
    }


def mark(text: str) -> str:
    """A byte order mark within a text is a character to mutagen, and none to us."""
    return text.replace("\ufeff", "")
