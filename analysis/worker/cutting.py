"""Cuts a track of a cue sheet out of its file, so that it can be analysed as a file of its own."""

from pathlib import Path

import av
import av.error
from av.audio.frame import AudioFrame

from analysis.engine.analyse import UndecodableError


def cut(source: Path, target: Path, *, start_ms: int, end_ms: int | None) -> None:
    """Uncompressed, at the file's own rate; frame by frame, however long it is."""
    try:
        with av.open(str(source), metadata_errors="ignore") as container, av.open(str(target), "w", "wav") as out:
            stream = container.streams.best("audio")
            if stream is None or not stream.time_base:
                raise UndecodableError("The file holds no sound.")
            container.seek(int(start_ms / 1000 / stream.time_base), stream=stream)
            _copy(container, stream, out, start_ms / 1000, None if end_ms is None else end_ms / 1000)
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise UndecodableError(f"Its part of the file could not be cut out: {error}") from error


def _copy(container: object, stream: object, out: object, begin_s: float, end_s: float | None) -> None:
    written = None
    for frame in container.decode(stream):  # type: ignore[attr-defined]
        if not isinstance(frame, AudioFrame) or frame.pts is None or frame.time is None:
            continue
        if end_s is not None and frame.time >= end_s:
            break
        if frame.time + frame.samples / frame.sample_rate <= begin_s:
            continue
        if written is None:
            written = out.add_stream("pcm_f32le", rate=frame.sample_rate, layout=frame.layout.name)  # type: ignore[attr-defined]
        frame.pts = None
        for packet in written.encode(frame):
            out.mux(packet)  # type: ignore[attr-defined]
    if written is None:
        raise UndecodableError("Its part of the file holds no sound.")
    for packet in written.encode(None):
        out.mux(packet)  # type: ignore[attr-defined]
