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
from pathlib import Path
from statistics import median
from typing import Any

from bench import music, peers
from bench.processes import cpu_s, peak_of_jobs, settled
from bench.stack import ROOT, fresh_home, started

COUNTED = ("worker", "web", "postgres")
FULL_BOUND, AGAIN_BOUND, BEETS_BOUND, MEMORY_BOUND_MB = 1.5, 2.0, 4.0, 60.0
FULL_LENGTH_FILES, FULL_LENGTH_S = 300, 150.0
PATIENCE_S = 1800.0
Figures = dict[str, Any]


def run_small() -> bool:
    return _run(2_000, runs=3)


def run_large() -> bool:
    return _run(50_000, runs=1)


@dataclass(frozen=True)
class Cost:
    """One scan: seconds of CPU by part, what the job counted, and the most that its process held."""

    cpu: dict[str, float]
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
        with peak_of_jobs(self.pid) as peak:
            (job,) = self.ask("POST", "/api/scans", {"root_id": root})
            job = self.wait_for(job["id"])
            after = cpu_s(self.pid)
        used = {part: after[part] - before.get(part, 0.0) for part in after}
        return Cost(used, job["figures"], peak.mb)

    def wait_for(self, job_id: str) -> Figures:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            job: Figures = self.ask("GET", f"/api/jobs/{job_id}")
            if job["state"] in ("done", "failed", "cancelled"):
                if job["state"] != "done":
                    raise SystemExit(f"The scan ended as {job['state']}: {job['message']}")
                return job
            # Asking costs the web something too.
            time.sleep(1.0)
        raise SystemExit("The scan did not end.")

    def thumbnails_s(self) -> tuple[float, int]:
        """CPU of control until it has made them all, and how many covers there were."""
        before = cpu_s(self.pid).get("control", 0.0)
        used = settled(self.pid, quiet_s=3.0).get("control", 0.0) - before
        figures = [
            job for job in self.ask("GET", "/api/jobs?size=100")["items"] if job["kind"] == "library.make_thumbnails"
        ]
        return used, sum(int(job["current"]) for job in figures)


@contextmanager
def stack() -> Iterator[Stack]:
    with fresh_home() as home, started(home) as (pid, _seconds):
        port = next(int(word) for word in Path(f"/proc/{pid}/cmdline").read_text().split("\0") if word.isdecimal())
        yield Stack(home, pid, port)


def _run(files: int, *, runs: int) -> bool:
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
                first.append(running.scan(running.add(library)))
                if len(first) == runs:
                    read_s.append(peers.mutagen_s(library))
                    return _report(files, running, library, small, full, first, median(read_s))
    return False


def _report(
    files: int, running: Stack, library: Path, small: Path, full: Path, first: list[Cost], read_s: float
) -> bool:
    thumbnails_s, covers = running.thumbnails_s()
    root = running.ask("GET", "/api/roots")[0]["id"]
    start = running.add(small)
    running.scan(start)
    start_s = median(running.scan(start).total for _ in range(3))
    again = [running.scan(root) for _ in range(3)]
    changed = next(library.rglob("*.flac"))
    os.utime(changed, ns=(1_700_000_000_000_000_000,) * 2)
    one = running.scan(root)
    long = running.scan(running.add(full))
    verdicts = [
        _full(f"{files:,} files", first, read_s, files, start_s),
        _again(again, start_s, peers.walk_s(library)),
        _memory(max(cost.peak_mb for cost in first)),
    ]
    idle = median(cost.total for cost in again)
    print(f"  one changed file: {(one.total - idle) * 1000:.0f} ms more than none; changed {one.figures['changed']}")
    long_s = peers.mutagen_s(full)
    print(f"  {FULL_LENGTH_FILES} files of {FULL_LENGTH_S:.0f} s, hashes included: {long.total:.2f} s CPU, "
          f"mutagen alone {long_s:.2f} s, ratio {long.total / long_s:.2f}")  # fmt: skip
    print(
        f"  thumbnails: {thumbnails_s:.1f} s CPU, {covers} covers, {thumbnails_s / max(1, covers) * 1000:.0f} ms each"
    )
    verdicts.append(_beets(library, median(cost.total for cost in first)))
    return all(verdicts)


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


def _again(costs: list[Cost], start_s: float, walk_s: float) -> bool:
    total = median(cost.total for cost in costs)
    counted = costs[-1].figures
    print(f"scan again, nothing changed (new {counted['new']}, changed {counted['changed']})")
    print(f"  {total:.2f} s CPU, of which {start_s:.2f} s to start at all; a bare walk {walk_s:.3f} s")
    ratio = (total - start_s) / walk_s
    print(f"  bound {AGAIN_BOUND}, ratio {ratio:.2f}")
    return ratio <= AGAIN_BOUND


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
