"""A file's sound as one short text that tags do not change: its length and three samples of it, never all of it."""

from hashlib import blake2b
from typing import IO

SAMPLE = 64 * 1024
DIGEST_BYTES = 16
# In the head of each page of an Ogg file: its number and its checksum, which change when tags need more pages.
_PAGE = b"OggS"
_CHANGING = slice(18, 26)


def of_range(file: IO[bytes], begin: int, end: int, *, in_pages: bool = False) -> str:
    """The bytes from `begin` up to `end`; empty if there are none."""
    length = end - begin
    if length <= 0:
        return ""
    digest = blake2b(b"%d" % length, digest_size=DIGEST_BYTES)
    if length <= 3 * SAMPLE:
        places = [(begin, length)]
    else:
        middle = begin + (length - SAMPLE) // 2
        places = [(begin, SAMPLE), (middle, SAMPLE), (end - SAMPLE, SAMPLE)]
    for at, size in places:
        digest.update(_pages(file, begin, at, size) if in_pages else _bytes(file, at, size))
    return digest.hexdigest()


def _bytes(file: IO[bytes], at: int, size: int) -> bytes:
    file.seek(at)
    return file.read(size)


def _pages(file: IO[bytes], begin: int, at: int, size: int) -> bytes:
    """A sample of an Ogg file, without what its pages are called; a head may begin before the sample."""
    before = min(_CHANGING.stop, at - begin)
    content = bytearray(_bytes(file, at - before, size + before))
    found = content.find(_PAGE)
    while found >= 0:
        field = content[found + _CHANGING.start : found + _CHANGING.stop]
        content[found + _CHANGING.start : found + _CHANGING.stop] = bytes(len(field))
        found = content.find(_PAGE, found + 1)
    return bytes(content[before:])


def ogg_begin(file: IO[bytes], size: int, at: int = 0) -> int:
    """Behind the pages that hold heads and tags: those have no position in the sound. All before `at` are such."""
    while at + 27 <= size:
        file.seek(at)
        head = file.read(27 + 255)
        if head[:4] != _PAGE or len(head) < 27:
            break
        position = head[6:14]
        if position != bytes(8) and position != b"\xff" * 8:
            break
        at += 27 + head[26] + sum(head[27 : 27 + head[26]])
    return at


def end_of_sound(tail: bytes, size: int) -> int:
    """Where the tags at a file's end begin, whatever their order: APEv2, Lyrics3, ID3v1. `tail` is its last part."""
    end = len(tail)
    while True:
        before = _before_last_tag(tail, end)
        if before == end:
            return max(0, size - (len(tail) - end))
        end = before
        if end <= 0:
            return max(0, size - len(tail) + end)


def _before_last_tag(tail: bytes, end: int) -> int:
    if end >= 128 and tail[end - 128 : end - 125] == b"TAG":
        return end - 128
    if end >= 32 and tail[end - 32 : end - 24] == b"APETAGEX":
        length = int.from_bytes(tail[end - 20 : end - 16], "little")
        has_head = tail[end - 9] & 0x80
        return end - length - (32 if has_head else 0)
    if end >= 15 and tail[end - 9 : end] == b"LYRICS200" and tail[end - 15 : end - 9].isdigit():
        return end - 15 - int(tail[end - 15 : end - 9])
    return end
