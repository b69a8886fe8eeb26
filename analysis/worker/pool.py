"""Forked children that listen, one track each at a time; one that crashes or hangs costs its track alone."""

import multiprocessing
import os
import signal
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from ctypes import c_double
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any

from analysis.schemas.work import TrackToDo

Serve = Callable[..., None]
Answered = tuple[TrackToDo, dict[str, Any]]
FORK = multiprocessing.get_context("fork")
# Decoding says that it goes on several times a second; only its end, where everything is added up, is silent.
SILENT_FOR_S = 180.0
LEAST_S, PER_SECOND_OF_MUSIC, PER_MEGABYTE = 300.0, 2.0, 5.0
UNKNOWN_LENGTH_S = 3600.0


@dataclass
class Child:
    process: ForkProcess
    pipe: Connection
    beat: c_double
    nice: int
    track: TrackToDo | None = None
    began: float = 0.0
    heard_s: float = 0.0
    heard_at: float = 0.0
    retires: bool = False

    def begin(self, track: TrackToDo, now: float) -> None:
        self.track, self.began, self.heard_s, self.heard_at = track, now, 0.0, now
        self.beat.value = 0.0
        self.pipe.send(track)

    def overdue(self, now: float, silent_for_s: float) -> str:
        """Why it is to be given up, or nothing."""
        assert self.track  # noqa: S101 - only those with a track are asked
        if self.beat.value != self.heard_s:
            self.heard_s, self.heard_at = self.beat.value, now
        if self.heard_s and now - self.heard_at > silent_for_s:
            return f"The analysis got stuck after {self.heard_s:.0f} seconds of music."
        if now - self.began > allowed_s(self.track):
            return f"The analysis took longer than {allowed_s(self.track):.0f} s, and was given up."
        return ""


def allowed_s(track: TrackToDo) -> float:
    """So long that only what never ends takes longer."""
    music_s = UNKNOWN_LENGTH_S if track.duration_ms is None else track.duration_ms / 1000
    return LEAST_S + PER_SECOND_OF_MUSIC * music_s + PER_MEGABYTE * track.file_size / 2**20


class Pool:
    """The parent's side. Forks from the process that has the engine in memory, so that children share it."""

    def __init__(
        self, serve: Serve, *args: Any, clock: Callable[[], float] = time.monotonic, silent_for_s: float = SILENT_FOR_S
    ) -> None:
        self.serve, self.args, self.clock, self.silent_for_s = serve, args, clock, silent_for_s
        self.children: list[Child] = []
        self.stopped_since: float | None = None
        self.crashed: set[int] = set()

    def adjust(self, processes: int, nice: int) -> None:
        """As many children as are wanted, each as modest as is wanted; what is under way is finished first."""
        fitting = [child for child in self.children if child.nice == nice]
        for child in self.children:
            child.retires = child not in fitting[:processes]
        for child in [one for one in self.children if one.retires and one.track is None]:
            self._end(child)
        for _ in range(processes - len(self.children)):
            self._fork(nice)

    def _fork(self, nice: int) -> None:
        ours, theirs = FORK.Pipe()
        beat = FORK.RawValue(c_double, 0.0)
        process = FORK.Process(target=self.serve, args=(theirs, beat, nice, *self.args), daemon=True)
        with warnings.catch_warnings():
            # The thread that reports on the job holds nothing that a child uses: no log, no client of the parent's.
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        self.children.append(Child(process, ours, beat, nice))

    def idle(self) -> int:
        return sum(1 for child in self.children if child.track is None and not child.retires)

    def busy(self) -> list[TrackToDo]:
        return [child.track for child in self.children if child.track]

    def begin(self, track: TrackToDo) -> None:
        """With a child that is idle."""
        child = next(child for child in self.children if child.track is None and not child.retires)
        with suppress(BrokenPipeError, ConnectionResetError):
            # One that died while it was idle is noticed like one that dies at work.
            child.begin(track, self.clock())

    def wait(self, seconds: float) -> list[Answered]:
        """What was answered meanwhile, at the latest after so many seconds."""
        pipes = {child.pipe: child for child in self.children}
        if not pipes:
            time.sleep(seconds)
            return []
        return [done for pipe in connection.wait(list(pipes), seconds) if (done := self._received(pipes[pipe]))]  # type: ignore[index]

    def _received(self, child: Child) -> Answered | None:
        try:
            said = child.pipe.recv()
        except (EOFError, OSError):
            return self._crashed(child)
        track, child.track = child.track, None
        if child.retires:
            self._end(child)
        return (track, said) if track else None

    def _crashed(self, child: Child) -> Answered | None:
        """The first time somebody else may have been the cause, such as a machine short of memory."""
        track = child.track
        self._end(child)
        if track is None:
            return None
        if track.track_id not in self.crashed:
            self.crashed.add(track.track_id)
            return track, {"again": True}
        return track, {"failed": f"The analyser crashed on this file ({_how(child.process.exitcode)})."}

    def watch(self) -> list[Answered]:
        """Gives up what hangs."""
        if self.stopped_since is not None:
            return []
        found = []
        for child in list(self.children):
            reason = child.overdue(self.clock(), self.silent_for_s) if child.track else ""
            if reason and child.track:
                found.append((child.track, {"failed": reason}))
                self._end(child)
        return found

    def hold(self) -> None:
        """Children stand still, where they are."""
        if self.stopped_since is None:
            self.stopped_since = self.clock()
            self._signal(signal.SIGSTOP)

    def release(self) -> None:
        if self.stopped_since is None:
            return
        stood = self.clock() - self.stopped_since
        self.stopped_since = None
        for child in self.children:
            child.began += stood
            child.heard_at += stood
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for child in self.children:
            if child.process.pid and child.process.is_alive():
                os.kill(child.process.pid, number)

    def _end(self, child: Child) -> None:
        if child in self.children:
            self.children.remove(child)
        child.pipe.close()
        child.process.kill()
        child.process.join()

    def close(self) -> None:
        """At once: what they were at is somebody else's from now on."""
        for child in list(self.children):
            self._end(child)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
    return f"exit code {code}"
