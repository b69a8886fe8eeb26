"""Finds frames of MPEG layer 3 by their heads: a piece of an MP3 is whole frames as they lie in the file.

Frames do not say where they are. They are counted from the beginning, from a place that was counted before, or, where
all are of one bit rate, by their length.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_KBITS[0] = _KBITS[2]
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MPEG_1 = 3
BLOCK = 256 * 1024
LONGEST = 4096
# Frames further in are looked for by their length, and not counted, in files of one bit rate.
FAR = 2000


@dataclass(frozen=True, slots=True)
class Head:
    """What four bytes say of a frame."""

    kind: int
    """version and rate: all frames of a file share it"""
    version: int
    bitrate: int
    rate: int
    length: int

    @property
    def samples(self) -> int:
        return 1152 if self.version == _MPEG_1 else 576


@dataclass(frozen=True, slots=True)
class Place:
    """Where the frame of a number begins."""

    frame: int
    byte: int


def head_at(data: bytes, at: int) -> Head | None:
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return None
    version, kbits, rate = data[at + 1] >> 3 & 3, data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or rate == 3 or kbits in {0, 15}:
        return None
    bitrate, hertz = _KBITS[version][kbits] * 1000, _RATES[version][rate]
    length = (144 if version == _MPEG_1 else 72) * bitrate // hertz + (data[at + 2] >> 1 & 1)
    return Head(version << 2 | rate, version, bitrate, hertz, length)


class Frames:
    """The frames of one file; `first` is the first that holds sound."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.size = file, size
        begin = _behind_tags(file)
        file.seek(begin)
        data = file.read(BLOCK)
        offset = _synchronised(data, 0, None)
        head = head_at(data, offset)
        if head is None:
            raise ValueError("There is no frame of MPEG layer 3 in it.")
        self.head = head
        self.constant = False
        if (counts := _counts(data, offset, head)) is not None:
            self.constant = counts == b"Info"
            offset += head.length
        self.first = Place(0, begin + offset)

    def walk(self, place: Place) -> Iterator[tuple[Place, int]]:
        """Every frame from there on, with its length; rubbish between frames is stepped over."""
        frame, byte = place.frame, place.byte
        data, begin = b"", byte
        while True:
            at = byte - begin
            if at + LONGEST > len(data) and begin + len(data) < self.size:
                self.file.seek(byte)
                data, begin, at = self.file.read(BLOCK), byte, 0
            head = head_at(data, at)
            if head is None or head.kind != self.head.kind:
                found = _synchronised(data, at + 1, self.head)
                if found >= len(data) - LONGEST and begin + len(data) >= self.size and head_at(data, found) is None:
                    return
                byte = begin + found
                continue
            if at + head.length > len(data):
                return
            yield Place(frame, byte), head.length
            frame, byte = frame + 1, byte + head.length

    def near(self, frame: int, known: Place | None) -> Place:
        """A place at or before a frame, from which it is not far."""
        best = known if known is not None and known.frame <= frame else self.first
        if self.constant and frame - best.frame > FAR:
            return self._by_length(frame - FAR // 8) or best
        return best

    def _by_length(self, frame: int) -> Place | None:
        """Encoders spread what a frame's length lacks of a whole byte evenly: it lies within a byte of the mean."""
        factor = 144 if self.head.version == _MPEG_1 else 72
        expected = self.first.byte + frame * factor * self.head.bitrate / self.head.rate
        start = max(self.first.byte, int(expected) - 64)
        self.file.seek(start)
        data = self.file.read(2 * LONGEST)
        found = start + _synchronised(data, 0, self.head)
        return Place(frame, found) if abs(found - expected) < 8 else None


def _behind_tags(file: IO[bytes]) -> int:
    at = 0
    while True:
        file.seek(at)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or any(byte & 0x80 for byte in head[6:]):
            return at
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + size + (10 if head[5] & 0x10 else 0)


def _synchronised(data: bytes, at: int, like: Head | None) -> int:
    """The next frame that another one follows; the end of the data if there is none."""
    while (at := data.find(b"\xff", at)) >= 0:
        head = head_at(data, at)
        if head is not None and (like is None or head.kind == like.kind):
            following = head_at(data, at + head.length)
            if at + head.length + 4 > len(data) or (following is not None and following.kind == head.kind):
                return at
        at += 1
    return len(data)


def _counts(data: bytes, at: int, head: Head) -> bytes | None:
    """The name of the head that counts frames, where the first frame is one and holds no sound."""
    mono = data[at + 3] >> 6 == 3
    side = (17 if mono else 32) if head.version == _MPEG_1 else (9 if mono else 17)
    name = data[at + 4 + side : at + 8 + side]
    if name in {b"Xing", b"Info"}:
        return name
    return b"VBRI" if data[at + 36 : at + 40] == b"VBRI" else None
