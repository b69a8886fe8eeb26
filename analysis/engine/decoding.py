"""Decodes any audio file once, in blocks of float32, and says what of it could not be decoded."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, TypeAlias

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.layout import AudioLayout
from av.audio.resampler import AudioResampler
from av.container import InputContainer
from av.filter import Graph
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
Source: TypeAlias = str | Path | IO[bytes]

BLOCK = 65_536
# Full scale is 1: what lies far beyond it in a float file is a fault of the file, and its square must stay finite.
HIGHEST_SAMPLE = 32.0
USUAL = {1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1"}
# What a file declares is exact to the codec's padding, but where it is an estimate from the bit rate.
TOLERATED_S, TOLERATED_SHARE = 0.25, 0.02
LEAST_GAP_S, MOST_GAP_S = 0.05, 600.0
ESTIMATING = {"mp3", "aac", "ac3", "eac3", "dts", "mpegts"}


class UndecodableError(Exception):
    """Nothing can be heard of this file; the message says why."""


class Decoding:
    """One pass over one file: ask `blocks()` once, then what `partial` says."""

    def __init__(self, source: Source) -> None:
        self.partial = ""
        self.decoded = 0
        self._faults = 0
        self._skipped_s = 0.0
        self._broken = ""
        try:
            named: Any = str(source) if isinstance(source, Path) else source
            self._container: InputContainer = av.open(named, mode="r", metadata_errors="ignore")
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
        # Planes beyond the seventh are beyond PyAV too.
        self._packed = self._first.layout.nb_channels > 7
        self.places = _places(self._first.layout)
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
            graph.add("aformat", f"sample_fmts={'flt' if self._packed else 'fltp'}"),
            graph.add("asetnsamples", f"{BLOCK}:p=0"),
            graph.add("abuffersink"),
        ]
        graph.link_nodes(*nodes).configure()
        sink, alike, clock = nodes[-1], _Alike(first), _Clock(first)
        source.push(first)
        for frame in self._frames:
            self._skipped_s += clock.skipped_s(frame)
            for same in alike(frame):
                source.push(same)
            yield from self._pulled(sink)
        source.push(None)
        yield from self._pulled(sink)

    def _pulled(self, sink: Any) -> Iterator[Samples]:
        while True:
            try:
                samples = sink.pull().to_ndarray()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            yield np.ascontiguousarray(samples.reshape(-1, len(self.places)).T) if self._packed else samples

    def _what_is_missing(self) -> str:
        why = f" ({self._broken})" if self._broken else ""
        missing = self._declared_s() - self._skipped_s - self.duration_s
        exact = self._container.format.name.split(",")[0] not in ESTIMATING
        if missing > (TOLERATED_S if exact else max(1.0, TOLERATED_SHARE * self._declared_s())):
            return f"The file ends after {self.duration_s:.1f} of {self._declared_s():.1f} seconds{why}."
        if self._skipped_s > 0 or self._faults:
            return f"Parts of the file could not be decoded{why}."
        return f"The file breaks off{why}." if self._broken else ""

    def _declared_s(self) -> float:
        stream = self._stream
        if stream.duration and stream.time_base:
            return float(stream.duration * stream.time_base)
        return self._container.duration / 1_000_000 if self._container.duration else 0.0


class _Clock:
    """Notices by the frames' times that something between them is lost."""

    def __init__(self, first: AudioFrame) -> None:
        self._due: float | None = None
        self.skipped_s(first)

    def skipped_s(self, frame: AudioFrame) -> float:
        at, due = frame.time, self._due
        if at is None:
            return 0.0
        self._due = at + frame.samples / frame.sample_rate
        # A chained file begins anew, and a live one begins anywhere: neither is a loss.
        return at - due if due is not None and LEAST_GAP_S < at - due < MOST_GAP_S else 0.0


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
        mono: Samples = block[0] if len(block) == 1 else block.mean(axis=0, dtype=np.float32)
        if self._resampler is None:
            return mono
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(mono)[None], format="flt", layout="mono")
        frame.sample_rate = self._rate
        return _flat(self._resampler.resample(frame))

    def rest(self) -> Samples:
        return np.zeros(0, np.float32) if self._resampler is None else _flat(self._resampler.resample(None))


def _places(layout: AudioLayout) -> tuple[str, ...]:
    """Files that do not say where their channels belong mean what is usual for so many."""
    usual = USUAL.get(layout.nb_channels)
    said = tuple(channel.name for channel in layout.channels)
    unsaid = not said or set(said) <= {"NONE", "UNK"}
    return tuple(channel.name for channel in AudioLayout(usual).channels) if unsaid and usual else said


def _flat(frames: list[AudioFrame]) -> Samples:
    parts = [frame.to_ndarray()[0] for frame in frames if frame.samples]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _sane(block: Samples) -> Samples:
    if float(np.abs(block).max()) <= HIGHEST_SAMPLE:
        return block
    finite: Samples = np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0)
    np.clip(finite, -HIGHEST_SAMPLE, HIGHEST_SAMPLE, out=finite)
    return finite


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", "") or error) or type(error).__name__
