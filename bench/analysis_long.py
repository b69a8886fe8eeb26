"""A thousand tracks in one run: whether the memory of the analysis grows, and whether all of it goes afterwards."""

import tempfile
import time
from pathlib import Path
from statistics import median

from bench import music
from bench.memory import SETTLE_S, weigh
from bench.scan import Stack, stack

TRACKS, SECONDS = 1_000, 30.0
GROWTH_BOUND, BACK_BOUND = 1.05, 1.05
KIND = "analysis.analyze"
AFTER_S, LOOK_S = 60.0, 2.0


def run() -> bool:
    with tempfile.TemporaryDirectory(prefix="soniquebay-music-") as folder:
        library = Path(folder)
        music.make(library, TRACKS, seconds=SECONDS)
        with stack() as running:
            running.first_scan(running.add(library))
            time.sleep(SETTLE_S)
            idle = weigh(running.pid)
            weights = _while_analysing(running)
            time.sleep(AFTER_S)
            after = weigh(running.pid)
    quarter = len(weights) // 4
    first, last = median(weights[quarter : 2 * quarter]), median(weights[-quarter:])
    back = after["worker"] / idle["worker"]
    print(f"{TRACKS} tracks in one run, PSS of the worker and what it started: "
          f"{first:.0f} MB in the second quarter, {last:.0f} MB in the last")  # fmt: skip
    print(f"  growth bound {GROWTH_BOUND}, ratio {last / first:.2f}")
    print(f"the worker idle before {idle['worker']:.0f} MB, a minute after the last {after['worker']:.0f} MB")
    others = ", ".join(f"{part} {idle[part]:.0f} and {after[part]:.0f}" for part in idle if part != "worker")
    print(f"  beside it, where vectors and the map have followed: {others}")
    print(f"  bound {BACK_BOUND}, ratio {back:.2f}")
    return last / first <= GROWTH_BOUND and back <= BACK_BOUND


def _while_analysing(running: Stack) -> list[float]:
    running.ask("PATCH", "/api/analysis/governor", {"enabled": True})
    weights: list[float] = []
    while _is_at_it(running) or not weights:
        weights.append(weigh(running.pid)["worker"])
        time.sleep(LOOK_S)
    return weights


def _is_at_it(running: Stack) -> bool:
    """What was switched on begins by itself."""
    jobs = running.ask("GET", "/api/jobs?size=20")["items"]
    return not any(job["kind"] == KIND and job["state"] == "done" for job in jobs)
