"""What a scan costs, beside what it costs to read the same files, to walk over them, or to import them elsewhere."""

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

from bench import music, peers
from bench.processes import Seen, settled, watched
from bench.stack import ROOT, fresh_home, started

COUNTED = ("worker", "web", "postgres")
FULL_BOUND, AGAIN_BOUND, BEETS_BOUND, MEMORY_BOUND_MB = 1.5, 2.0, 4.0, 60.0
FULL_LENGTH_FILES, FULL_LENGTH_S = 300, 150.0
PATIENCE_S = 1800.0
# A job that has said that it is done has a process that ends.
ENDING_S = 0.1
FOLLOWING = ("library.make_thumbnails", "library.heal_search")
ACTIVE = ("queued", "running")
Figures = dict[str, Any]


def run_small() -> bool:
    return _run(2_000, runs=3, again=10)


def run_large() -> bool:
    return _run(50_000, runs=1, again=3)


@dataclass(frozen=True)
class Cost:
    """One scan: seconds of CPU by part, what the job counted, and the most that its process held."""

    cpu: dict[str, float]
    account: dict[str, float]
    """what everything had used when it ended; what follows a scan begins at once"""
    figures: Figures
    peak_mb: float

    @property
    def total(self) -> float:
        return sum(self.cpu.get(part, 0.0) for part in COUNTED)


class Stack:
    """A running stack, and what is asked of it."""

    def __init__(self, home: Path, pid: int, port: int) -> None:
        self.home, self.pid, self.port = home, pid, port
        self.token = self._manage("create_token", "bench", "--scope", "admin").strip()
        # What scans find would be analysed and vectorised at once, beside what is measured.
        self.ask("PATCH", "/api/analysis/governor", {"enabled": False})
        self.ask("PATCH", "/api/embeddings/encoder", {"automatic": False})

    def _manage(self, *arguments: str) -> str:
        environment = {**os.environ, "SONIQUEBAY_HOME": str(self.home)}
        command = [str(ROOT / "bin" / "manage"), *arguments]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def add(self, folder: Path) -> int:
        return int(self.ask("POST", "/api/roots", {"path": str(folder), "watched": False})["id"])

    def scan(self, root: int) -> Cost:
        before = settled(self.pid)
        with watched(self.pid) as seen:
            (job,) = self.ask("POST", "/api/scans", {"root_id": root})
            job = self.wait_for(job["id"])
            time.sleep(2 * ENDING_S)
        after = seen.account_at(datetime.fromisoformat(job["finished_at"]).timestamp() + ENDING_S)
        return Cost(_used(before, after), after, job["figures"], seen.scan_mb)

    def wait_for(self, job_id: str) -> Figures:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            job: Figures = self.ask("GET", f"/api/jobs/{job_id}")
            if job["state"] in ("done", "failed", "cancelled"):
                if job["state"] != "done":
                    raise SystemExit(f"The scan ended as {job['state']}: {job['message']}")
                return job
            # Asking costs the web as much as a dozen files do.
            time.sleep(2.0)
        raise SystemExit("The scan did not end.")

    def first_scan(self, root: int) -> tuple[Cost, "Followed"]:
        """With what follows it: the words of search, and the thumbnails of new covers."""
        with watched(self.pid) as seen:
            cost = self.scan(root)
            jobs = self.wait_for_followers()
            after = settled(self.pid)
        return cost, Followed(_used(cost.account, after), seen, jobs)

    def wait_for_followers(self) -> list[Figures]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            jobs = [job for job in self.ask("GET", "/api/jobs?size=100")["items"] if job["kind"] in FOLLOWING]
            if {job["kind"] for job in jobs} >= {*FOLLOWING} and not any(job["state"] in ACTIVE for job in jobs):
                return jobs
            time.sleep(1.0)
        raise SystemExit("What follows a scan did not end.")


@dataclass(frozen=True)
class Followed:
    """What the jobs that follow a scan have used, from the scan's end on, and what was seen of them."""

    cpu: dict[str, float]
    seen: Seen
    jobs: list[Figures]

    @property
    def covers(self) -> int:
        return sum(int(job["current"]) for job in self.jobs if job["kind"] == FOLLOWING[0])


def _used(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    return {part: after[part] - before.get(part, 0.0) for part in after}


@contextmanager
def stack() -> Iterator[Stack]:
    with fresh_home() as home, started(home) as (pid, _seconds):
        port = next(int(word) for word in Path(f"/proc/{pid}/cmdline").read_text().split("\0") if word.isdecimal())
        yield Stack(home, pid, port)


def _run(files: int, *, runs: int, again: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="soniquebay-music-") as folder:
        library, small, full = (Path(folder) / name for name in ("library", "small", "full"))
        music.make(library, files)
        music.make(small, 1, seed=2)
        music.make(full, FULL_LENGTH_FILES, seconds=FULL_LENGTH_S, seed=3)
        read_s, first = [], []
        for _ in range(runs):
            # Side by side, so that whatever else this machine does disturbs both.
            read_s.append(peers.mutagen_s(library))
            with stack() as running:
                cost, followed = running.first_scan(running.add(library))
                first.append(cost)
                if len(first) == runs:
                    read_s.append(peers.mutagen_s(library))
                    start = _scanned_again(running, small, library, again)
                    return _report(files, running, library, full, first, followed, median(read_s), *start)
    return False


def _scanned_again(running: Stack, small: Path, library: Path, times: int) -> tuple[list[Cost], list[Cost]]:
    """A folder of one file, which shows what it costs to start at all, and the whole library, in turn."""
    one, whole = running.add(small), _root(running, library)
    running.scan(one)
    turns = [(running.scan(one), running.scan(whole)) for _ in range(times)]
    return [turn[0] for turn in turns], [turn[1] for turn in turns]


def _report(
    files: int,
    running: Stack,
    library: Path,
    full: Path,
    first: list[Cost],
    followed: Followed,
    read_s: float,
    starts: list[Cost],
    again: list[Cost],
) -> bool:
    start_s = median(cost.total for cost in starts)
    changed = next(library.rglob("*.flac"))
    os.utime(changed, ns=(1_700_000_000_000_000_000,) * 2)
    one = running.scan(_root(running, library))
    long = running.scan(running.add(full))
    verdicts = [
        _full(f"{files:,} files", first, read_s, files, start_s),
        _again(again, starts, peers.walk_s(library)),
        _memory(max(cost.peak_mb for cost in first)),
    ]
    idle = median(cost.total for cost in again)
    print(f"  one changed file: {(one.total - idle) * 1000:.0f} ms more than none; changed {one.figures['changed']}")
    _full_length(long, start_s, full)
    _following(followed, files)
    # Theirs is without its start as well.
    verdicts.append(_beets(library, median(cost.total for cost in first) - start_s))
    return all(verdicts)


def _root(running: Stack, folder: Path) -> int:
    return next(int(root["id"]) for root in running.ask("GET", "/api/roots") if root["path"] == str(folder))


def _full_length(long: Cost, start_s: float, full: Path) -> None:
    """Only reported: mutagen alone does not look at the sound."""
    read_s, hashes_s = peers.mutagen_s(full), peers.hashes_s(full)
    used_s = long.total - start_s
    print(f"{FULL_LENGTH_FILES} files of {FULL_LENGTH_S:.0f} s, hashes included")
    print(f"  {used_s:.2f} s CPU beside {start_s:.2f} s to start; mutagen alone {read_s:.2f} s, "
          f"ratio {used_s / read_s:.2f}")  # fmt: skip
    print(f"  the samples of the sound alone, read and hashed: {hashes_s:.2f} s; "
          f"ratio without {(used_s - hashes_s) / read_s:.2f}")  # fmt: skip


def _following(followed: Followed, files: int) -> None:
    made_s, covers = followed.seen.thumbnails_s, followed.covers
    others_s = followed.cpu.get("control", 0.0) - made_s
    print("what follows a first scan, and is in no ratio")
    print(f"  thumbnails: {made_s:.1f} s CPU, {covers} covers, {made_s / max(1, covers) * 1000:.0f} ms each")
    print(f"  the words of search: {others_s:.2f} s CPU of control and {followed.cpu.get('postgres', 0.0):.2f} s of "
          f"PostgreSQL, {(others_s + followed.cpu.get('postgres', 0.0)) / files * 1000:.3f} ms a file")  # fmt: skip


def _full(what: str, costs: list[Cost], read_s: float, files: int, start_s: float) -> bool:
    """Neither account holds the start of its programs."""
    total = median(cost.total for cost in costs) - start_s
    print(f"scan of {what}")
    for part in COUNTED:
        used = median(cost.cpu.get(part, 0.0) for cost in costs)
        print(f"  {part:<9} {used:7.2f} s CPU   {used / files * 1000:.3f} ms a file")
    speed = median(float(cost.figures["files_per_second"]) for cost in costs)
    print(f"  start     {-start_s:7.2f} s CPU")
    print(f"  together  {total:7.2f} s CPU, mutagen.File() alone {read_s:.2f} s, {speed:,.0f} files/s of wall clock")
    print(f"  bound {FULL_BOUND}, ratio {total / read_s:.2f}")
    return total / read_s <= FULL_BOUND


def _again(costs: list[Cost], starts: list[Cost], walk_s: float) -> bool:
    """Of a small library, little more can be seen than that it is little: the difference of two starts is as large."""
    apart = [cost.total - start.total for cost, start in zip(costs, starts, strict=True)]
    used_s, doubt_s = mean(apart), 2 * stdev(apart) / len(apart) ** 0.5
    counted = costs[-1].figures
    print(f"scan again {len(costs)} times, nothing changed (new {counted['new']}, changed {counted['changed']})")
    start_s = mean(start.total for start in starts)
    print(f"  {used_s * 1000:.0f} ± {doubt_s * 1000:.0f} ms CPU beside {start_s * 1000:.0f} ms to start at all; "
          f"a bare walk {walk_s * 1000:.0f} ms")  # fmt: skip
    ratio, least = used_s / walk_s, (used_s - doubt_s) / walk_s
    print(f"  bound {AGAIN_BOUND}, ratio {ratio:.2f}, at least {least:.2f}")
    return bool(least <= AGAIN_BOUND)


def _memory(peak_mb: float) -> bool:
    above = peak_mb - peers.import_baseline_mb()
    print(f"memory of the scan above its imports: {above:.0f} MB, bound {MEMORY_BOUND_MB:.0f}")
    return above <= MEMORY_BOUND_MB


def _beets(library: Path, ours_s: float) -> bool:
    theirs_s = peers.beets_s(library)
    if theirs_s is None:
        print("beets could not be installed: not compared")
        return True
    print(f"beet import -A -q -C -W: {theirs_s:.2f} s CPU; bound {BEETS_BOUND} × ours, ratio {theirs_s / ours_s:.2f}")
    return theirs_s / ours_s >= BEETS_BOUND
