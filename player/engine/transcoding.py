"""Turns a file, or the rest of it, into Opus, MP3 or AAC while it is listened to."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import av

from player.engine.decoding import Alike, heard
from player.engine.formats import MADE, OPUS_PIECES, Made
from player.engine.pieces import MP4, Bounds, Piece, Window, beginning_at, piece, without_preskip
from player.engine.reading import OPUS_PRESKIP, Sound

OPUS_RATE, OPUS_FRAME = 48_000, 960
# Encoders hear this much before a piece begins, so that it continues the one before it.
RUN_UP_FRAMES = 8
# So that the first bytes leave at once, and not after a second of music.
OGG = {"page_duration": "200000"}
OFTEN_ENOUGH = 4096


def transcode(
    sound: Sound,
    made: Made,
    kbits: int,
    target: Any,
    *,
    begin_ms: float = 0.0,
    end_ms: float | None = None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Everything from one moment to the other; `target` need only be able to write, `check` may end it."""
    rate = made.rate_for(sound.rate)
    options = OGG if made.container == "ogg" else {}
    with av.open(target, "w", format=made.container, options=options, buffer_size=OFTEN_ENOUGH) as out:
        stream = _encoder(out, sound, made, rate, kbits)
        for packet in _encoded(stream, sound, made, rate, begin_ms, end_ms):
            check()
            out.mux(packet)


def _encoder(out: Any, sound: Sound, made: Made, rate: int, kbits: int) -> Any:
    stream = out.add_stream(made.codec, rate)
    stream.layout = "mono" if sound.channels == 1 else "stereo"
    stream.format = made.sample_format
    stream.bit_rate = kbits * 1000
    stream.codec_context.thread_count = 1
    stream.codec_context.open()
    return stream


def _encoded(stream: Any, sound: Sound, made: Made, rate: int, begin_ms: float, end_ms: float | None) -> Iterator[Any]:
    first = round(begin_ms * sound.rate / 1000)
    end = None if end_ms is None else round(end_ms * sound.rate / 1000)
    for frame in Alike()(heard(sound, first, end)):
        # PyAV brings it into the encoder's form, rate and length.
        yield from stream.encode(frame)
    yield from stream.encode(None)


def opus_piece(sound: Sound, window: Window, kbits: int) -> Piece:
    """As `cut` gives it, but encoded: packets lie on one grid of 20 ms, whichever piece they come in."""
    file = BytesIO()
    with av.open(file, "w", format="mp4", options=MP4) as out:
        stream = _encoder(out, sound, MADE["opus"], OPUS_RATE, kbits)
        head = stream.codec_context.extradata
        delay = int.from_bytes(head[OPUS_PRESKIP], "little")
        stream.codec_context.extradata = without_preskip(head)
        first = 0 if window.from_ms <= 0 else _frame_at(window.from_ms, delay)
        after = _frame_at(window.from_ms + window.for_ms, delay)
        bounds = Bounds(over=True)
        for number, packet in _numbered(stream, sound, window, max(0, first - RUN_UP_FRAMES)):
            if number >= after:
                bounds.over = False
                break
            if number >= first:
                packet.pts = packet.dts = number * OPUS_FRAME
                bounds.first = number if bounds.first is None else bounds.first
                bounds.end = number + 1
                out.mux(packet)
    if bounds.first is None:
        return piece(b"", OPUS_PIECES.mime, bounds, window, OPUS_RATE)
    content = beginning_at(file.getvalue(), bounds.first * OPUS_FRAME)
    begin = round(window.begin_ms * OPUS_RATE / 1000)
    samples = Bounds(bounds.first * OPUS_FRAME - delay + begin, bounds.end * OPUS_FRAME - delay + begin, bounds.over)
    return piece(content, OPUS_PIECES.mime, samples, window, OPUS_RATE)


def _frame_at(ms: float, delay: int) -> int:
    """The first packet that begins at this moment or later."""
    return -(-round(ms * OPUS_RATE / 1000 + delay) // OPUS_FRAME)


def _numbered(stream: Any, sound: Sound, window: Window, first: int) -> Iterator[tuple[int, Any]]:
    begin_ms = window.begin_ms + first * OPUS_FRAME * 1000 / OPUS_RATE
    packets = _encoded(stream, sound, MADE["opus"], OPUS_RATE, begin_ms, window.end_ms)
    return enumerate(packets, start=first)
