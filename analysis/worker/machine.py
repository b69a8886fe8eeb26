"""What this machine says of itself: how many processors it may use, and how warm they are."""

import os
from pathlib import Path

THERMAL = Path("/sys/class/thermal")
QUOTA = Path("/sys/fs/cgroup/cpu.max")
MOST_PROCESSES = 4
# Zones of batteries and radios are warm for reasons of their own.
OF_PROCESSORS = ("cpu", "soc", "pkg", "core", "acpi", "package")
COLDEST, HOTTEST = 1.0, 150.0


def usual_processes() -> int:
    """All processors but one."""
    return max(1, min(MOST_PROCESSES, processors() - 1))


def processors(quota: Path = QUOTA) -> int:
    """That this process may run on; a container may be allowed fewer than there are."""
    there = len(os.sched_getaffinity(0))
    try:
        most, period = quota.read_text(encoding="ascii").split()
        return max(1, min(there, round(int(most) / int(period))))
    except (OSError, ValueError):
        return there


def temperature_c(folder: Path = THERMAL) -> float | None:
    """Of the warmest processor; None where the machine does not tell."""
    readings = [(_text(zone / "type"), _text(zone / "temp")) for zone in sorted(folder.glob("thermal_zone*"))]
    found = [(kind.lower(), int(value) / 1000) for kind, value in readings if value.lstrip("-").isdecimal()]
    plausible = [(kind, value) for kind, value in found if COLDEST <= value <= HOTTEST]
    ours = [value for kind, value in plausible if any(word in kind for word in OF_PROCESSORS)]
    return max(ours or [value for _kind, value in plausible], default=None)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
