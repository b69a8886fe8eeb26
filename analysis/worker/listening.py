"""What a forked child does: takes a track, listens to it, answers; until nobody asks any more."""

import ctypes
import os
import signal
import tempfile
import time
from collections.abc import Callable
from ctypes import c_double
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from analysis.engine.analyse import Options, UndecodableError, analyse
from analysis.schemas.work import TrackToDo
from analysis.worker.cutting import cut
from analysis.worker.telling import told
from core.worker.client import ApiClient
from core.worker.errors import WorkerError
from core.worker.files import local_or_downloaded
from library.engine.paths import unescaped

PR_SET_PDEATHSIG = 1
# A file that cannot be fetched now is left for later: others wait.
PATIENCE_S = 60.0
Answer = dict[str, Any]


def serve(pipe: Connection, beat: c_double, nice: int, api_url: str, token: str) -> None:
    """The child of an analysing parent. Of what it was forked with it uses the engine alone: no log, no client."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))
    api = ApiClient(api_url, token, patience_s=PATIENCE_S)
    while True:
        try:
            track = pipe.recv()
        except (EOFError, OSError):
            return
        beat.value = 0.0
        pipe.send(answer(track, api, lambda decoded_s: _beat(beat, decoded_s)))


def _beat(beat: c_double, decoded_s: float) -> None:
    beat.value = max(decoded_s, 0.001)


def answer(track: TrackToDo, api: ApiClient, beat: Callable[[float], None] | None = None) -> Answer:
    """{"analysed": …}, {"failed": reason}, or {"skipped": reason} where the file could not be reached just now."""
    began = time.monotonic()
    location = None if track.location is None else os.fsdecode(unescaped(track.location))
    known = {"size": track.file_size, "mtime_ns": track.file_mtime_ns}
    try:
        with local_or_downloaded(api, location=location, address=track.address, **known) as path:
            found = _listen(path, track, Options(heartbeat=beat))
        return {"analysed": told(track, found, time.monotonic() - began)}
    except UndecodableError as error:
        return {"failed": _reason(error)}
    except WorkerError as error:
        return {"skipped": error.reason}
    except MemoryError:
        return {"failed": "There was not enough memory to analyse it."}
    except Exception as error:  # whatever it is, it costs this file alone
        return {"failed": f"{type(error).__name__}: {error}"[:2_000]}


def _listen(path: Path, track: TrackToDo, options: Options) -> Any:
    if track.start_ms is None:
        return analyse(path, options=options)
    with tempfile.NamedTemporaryFile(prefix="soniquebay-", suffix=".wav") as part:
        cut(path, Path(part.name), start_ms=track.start_ms, end_ms=track.end_ms)
        return analyse(Path(part.name), options=options)


def _reason(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__)[:2_000]
