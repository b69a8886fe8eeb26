"""What MPEG sound is, by its first frames; where these leave any doubt mutagen looks for better ones.

What is said of it is the same, and the tests ask both.
"""

import re
from dataclasses import dataclass
from typing import IO, Any

from mutagen import mp3

from library.engine.tags.plain import Sound

# Four frames of the longest kind, and a head of LAME's.
ENOUGH = 6 * 1024
_LAYER_3, _MPEG_1 = 1, 3
_KBITS = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_KBITS[0] = _KBITS[2]
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_MONO = 3
# Heads that count the frames of the whole file stand behind the side information, or at one place.
_XING, _VBRI = (b"Xing", b"Info"), b"VBRI"
_VBRI_AT = 36
_LAME = re.compile(rb"LAME3\.(9[1-9]|1\d\d)(?!\d)")
_LAME_LIKE = (b"LAME", b"L3.99")
_HAS_FRAMES, _HAS_BYTES, _HAS_PLACES, _HAS_QUALITY = 1, 2, 4, 8
LONGEST_HEAD = 160
_FRAMES_TO_BELIEVE = 4
MPEGInfo: Any = mp3.MPEGInfo


def sound_of(file: IO[bytes], at: int, size: int) -> Any:
    """From that place on, behind all tags."""
    file.seek(at)
    return _plain(file.read(ENOUGH), at, size) or MPEGInfo(file, at)


@dataclass(slots=True)
class _Frame:
    version: int
    channels: int
    bitrate: int
    sample_rate: int
    samples: int
    length: int


def _frame(data: bytes, at: int) -> _Frame | None:
    """One of layer 3, if there is one."""
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE0 != 0xE0:
        return None
    version, layer = data[at + 1] >> 3 & 3, data[at + 1] >> 1 & 3
    kbits, rate = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or layer != _LAYER_3 or rate == 3 or kbits in {0, 15}:
        return None
    bitrate, sample_rate = _KBITS[version][kbits] * 1000, _RATES[version][rate]
    samples = 1152 if version == _MPEG_1 else 576
    length = samples // 8 * bitrate // sample_rate + (data[at + 2] >> 1 & 1)
    channels = 1 if data[at + 3] >> 6 == _MONO else 2
    return _Frame(version, channels, bitrate, sample_rate, samples, length)


def _plain(data: bytes, at: int, size: int) -> Sound | None:
    first = _frame(data, 0)
    if first is None:
        return None
    head = 4 + _side_information(first)
    if data[head : head + 4] in _XING:
        return _counted(data, head, first, at)
    begin = 0
    frame: _Frame | None = first
    for _ in range(_FRAMES_TO_BELIEVE):
        if frame is None or len(data) < begin + _VBRI_AT + 4 or _counts(data, begin, frame):
            return None
        begin += frame.length
        frame = _frame(data, begin)
    length = 8 * (size - at) / float(first.bitrate)
    return Sound(length, first.sample_rate, first.channels, first.bitrate, frame_offset=at)


def _side_information(frame: _Frame) -> int:
    """How many bytes of it there are."""
    if frame.version == _MPEG_1:
        return 17 if frame.channels == 1 else 32
    return 9 if frame.channels == 1 else 17


def _counts(data: bytes, begin: int, frame: _Frame) -> bool:
    """Whether there is a head in it that tells of the whole file."""
    head = begin + 4 + _side_information(frame)
    return data[head : head + 4] in _XING or data[begin + _VBRI_AT : begin + _VBRI_AT + 4] == _VBRI


def _counted(data: bytes, head: int, frame: _Frame, at: int) -> Sound | None:
    """By Xing's head, which most encoders write, and what LAME says behind it of the silence that it has added."""
    if len(data) < head + LONGEST_HEAD:
        return None
    flags = int.from_bytes(data[head + 4 : head + 8], "big")
    if not flags & _HAS_FRAMES:
        return None
    place = head + 12
    samples = frame.samples * int.from_bytes(data[head + 8 : head + 12], "big")
    bitrate = frame.bitrate
    if flags & _HAS_BYTES:
        if samples:
            # The first frame is among the bytes, and not among the frames.
            sound = max(0, int.from_bytes(data[place : place + 4], "big") - frame.length)
            bitrate = round(sound * 8 * frame.sample_rate / float(samples))
        place += 4
    place += (100 if flags & _HAS_PLACES else 0) + (4 if flags & _HAS_QUALITY else 0)
    silence = _silence(data[place : place + 36])
    if silence is None:
        return None
    length = max(0, samples - silence) / frame.sample_rate
    return Sound(length, frame.sample_rate, frame.channels, bitrate, frame_offset=at)


def _silence(data: bytes) -> int | None:
    """Samples at both ends; None for a version of LAME that we know nothing of."""
    if not data.startswith(_LAME_LIKE):
        return 0
    if not _LAME.match(data):
        return None
    head = data[9:]
    if head[0] >> 4:
        return 0
    return (head[12] << 4 | head[13] >> 4) + ((head[13] & 15) << 8 | head[14])
