"""How fast words become vectors with the built-in encoder, and what its process holds, over 10,000 tracks."""

import json
import threading
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bench.api import Library, _fill
from bench.memory import pss_mb
from bench.processes import family
from bench.stack import free_port, fresh_home, started

TRACKS = 10_000
LEAST_A_MINUTE, MOST_MB = 10_000, 120.0
JOB = b"embeddings.vectorize"


def run() -> bool:
    port = free_port()
    with fresh_home() as home, started(home, port) as (pid, _seconds):
        library = Library(TRACKS, port)
        _fill(home, TRACKS)
        library.connect()
        library.ask("/api/embeddings/encoder", "PATCH", '{"automatic": false}')
        job = library.ask("/api/jobs", "POST", json.dumps({"kind": JOB.decode(), "params": {}}))["id"]
        most, over = [0.0], threading.Event()
        watching = threading.Thread(target=_watch, args=(pid, most, over))
        watching.start()
        while (found := library.ask(f"/api/jobs/{job}"))["state"] in {"queued", "running"}:
            time.sleep(0.2)
        over.set()
        watching.join()
    if found["state"] != "done":
        raise SystemExit(f"It ended {found['state']}: {found['message']}")
    return _report(found, most[0])


def _watch(pid: int, most: list[float], over: threading.Event) -> None:
    while not over.wait(0.1):
        for process in family(pid):
            with suppress(OSError):
                if JOB in Path(f"/proc/{process}/cmdline").read_bytes():
                    most[0] = max(most[0], pss_mb(process))


def _report(job: dict[str, object], most_mb: float) -> bool:
    began, ended = (datetime.fromisoformat(str(job[name])) for name in ("started_at", "finished_at"))
    seconds = (ended - began).total_seconds()
    rate = TRACKS / seconds * 60
    print(f"{TRACKS:,} tracks in {seconds:.1f} s: {rate:,.0f} a minute (bound {LEAST_A_MINUTE:,})")
    print(f"its process held {most_mb:.0f} MB at most (bound {MOST_MB:.0f})")
    return rate >= LEAST_A_MINUTE and most_mb <= MOST_MB
