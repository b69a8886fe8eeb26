"""Decodes any audio file once, in blocks of float32, and says what of it could not be decoded."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
Source: TypeAlias = str | Path | IO[bytes]

BLOCK = 65_536
# Full scale is 1: what lies far beyond it in a float file is a fault of the file, and its square must stay finite.
HIGHEST_SAMPLE = 32.0
# A file that declares less than it lacks is padded, not cut.
MISSING_AT_LEAST_S, MISSING_AT_LEAST_SHARE = 1.0, 0.02


class UndecodableError(Exception):
    """Nothing can be heard of this file; the message says why."""


class Decoding:
    """One pass over one file: ask `blocks()` once, then what `partial` says."""

    def __init__(self, source: Source) -> None:
        self.partial = ""
        self.decoded = 0
        self._faults = 0
        self._broken = ""
        try:
            self._container = av.open(str(source) if isinstance(source, Path) else source, metadata_errors="ignore")
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise UndecodableError(_reason(error)) from error
        try:
            stream = self._container.streams.best("audio")
            if stream is None:
                raise UndecodableError("The file holds no sound.")
            self._stream = stream
            self._frames = self._decoded_frames()
            self._first = next(self._frames, None)
        except BaseException:
            self._container.close()
            raise
        if self._first is None:
            self._container.close()
            raise UndecodableError(self._broken or "Not one moment of it could be decoded.")
        self.sample_rate = self._first.sample_rate
        self.places = tuple(channel.name for channel in self._first.layout.channels)
        """of the channels: FL, FR, FC, LFE, …"""

    @property
    def duration_s(self) -> float:
        return self.decoded / self.sample_rate

    def blocks(self) -> Iterator[Samples]:
        """Channels × samples; each but the last holds BLOCK samples."""
        try:
            for block in self._joined():
                self.decoded += block.shape[1]
                yield _sane(block)
            self.partial = self._what_is_missing()
        finally:
            self._container.close()

    def _decoded_frames(self) -> Iterator[AudioFrame]:
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except (StopIteration, av.error.EOFError):
                return
            except (av.error.FFmpegError, OSError) as error:
                self._broken = _reason(error)
                return
            try:
                frames = packet.decode()
            except (av.error.FFmpegError, ValueError) as error:
                # At the last, empty packet there is nothing after what is broken.
                self._faults += 1
                self._broken = self._broken or _reason(error)
                continue
            yield from (frame for frame in frames if isinstance(frame, AudioFrame) and frame.samples)

    def _joined(self) -> Iterator[Samples]:
        """Frames as the codec gives them are small: libavfilter joins and converts them cheaper than Python can."""
        first = self._first
        assert first is not None  # noqa: S101 - refused by the constructor
        graph = Graph()
        source: Any = graph.add_abuffer(
            sample_rate=first.sample_rate,
            format=first.format.name,
            layout=first.layout.name,
            channels=first.layout.nb_channels,
            time_base=first.time_base,
        )
        nodes = [
            source,
            graph.add("aformat", "sample_fmts=fltp"),
            graph.add("asetnsamples", f"{BLOCK}:p=0"),
            graph.add("abuffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        sink, alike = nodes[-1], _Alike(first)
        source.push(first)
        for frame in self._frames:
            for same in alike(frame):
                source.push(same)
            yield from _pulled(sink)
        source.push(None)
        yield from _pulled(sink)

    def _what_is_missing(self) -> str:
        declared = self._declared_s()
        missing = declared - self.duration_s
        if missing > max(MISSING_AT_LEAST_S, MISSING_AT_LEAST_SHARE * declared):
            why = f" ({self._broken})" if self._broken else ""
            return f"The file ends after {self.duration_s:.0f} of {declared:.0f} seconds{why}."
        if self._faults or self._broken:
            places = f"{self._faults} places" if self._faults > 1 else "One place"
            return f"{places} in the file could not be decoded ({self._broken})."
        return ""

    def _declared_s(self) -> float:
        stream = self._stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        return self._container.duration / 1_000_000 if self._container.duration else 0.0


class _Alike:
    """Brings later frames into the form of the first: chained and damaged files change it on the way."""

    def __init__(self, first: AudioFrame) -> None:
        self._form = (first.format.name, first.layout.name, first.sample_rate)
        self._resamplers: dict[tuple[str, str, int], AudioResampler] = {}

    def __call__(self, frame: AudioFrame) -> list[AudioFrame]:
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        # Timestamps of broken files go backwards, and the graph has no need of any.
        frame.pts = None
        if form == self._form:
            return [frame]
        if form not in self._resamplers:
            self._resamplers[form] = AudioResampler(*self._form)
        with suppress(av.error.FFmpegError, ValueError):
            return self._resamplers[form].resample(frame)
        return []


class Mono:
    """The mean of all channels at another rate; a piece that is silent so (one channel the other's mirror) stays so."""

    def __init__(self, sample_rate: int, wanted: int) -> None:
        self._rate = sample_rate
        self._resampler = None if sample_rate == wanted else AudioResampler("flt", "mono", wanted)

    def __call__(self, block: Samples) -> Samples:
        mono = block[0] if len(block) == 1 else block.mean(axis=0, dtype=np.float32)
        if self._resampler is None:
            return mono
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(mono)[None], format="flt", layout="mono")
        frame.sample_rate = self._rate
        return _flat(self._resampler.resample(frame))

    def rest(self) -> Samples:
        return np.zeros(0, np.float32) if self._resampler is None else _flat(self._resampler.resample(None))


def _flat(frames: list[AudioFrame]) -> Samples:
    parts = [frame.to_ndarray()[0] for frame in frames if frame.samples]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _pulled(sink: Any) -> Iterator[Samples]:
    while True:
        try:
            yield sink.pull().to_ndarray()
        except (av.error.BlockingIOError, av.error.EOFError):
            return


def _sane(block: Samples) -> Samples:
    if np.abs(block).max() <= HIGHEST_SAMPLE:
        return block
    return np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -HIGHEST_SAMPLE, HIGHEST_SAMPLE)


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error) or type(error).__name__
