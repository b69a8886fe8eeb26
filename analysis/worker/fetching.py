"""Fetches files that this machine does not see, ahead and once each, whatever number of tracks lies in one."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from analysis.schemas.work import TrackToDo
from core.worker.client import ApiClient
from core.worker.errors import WorkerError
from library.engine.paths import escaped, unescaped


@dataclass
class Copy:
    """A file on its way, or here; it goes with the last track that it is for."""

    track: TrackToDo
    tracks: set[int] = field(default_factory=set)
    path: Path | None = None
    problem: str = ""
    over: bool = False


class Fetcher:
    """Downloads in a thread of its own, one file after the other, into the job's folder."""

    def __init__(self, make_api: Callable[[], ApiClient]) -> None:
        self.make_api = make_api
        self.copies: dict[str, Copy] = {}
        self.asked: SimpleQueue[Copy | None] = SimpleQueue()
        self.thread: threading.Thread | None = None

    def want(self, tracks: Iterable[TrackToDo]) -> None:
        """These are next: what is not seen here is fetched, in this order."""
        for track in tracks:
            name = _name(track)
            if name not in self.copies and _is_here(track):
                continue
            copy = self.copies.get(name)
            if copy is None:
                copy = self.copies[name] = Copy(track)
                self._ask(copy)
            copy.tracks.add(track.track_id)

    def _ask(self, copy: Copy) -> None:
        if self.thread is None:
            self.thread = threading.Thread(target=self._fetch_all, name="fetching", daemon=True)
            self.thread.start()
        self.asked.put(copy)

    def found(self, track: TrackToDo) -> TrackToDo | str | None:
        """Where a child finds it; None while it is on its way; the reason where it cannot be had."""
        copy = self.copies.get(_name(track))
        if copy is None or track.track_id not in copy.tracks:
            return track
        if not copy.over:
            return None
        if copy.path is None:
            return copy.problem
        return track.model_copy(update={"location": escaped(str(copy.path))})

    def let_go(self, track: TrackToDo) -> None:
        """Nobody needs it for this track any more."""
        for name, copy in list(self.copies.items()):
            copy.tracks.discard(track.track_id)
            if copy.over and not copy.tracks:
                del self.copies[name]
                if copy.path:
                    copy.path.unlink(missing_ok=True)

    def close(self) -> None:
        """The folder of the job goes with the job, and with it whatever is left."""
        self.asked.put(None)
        for copy in self.copies.values():
            if copy.path:
                copy.path.unlink(missing_ok=True)

    def _fetch_all(self) -> None:
        api = self.make_api()
        while copy := self.asked.get():
            try:
                copy.path = _fetched(api, copy.track)
            except (WorkerError, OSError) as error:
                copy.problem = getattr(error, "reason", "") or str(error) or type(error).__name__
            copy.over = True
        api.close()


def _fetched(api: ApiClient, track: TrackToDo) -> Path:
    """With the time of the original, by which a child knows it."""
    number, name = tempfile.mkstemp(prefix="soniquebay-", suffix=Path(track.address).suffix)
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            got = api.download(track.address, file)
        if got != track.file_size:
            raise WorkerError(f"{track.address} has {got} bytes, not {track.file_size}: it changed meanwhile.")
        os.utime(path, ns=(track.file_mtime_ns, track.file_mtime_ns))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path


def _name(track: TrackToDo) -> str:
    """Of the file: parts of a cue sheet share it."""
    return f"{track.location or track.address}:{track.file_size}:{track.file_mtime_ns}"


def _is_here(track: TrackToDo) -> bool:
    if track.location is None:
        return False
    try:
        stat = os.stat(unescaped(track.location))
    except (OSError, ValueError):
        return False
    return (stat.st_size, stat.st_mtime_ns) == (track.file_size, track.file_mtime_ns)
