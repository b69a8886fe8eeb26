"""Opens a file of sound and says what it is: codec, rate, the priming before its first sample, its exact length."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import av
import av.error

from player.engine.formats import Packing, packing_of
from player.engine.orders import SoundError

# Where the length is an estimate, and places are found by counting from the beginning.
GUESSING = {"aac", "ac3", "eac3", "dts"}
OPUS_PRESKIP = slice(10, 12)


@dataclass(frozen=True)
class Sound:
    """An open file; times are counted in samples of its own rate, and zero is the first that is heard."""

    container: Any
    stream: Any
    codec: str
    rate: int
    channels: int
    zero: int
    """where the first sample lies on the file's own clock"""
    first_packet: int
    """where the first packet lies on that clock"""
    samples: int
    """how many are heard"""
    packing: Packing | None

    @property
    def priming(self) -> int:
        """What decoders give before the first sample that is meant to be heard."""
        return self.zero - self.first_packet

    def at(self, packet: Any) -> int:
        """Where a packet begins."""
        return self.on_clock(packet.pts) - self.zero

    def on_clock(self, pts: int) -> int:
        place: int = round(pts * self.stream.time_base * self.rate)
        return place

    def rewind(self) -> None:
        """To the first packet, which may lie before the first sample."""
        self.seek(self.first_packet - self.zero)

    def seek(self, sample: int) -> None:
        """To a packet that begins there or before."""
        wanted = max(self.first_packet, sample + self.zero)
        place = int(wanted / self.rate / self.stream.time_base)
        self.container.seek(place, stream=self.stream, backward=True, any_frame=False)


@contextmanager
def opened(source: str | IO[bytes]) -> Iterator[Sound]:
    """Raises SoundError for what is no sound."""
    try:
        with av.open(source, mode="r", metadata_errors="ignore") as container:
            yield _sound(container)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise SoundError(str(getattr(error, "strerror", "") or error) or type(error).__name__) from error


def _sound(container: Any) -> Sound:
    stream = container.streams.best("audio")
    if stream is None:
        raise SoundError("The file holds no sound.")
    stream.thread_count = 1
    first = next((packet for packet in container.demux(stream) if packet.pts is not None), None)
    rate = stream.rate or stream.codec_context.sample_rate
    if first is None or not rate:
        raise SoundError("The file holds no sound.")
    clock = stream.time_base * rate
    zero = round((stream.start_time or 0) * clock)
    first_packet = round(first.pts * clock)
    codec = stream.codec_context.name.removesuffix("float")
    extradata = stream.codec_context.extradata
    return Sound(
        container=container,
        stream=stream,
        codec=codec,
        rate=rate,
        channels=stream.codec_context.channels,
        zero=zero,
        first_packet=first_packet,
        samples=_length(container, stream, codec, clock, zero, first_packet),
        packing=None if container.format.name in GUESSING else packing_of(codec, extradata),
    )


def _length(container: Any, stream: Any, codec: str, clock: Any, zero: int, first_packet: int) -> int:
    said = container.metadata.get("iTunSMPB", "").split()
    if len(said) > 3 and zero > first_packet:
        return int(said[3], 16)
    if not stream.duration:
        estimate: int = round((container.duration or 0) * stream.rate / 1_000_000)
        return estimate
    length: int = round(stream.duration * clock)
    # Ogg counts what comes before the first sample as well.
    return length - (zero - first_packet) if codec == "opus" and container.format.name == "ogg" else length
