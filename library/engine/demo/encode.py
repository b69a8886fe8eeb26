"""From samples to the bytes of a FLAC, MP3, Opus or M4A file, without the clock or chance having a say."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import cast

import av
import numpy as np
import numpy.typing as npt

from .voices.tones import Signal

Samples = npt.NDArray[np.float32] | npt.NDArray[np.int32] | npt.NDArray[np.int16]

FRAMES_PER_CHUNK = 1 << 15


@dataclass(frozen=True)
class Encoding:
    container: str
    codec: str
    sample_format: str
    rate: int
    bit_rate: int = 0
    options: tuple[tuple[str, str], ...] = ()


ENCODINGS = {
    "flac": Encoding("flac", "flac", "s16", 44100),
    "flac24": Encoding("flac", "flac", "s32", 48000),
    "mp3": Encoding("mp3", "libmp3lame", "fltp", 44100, 192_000, (("compression_level", "7"),)),
    "opus": Encoding("ogg", "libopus", "flt", 48000, 112_000),
    "m4a": Encoding("ipod", "aac", "fltp", 44100, 176_000, (("aac_coder", "fast"),)),
}


def _samples(part: Signal, sample_format: str) -> Samples:
    """In the layout of the encoder: planes, or one row of alternating ears; 24 bits sit at the top of 32."""
    if sample_format == "fltp":
        return np.ascontiguousarray(part)
    row = part.T.reshape(1, -1)
    if sample_format == "s16":
        return np.rint(row * 32767).astype(np.int16)
    if sample_format == "s32":
        return np.rint(row.astype(np.float64) * 8388607).astype(np.int32) << 8
    return np.ascontiguousarray(row)


def _frames(sound: Signal, encoding: Encoding) -> Iterator[av.AudioFrame]:
    for start in range(0, sound.shape[1], FRAMES_PER_CHUNK):
        samples = _samples(sound[:, start : start + FRAMES_PER_CHUNK], encoding.sample_format)
        frame = av.AudioFrame.from_ndarray(samples, format=encoding.sample_format, layout="stereo")
        frame.sample_rate = encoding.rate
        frame.pts = start
        yield frame


def encode(sound: Signal, name: str) -> bytes:
    encoding = ENCODINGS[name]
    file = BytesIO()
    # "bitexact" keeps library versions and Ogg's random serial number out of the file.
    with av.open(file, "w", format=encoding.container, options={"fflags": "+bitexact"}) as container:
        stream = cast(av.AudioStream, container.add_stream(encoding.codec, encoding.rate, dict(encoding.options)))
        stream.layout = "stereo"
        stream.format = encoding.sample_format
        # Players know where the music begins and ends by this name in the first frame; FFmpeg writes its own there.
        if encoding.codec == "libmp3lame":
            stream.metadata["encoder"] = "LAME3.100"
        if encoding.bit_rate:
            stream.bit_rate = encoding.bit_rate
        for frame in _frames(sound, encoding):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()
