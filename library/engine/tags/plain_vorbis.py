"""Reads ordinary FLAC, Ogg Vorbis and Opus files straight from their bytes; what is odd about one is mutagen's."""

import struct
from functools import lru_cache
from typing import IO

from library.engine.tags.plain import OddError, Sound
from library.engine.tags.raw import Picture

Comments = list[tuple[str, str]]
_LENGTH = struct.Struct("<I")


def comments_of(data: bytes, at: int, *, framed: bool = False) -> tuple[Comments, int]:
    """All of a block's comments, as they are, and the place behind them."""
    found: Comments = []
    end = len(data)
    try:
        at += 4 + _LENGTH.unpack_from(data, at)[0]
        (count,) = _LENGTH.unpack_from(data, at)
        at += 4
        for _ in range(count):
            begin = at + 4
            at = begin + _LENGTH.unpack_from(data, at)[0]
            name, equals, value = data[begin:at].partition(b"=")
            if at > end or not equals:
                raise OddError
            found.append((_name(name), str(value, "utf-8", "replace")))
        if framed and not data[at] & 1:
            raise OddError
    except (struct.error, IndexError):
        raise OddError from None
    return found, at


@lru_cache(1024)
def _name(name: bytes) -> str:
    if not name or not name.isascii() or min(name) < 0x20 or max(name) > 0x7D:
        raise OddError
    return str(name, "ascii")


# --- FLAC ------------------------------------------------------------------------------------------------------------

_STREAM, _PADDING, _APPLICATION, _PLACES, _COMMENTS, _PICTURE = 0, 1, 2, 3, 4, 6
_SKIPPED = {_PADDING, _APPLICATION, _PLACES}
_ONCE = {_STREAM, _PLACES, _COMMENTS}


def flac_of(file: IO[bytes], size: int) -> tuple[Sound, int, Comments, list[Picture]]:
    """What the stream is, the signature of its samples, its comments, and its pictures."""
    file.seek(0)
    if file.read(4) != b"fLaC":
        raise OddError
    at, seen = 4, set()
    stream, comments, found = b"", Comments(), []
    last = False
    while not last:
        head = file.read(4)
        if len(head) < 4:
            raise OddError
        kind, last, length = head[0] & 0x7F, head[0] >= 0x80, int.from_bytes(head[1:], "big")
        at += 4 + length
        if at > size or (kind in _ONCE and kind in seen):
            raise OddError
        seen.add(kind)
        if kind in _SKIPPED:
            file.seek(at)
            continue
        block = file.read(length)
        if kind == _STREAM:
            stream = block
        elif kind == _COMMENTS:
            comments, end = comments_of(block, 0)
            if end != length:
                raise OddError
        elif kind == _PICTURE:
            found += _picture(block)
        else:
            raise OddError
    sound, signature = _stream(stream, size - at)
    return sound, signature, comments, found


def _stream(block: bytes, rest: int) -> tuple[Sound, int]:
    if len(block) != 34:
        raise OddError
    facts = int.from_bytes(block[10:18], "big")
    sample_rate, channels, bits, samples = facts >> 44, (facts >> 41 & 7) + 1, (facts >> 36 & 31) + 1, facts & 2**36 - 1
    if not sample_rate:
        raise OddError
    length = samples / float(sample_rate)
    bitrate = int(float(rest) * 8 / length) if length else 0
    return Sound(length, sample_rate, channels, bitrate, bits), int.from_bytes(block[18:], "big")


def _picture(block: bytes) -> list[Picture]:
    """None if it is only the address of one."""
    try:
        kind, length = struct.unpack_from(">II", block)
        mime = block[8 : 8 + length]
        at = 8 + length
        at += 4 + struct.unpack_from(">I", block, at)[0] + 16
        (length,) = struct.unpack_from(">I", block, at)
    except struct.error:
        raise OddError from None
    if at + 4 + length != len(block):
        raise OddError
    return [] if mime == b"-->" else [Picture(kind, block[at + 4 :])]


# --- Ogg -------------------------------------------------------------------------------------------------------------

_PAGE = struct.Struct("<4sBBqIIiB")
_CONTINUED, _FIRST, _LAST = 1, 2, 4
_NO_POSITION = {0, -1}
TAIL = 64 * 1024
OPUS_RATE = 48_000


def ogg_of(file: IO[bytes], size: int, kind: str) -> tuple[Sound, Comments, int]:
    """What the stream is, its comments, and the place behind the pages that hold them."""
    file.seek(0)
    head, serial, at = _packet(file, None)
    text, _, behind = _packet(file, serial)
    at += behind
    sound, place = _vorbis(head) if kind == "ogg" else _opus(head)
    mark = b"\x03vorbis" if kind == "ogg" else b"OpusTags"
    if not text.startswith(mark):
        raise OddError
    comments, _ = comments_of(text, len(mark), framed=kind == "ogg")
    position = _last_position(file, size, serial)
    sound.length = (position - place) / float(sound.sample_rate)
    if kind == "opus":
        sound.bitrate = round((size - at) * 8 / sound.length) if sound.length else 0
    return sound, comments, at


def _packet(file: IO[bytes], serial: int | None) -> tuple[bytes, int, int]:
    """The first one that begins on the next page, its stream, and the length of its pages."""
    parts: list[bytes] = []
    length = number = 0
    while True:
        head = file.read(_PAGE.size)
        if len(head) < _PAGE.size:
            raise OddError
        mark, version, flags, position, stream, place, _checksum, count = _PAGE.unpack(head)
        sizes = file.read(count)
        body = file.read(sum(sizes))
        first = not parts
        if mark != b"OggS" or version or position not in _NO_POSITION or not sizes or len(body) < sum(sizes):
            raise OddError
        if bool(flags & _CONTINUED) == first or bool(flags & _FIRST) != (serial is None):
            raise OddError
        if (serial is not None and stream != serial) or (not first and place != number + 1):
            raise OddError
        serial, number = stream, place
        length += _PAGE.size + count + len(body)
        full = len(sizes) - len(sizes.lstrip(b"\xff"))
        if full < count:
            parts.append(body[: 255 * full + sizes[full]])
            return b"".join(parts), stream, length
        parts.append(body)


def _vorbis(head: bytes) -> tuple[Sound, int]:
    if not head.startswith(b"\x01vorbis") or len(head) < 28:
        raise OddError
    channels, sample_rate, most, usual, least = struct.unpack_from("<BI3i", head, 11)
    if not sample_rate:
        raise OddError
    most, usual, least = max(0, most), max(0, usual), max(0, least)
    likely = most if most and most < usual else max(least, usual)
    bitrate = likely if usual else (most + least) // 2
    return Sound(0.0, sample_rate, channels, bitrate), 0


def _opus(head: bytes) -> tuple[Sound, int]:
    """Its silence at the beginning is not played."""
    if not head.startswith(b"OpusHead") or len(head) < 19 or head[8] >> 4:
        raise OddError
    return Sound(0.0, OPUS_RATE, head[9], 0), int.from_bytes(head[10:12], "little")


def _last_position(file: IO[bytes], size: int, serial: int) -> int:
    file.seek(max(0, size - TAIL))
    data = file.read(TAIL)
    at = data.rfind(b"OggS")
    if at < 0 or len(data) < at + _PAGE.size:
        raise OddError
    _mark, version, flags, position, stream, _place, _checksum, count = _PAGE.unpack_from(data, at)
    sizes = data[at + _PAGE.size : at + _PAGE.size + count]
    whole = len(sizes) == count and len(data) >= at + _PAGE.size + count + sum(sizes)
    if version or not whole or stream != serial or position == -1 or not flags & _LAST:
        raise OddError
    return int(position)
