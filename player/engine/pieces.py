"""Cuts a window of packets out of a file, without decoding, as a piece that a browser appends as it is."""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import av

from player.engine.formats import Packing
from player.engine.mp3 import Frames, Place
from player.engine.orders import SoundError
from player.engine.reading import OPUS_PRESKIP, Sound

# A part of a cue sheet begins in the middle of a file: its decoder is given this much to start on.
RUN_UP_MS = 100.0
# Ogg finds the page on which a moment lies, and pages are long where there is little to hear.
BACK_S = (0.0, 2.0, 12.0)
MP4 = {"movflags": "empty_moov+default_base_moof+skip_trailer", "use_editlist": "0", "fflags": "+bitexact"}
WEBM = {"fflags": "+bitexact"}


@dataclass(frozen=True)
class Window:
    """From when to when, in milliseconds of the track; `begin_ms` and `end_ms` are the track's bounds in its file."""

    from_ms: float
    for_ms: float
    begin_ms: float = 0.0
    end_ms: float | None = None

    def bounds(self, rate: int) -> tuple[int, int]:
        """In samples of the file: the first piece also holds what lies before the first sample."""
        start = self.begin_ms + self.from_ms
        if self.from_ms <= 0:
            first = round((self.begin_ms - RUN_UP_MS) * rate / 1000) if self.begin_ms else -(2**62)
        else:
            first = round(start * rate / 1000)
        last = start + self.for_ms
        last = last if self.end_ms is None else min(last, self.end_ms)
        return first, round(last * rate / 1000)

    def is_over(self, sample: int, rate: int) -> bool:
        """Whether the track has ended by this sample of the file."""
        return self.end_ms is not None and sample >= round(self.end_ms * rate / 1000)


@dataclass(frozen=True)
class Piece:
    """What is sent, and where it begins and ends on the track's own clock."""

    content: bytes
    mime: str
    from_ms: float
    to_ms: float
    last: bool
    resume: tuple[int, int] | None = None
    """of an MP3: the number and the place of the next frame, from which the next piece need not be looked for"""


@dataclass
class Bounds:
    """What was taken, in samples of the file."""

    first: int | None = None
    end: int = 0
    over: bool = False


def cut(path: str, sound: Sound, window: Window, resume: tuple[int, int] | None = None) -> Piece:
    """The packets that begin in the window."""
    if sound.packing is None:
        raise SoundError("Its packets cannot be sent as they are.")
    if sound.packing.container == "mp3":
        return _frames(path, sound, window, resume)
    bounds = Bounds()
    packets = _packets(sound, window, bounds)
    content = packed(sound, sound.packing, packets)
    return piece(content, sound.packing.mime, bounds, window, sound.rate)


def piece(content: bytes, mime: str, bounds: Bounds, window: Window, rate: int, resume: Any = None) -> Piece:
    first = bounds.end if bounds.first is None else bounds.first

    def ms(sample: int) -> float:
        return round(sample * 1000 / rate - window.begin_ms, 6)

    if bounds.first is None:
        # Nothing lies there: behind the end of the track.
        return Piece(b"", mime, window.from_ms, window.from_ms, True)
    return Piece(content, mime, ms(first), ms(bounds.end), bounds.over, resume)


def _packets(sound: Sound, window: Window, bounds: Bounds) -> Iterator[Any]:
    first, last = window.bounds(sound.rate)
    for packet in _from(sound, first):
        at = sound.at(packet)
        if at < first:
            continue
        if at >= last:
            bounds.over = window.is_over(at, sound.rate)
            return
        if bounds.first is None:
            bounds.first = at
        bounds.end = at + round((packet.duration or 0) * sound.stream.time_base * sound.rate)
        yield packet
    bounds.over = True


def _from(sound: Sound, first: int) -> Iterator[Any]:
    """Packets from one at or before the first wanted."""
    for back_s in BACK_S:
        sound.seek(first - round(back_s * sound.rate))
        packets = (packet for packet in sound.container.demux(sound.stream) if packet.pts is not None)
        found = next(packets, None)
        if found is not None and (sound.at(found) <= first or sound.on_clock(found.pts) <= sound.first_packet):
            yield found
            yield from packets
            return
    sound.rewind()
    yield from (packet for packet in sound.container.demux(sound.stream) if packet.pts is not None)


def packed(sound: Sound, packing: Packing, packets: Iterator[Any]) -> bytes:
    """In a container of their own, whose clock begins at the file's first packet."""
    file = BytesIO()
    start: int | None = None
    is_mp4 = packing.container == "mp4"
    first_pts = round(sound.first_packet / sound.rate / sound.stream.time_base)
    longest = 0
    with av.open(file, "w", format=packing.container, options=MP4 if is_mp4 else WEBM) as target:
        out = target.add_stream_from_template(sound.stream)
        if packing.codec == "opus":
            out.codec_context.extradata = without_preskip(out.codec_context.extradata)
        for packet in packets:
            at = packet.pts - first_pts
            start = at if start is None else start
            packet.pts = packet.dts = at
            # A decoder puts out whole packets, whatever is said of the last one's length: who appends it cuts it.
            longest = max(longest, packet.duration or 0)
            if packing.codec == "opus":
                packet.duration = longest
            packet.stream = out
            target.mux(packet)
        if start is None:
            return b""
    place = round(start * sound.stream.time_base * sound.rate)
    return beginning_at(file.getvalue(), place) if is_mp4 else file.getvalue()


def without_preskip(head: bytes) -> bytes:
    """Who appends pieces cuts the priming off himself: a decoder that does so too would do it at every piece."""
    changed = bytearray(head)
    changed[OPUS_PRESKIP] = b"\0\0"
    return bytes(changed)


def beginning_at(content: bytes, place: int) -> bytes:
    """FFmpeg begins every file of its own at zero; the fragment's head is told where it really begins."""
    changed = bytearray(content)
    at = changed.index(b"tfdt", changed.index(b"moof"))
    if changed[at + 4] != 1:
        raise SoundError("The fragment's clock is too short.")
    changed[at + 8 : at + 16] = struct.pack(">Q", place)
    return bytes(changed)


def _frames(path: str, sound: Sound, window: Window, resume: tuple[int, int] | None) -> Piece:
    """An MP3 needs no container: its frames are sent as they lie in the file."""
    first, last = window.bounds(sound.rate)
    bounds = Bounds(over=True)
    content = bytearray()
    following: Place | None = None
    with open(path, "rb") as file:
        frames = Frames(file, os.fstat(file.fileno()).st_size)
        length = frames.head.samples
        wanted = max(0, -(-(first + sound.zero) // length))
        known = Place(*resume) if resume else None
        for place, size in frames.walk(frames.near(wanted, known)):
            at = place.frame * length - sound.zero
            if at >= last:
                bounds.over, following = window.is_over(at, sound.rate), place
                break
            if at >= first:
                bounds.first = at if bounds.first is None else bounds.first
                bounds.end = at + length
                content += os.pread(file.fileno(), size, place.byte)
    resumed = (following.frame, following.byte) if following else None
    return piece(bytes(content), sound.packing.mime if sound.packing else "", bounds, window, sound.rate, resumed)
