"""Decodes from one sample to another, exactly, and brings what comes into one form for an encoder."""

from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction

import av
import av.error
from av.audio.fifo import AudioFifo
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from player.engine.reading import GUESSING, Sound

# Decoders need a little of what comes before the place at which they begin: Opus asks for 80 ms.
RUN_UP_S = 0.1


def heard(sound: Sound, first: int, end: int | None = None) -> Iterator[AudioFrame]:
    """Frames that hold the samples from `first` up to `end`, or to the end of what is heard."""
    end = _end(sound, end)
    due: int | None = None
    for frame in _decoded(sound, first):
        at = due if frame.pts is None else round(frame.pts * (frame.time_base or 0) * sound.rate) - sound.zero
        at = 0 if at is None else at
        due = at + frame.samples
        if end is not None and at >= end:
            return
        begins, ends = max(first - at, 0), frame.samples if end is None else min(frame.samples, end - at)
        if begins < ends:
            yield frame if (begins, ends) == (0, frame.samples) else _part(frame, begins, ends)


def _end(sound: Sound, end: int | None) -> int | None:
    """MP4 says how much of the last frame is meant to be heard, and leaves the cutting to us."""
    if "mp4" not in sound.container.format.name:
        return end
    return sound.samples if end is None else min(end, sound.samples)


def _decoded(sound: Sound, first: int) -> Iterator[AudioFrame]:
    if first > 0 and sound.container.format.name not in GUESSING:
        sound.seek(first - round(RUN_UP_S * sound.rate))
    else:
        # What has no index is read from its beginning as well: a place that is guessed is not exact.
        sound.rewind()
    packets = sound.container.demux(sound.stream)
    while True:
        try:
            packet = next(packets)
            frames = packet.decode()
        except (StopIteration, av.error.EOFError):
            return
        except (av.error.FFmpegError, ValueError):
            # What is broken in the middle of a file is passed over, as players do.
            continue
        yield from frames


def _part(frame: AudioFrame, begins: int, ends: int) -> AudioFrame:
    frame.pts = None
    fifo = AudioFifo()
    fifo.write(frame)
    if begins:
        fifo.read(begins)
    part = fifo.read(ends - begins)
    assert isinstance(part, AudioFrame)  # noqa: S101 - it holds as many
    return part


class Alike:
    """Brings later frames into the form of the first: chained and damaged files change it on the way."""

    def __init__(self) -> None:
        self._form: tuple[str, str, int] | None = None
        self._resamplers: dict[tuple[str, str, int], AudioResampler] = {}
        self._at = 0

    def __call__(self, frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
        """Counted from zero: what lay before the first of them is nothing to whoever encodes them."""
        for frame in frames:
            for same in self._same(frame):
                same.pts, same.time_base = self._at, Fraction(1, same.sample_rate)
                self._at += same.samples
                yield same

    def _same(self, frame: AudioFrame) -> list[AudioFrame]:
        came = (frame.format.name, frame.layout.name, frame.sample_rate)
        self._form = self._form or came
        if came == self._form:
            return [frame]
        if came not in self._resamplers:
            self._resamplers[came] = AudioResampler(*self._form)
        frame.pts = None
        with suppress(av.error.FFmpegError, ValueError):
            return self._resamplers[came].resample(frame)
        return []
