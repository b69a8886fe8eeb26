"""What the processes of a running stack have used, by their parts, as the kernel accounts it."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
# The first mark that is found in a command tells whose it is; a job's process is the worker's.
PARTS = {
    "soniquebay.serve": "web",
    "core.worker": "worker",
    "manage.py control": "control",
    "manage.py up": "supervisor",
}


def family(root: int) -> list[int]:
    """A process and everything below it."""
    found = [root]
    for pid in found:
        with suppress(FileNotFoundError, ProcessLookupError):
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
    return found


def part_of(pid: int) -> str:
    command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    for mark, part in PARTS.items():
        if mark in command:
            return part
    return "redis" if "redis" in command or "valkey" in command else "postgres" if "postgres" in command else "other"


def cpu_s(root: int) -> dict[str, float]:
    """Seconds by part; what a process that has ended had used stands in the account of its parent."""
    used: dict[str, float] = {}
    for pid in family(root):
        with suppress(FileNotFoundError, ProcessLookupError):
            part = part_of(pid)
            used[part] = used.get(part, 0.0) + _used_s(pid)
    return used


def _used_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    # utime, stime, and the same of children that were waited for
    return sum(int(ticks) for ticks in fields[11:15]) / TICKS


class Seen:
    """What can only be seen while it happens."""

    def __init__(self) -> None:
        self.scan_mb = 0.0
        """the most that the process of a scan has held"""
        self.by_makers: dict[int, float] = {}
        self.accounts: list[tuple[float, dict[str, float]]] = []
        """the time of the clock, and what had been used by then"""

    def account_at(self, when: float) -> dict[str, float]:
        return next(account for time_s, account in self.accounts if time_s >= when)

    @property
    def thumbnails_s(self) -> float:
        """CPU of the processes that make thumbnails."""
        return sum(self.by_makers.values())


@contextmanager
def watched(root: int) -> Iterator[Seen]:
    """Looks every twentieth of a second, while the block lasts."""
    seen, over = Seen(), threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            seen.accounts.append((time.time(), cpu_s(root)))
            for pid in family(root):
                with suppress(FileNotFoundError, ProcessLookupError, IndexError):
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    if b"core.worker.child\0library.scan\0" in command:
                        status = Path(f"/proc/{pid}/status").read_text()
                        seen.scan_mb = max(seen.scan_mb, int(status.split("VmHWM:")[1].split()[0]) / 1024)
                    elif b"library.engine.thumbnails" in command:
                        seen.by_makers[pid] = _used_s(pid)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def settled(root: int, *, quiet_s: float = 1.0) -> dict[str, float]:
    """The account once nothing moves in it any more but heartbeats."""
    before = cpu_s(root)
    while True:
        time.sleep(quiet_s)
        now = cpu_s(root)
        if sum(now.values()) - sum(before.values()) < 0.1 * quiet_s:
            return now
        before = now
