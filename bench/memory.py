"""What the idle stack weighs: the proportional set size of every process, as the kernel accounts it."""

import time
from pathlib import Path

from bench.processes import family, part_of
from bench.stack import fresh_home, started

STACK_BOUND_MB = 300.0
WORKER_BOUND_MB = 60.0
# Long enough for the first hellos, the first turns of control, and PostgreSQL's own start-up work.
SETTLE_S = 45.0


def run() -> bool:
    with fresh_home() as home, started(home) as (pid, _seconds):
        time.sleep(SETTLE_S)
        weights = weigh(pid)
    total = sum(weights.values())
    print("memory of the idle stack, PSS")
    for part, weight in sorted(weights.items(), key=lambda item: -item[1]):
        print(f"  {part:<11} {weight:7.1f} MB")
    print(f"  {'all':<11} {total:7.1f} MB   bound {STACK_BOUND_MB:.0f}, ratio {total / STACK_BOUND_MB:.2f}")
    print(f"  worker alone: bound {WORKER_BOUND_MB:.0f}, ratio {weights['worker'] / WORKER_BOUND_MB:.2f}")
    return total <= STACK_BOUND_MB and weights["worker"] <= WORKER_BOUND_MB


def weigh(root: int) -> dict[str, float]:
    """Megabytes by part, over a process and everything below it."""
    weights: dict[str, float] = {}
    for pid in family(root):
        try:
            part = part_of(pid)
            weights[part] = weights.get(part, 0.0) + pss_mb(pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
    return weights


def pss_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
