"""A fifth of a second of music in every format that can be made here, and heads of those that cannot."""

import struct
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from mutagen import id3
from PIL import Image

from library.engine.tags import read_file
from library.engine.tags.credits import Rules
from library.engine.tags.raw import Raw
from library.engine.tags.rows import Row, track_row
from library.schemas.scan import ScannedTrack, SplitRules

RATE = 48_000
MADE = {
    "mp3": ("mp3", "libmp3lame", "fltp"),
    "flac": ("flac", "flac", "s16"),
    "m4a": ("ipod", "aac", "fltp"),
    "alac": ("ipod", "alac", "s16p"),
    "ogg": ("ogg", "vorbis", "fltp"),
    "opus": ("ogg", "libopus", "flt"),
    "wma": ("asf", "wmav2", "fltp"),
    "wav": ("wav", "pcm_s16le", "s16"),
    "wv": ("wv", "wavpack", "s16p"),
    "tta": ("tta", "tta", "s16"),
    "aac": ("adts", "aac", "fltp"),
}
PLANAR = {"fltp", "s16p"}
RULES = SplitRules()
FRAMES: Any = id3


@cache
def sound(name: str, *, pitch: float = 440.0, seconds: float = 0.2) -> bytes:
    """A tone in stereo, without tags."""
    container, codec, layout = MADE[name]
    tone = 0.3 * np.sin(np.arange(round(RATE * seconds)) * 2 * np.pi * pitch / RATE)
    both = np.stack([tone, tone]).astype(np.float32)
    samples: Any = np.rint(both * 32767).astype(np.int16) if layout.startswith("s16") else both
    if layout not in PLANAR:
        samples = np.ascontiguousarray(samples.T.reshape(1, -1))
    file = BytesIO()
    options = {"fflags": "+bitexact"} | ({"id3v2_version": "0"} if container == "mp3" else {})
    with av.open(file, "w", format=container, options=options) as target:
        stream = cast(av.AudioStream, target.add_stream(codec, RATE, {"strict": "-2"} if codec == "vorbis" else {}))
        stream.bit_rate = 128_000
        stream.layout = "stereo"
        stream.format = layout
        frame = av.AudioFrame.from_ndarray(samples, format=layout, layout="stereo")
        frame.sample_rate, frame.pts = RATE, 0
        fifo = av.AudioFifo()
        fifo.write(frame)
        size = stream.codec_context.frame_size or 4096
        while part := fifo.read(size, partial=True):
            target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return file.getvalue()


def aiff() -> bytes:
    """Big-endian samples, and a rate in eighty bits."""
    samples = bytes(range(256)) * 75
    rate = struct.pack(">HII", 16_383 + 15, RATE << 16, 0)
    common = struct.pack(">hIh", 2, len(samples) // 4, 16) + rate
    body = b"AIFF" + b"COMM" + struct.pack(">I", len(common)) + common
    body += b"SSND" + struct.pack(">III", len(samples) + 8, 0, 0) + samples
    return b"FORM" + struct.pack(">I", len(body)) + body


def dsf() -> bytes:
    """A stream of single bits, as Sony's format keeps it: a block of 4,096 bytes for each ear."""
    payload = bytes(range(256)) * 32
    fmt = struct.pack("<4sQIIIIIIQII", b"fmt ", 52, 1, 0, 2, 2, 2_822_400, 1, 32_768, 4096, 0)
    data = struct.pack("<4sQ", b"data", 12 + len(payload)) + payload
    return struct.pack("<4sQQQ", b"DSD ", 28, 28 + len(fmt) + len(data), 0) + fmt + data


def dsdiff() -> bytes:
    """The same, as Philips' format does."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">4sQ", name, len(content)) + content

    channels = chunk(b"CHNL", struct.pack(">H4s4s", 2, b"SLFT", b"SRGT"))
    properties = b"SND " + chunk(b"FS  ", struct.pack(">I", 2_822_400)) + channels
    properties += chunk(b"CMPR", b"DSD \x0enot compressed\0"[: 4 + 16])
    inner = b"DSD " + chunk(b"FVER", struct.pack(">I", 0x01050000)) + chunk(b"PROP", properties)
    return chunk(b"FRM8", inner + chunk(b"DSD ", bytes(range(256)) * 8))


def monkeys_audio() -> bytes:
    """A head of version 3.99, and something behind it."""
    head = struct.pack("<4sHHIIIIIII16s", b"MAC ", 3990, 0, 52, 24, 0, 44, 1000, 0, 0, b"\0" * 16)
    return head + struct.pack("<HHIIIHHI", 2000, 0, 73_728, 4_410, 1, 16, 2, 44_100) + b"\x5a" * 2000


def musepack() -> bytes:
    """Stream version 7."""
    head = b"MP+\x07" + struct.pack("<I", 20) + struct.pack("<I", 1 << 29) + bytes(16)
    return head + b"\x5a" * 2000


OTHERS = {"aiff": aiff, "dsf": dsf, "dff": dsdiff, "ape": monkeys_audio, "mpc": musepack}


def anything(name: str) -> bytes:
    return sound(name) if name in MADE else OTHERS[name]()


@cache
def picture(kind: str = "JPEG", *, colour: str = "teal", size: int = 16) -> bytes:
    file = BytesIO()
    Image.new("RGB", (size, size), colour).save(file, kind)
    return file.getvalue()


def rules(**changes: Any) -> Rules:
    return Rules.of(**RULES.model_copy(update=changes).model_dump())


def raw_of(path: Path) -> Raw:
    facts = path.stat()
    return read_file(bytes(path), size=facts.st_size, mtime_ns=facts.st_mtime_ns)


def row_of(path: Path, *, folder: str = "", **changes: Any) -> Row:
    """As it would be sent, and checked as the server would."""
    facts = path.stat()
    row = track_row(
        raw_of(path), folder=folder, name=path.name.encode(), size=facts.st_size, mtime_ns=facts.st_mtime_ns,
        rules=rules(**changes),
    )  # fmt: skip
    ScannedTrack.model_validate(row)
    return row


def with_frames(content: bytes, frames: dict[str, bytes], *, version: int = 3) -> bytes:
    """Frames whose bytes are given, whatever they are: tags that no program of today would write."""
    body = b""
    for name, data in frames.items():
        size = struct.pack(">I", len(data)) if version == 3 else synchsafe(len(data))
        body += name.encode() + size + b"\0\0" + data
    return b"ID3" + bytes([version, 0, 0]) + synchsafe(len(body)) + body + content


def synchsafe(number: int) -> bytes:
    return bytes([(number >> shift) & 0x7F for shift in (21, 14, 7, 0)])


def id3_tagged(content: bytes, *frames: Any, version: int = 4) -> bytes:
    """As mutagen writes it."""
    tags = FRAMES.ID3()
    for frame in frames:
        tags.add(frame)
    if version == 3:
        tags.update_to_v23()
    file = BytesIO(content)
    tags.save(file, v1=0, v2_version=version)
    return file.getvalue()


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
