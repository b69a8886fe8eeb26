"""How much memory the machine uses, for the line at the head of Activity."""

from pathlib import Path
from typing import NamedTuple

MEMINFO = Path("/proc/meminfo")


class Memory(NamedTuple):
    used_mb: float
    total_mb: float


def memory() -> Memory | None:
    """What Linux says; None on a system that keeps it elsewhere."""
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        kilobytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        total, available = kilobytes["MemTotal"], kilobytes["MemAvailable"]
    except (OSError, ValueError, KeyError, IndexError):
        return None
    return Memory(used_mb=(total - available) * 1.024 / 1000, total_mb=total * 1.024 / 1000)
