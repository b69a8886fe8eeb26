"""Recognises processes beyond doubt, ends them in order, and lets them end with their parent."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

PROC = Path("/proc")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)

# A signal, and the seconds that a process has to obey before the next one is sent.
Escalation = Sequence[tuple[signal.Signals, float]]


def end_with_parent(chosen: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel sends the signal when the parent is gone, even after kill -9.

    The kernel means the parent's *thread*: processes are therefore started from the main thread only.
    """
    parent = os.getpid()

    def before_exec() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, int(chosen), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


def start_mark(pid: int) -> str | None:
    """When a process was started, exactly: with its number it names one process since the beginning of time."""
    fields = _stat_fields(pid)
    if fields is None or fields[0] in {"Z", "X"}:
        return None
    boot = (PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}/{fields[19]}"


def _stat_fields(pid: int) -> list[str] | None:
    """What follows the name in /proc/PID/stat (the name may itself hold spaces and brackets)."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None


def parent_of(pid: int) -> int | None:
    fields = _stat_fields(pid)
    return int(fields[1]) if fields else None


def session_of(pid: int) -> int | None:
    fields = _stat_fields(pid)
    return int(fields[3]) if fields else None


def name_of(pid: int) -> str | None:
    try:
        return (PROC / str(pid) / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return None


def everyone() -> list[int]:
    return [int(entry) for entry in os.listdir(PROC) if entry.isdecimal()]


def working_in(folder: Path, names: Iterable[str]) -> list[int]:
    """Processes of these names whose working folder is this one; servers of databases live in their data."""
    try:
        place = folder.stat()
    except OSError:
        return []
    wanted = set(names)
    return [pid for pid in everyone() if name_of(pid) in wanted and _works_in(pid, place)]


def _works_in(pid: int, place: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(PROC / str(pid) / "cwd"), place)
    except OSError:
        return False


def heads_of(pids: Iterable[int]) -> list[int]:
    """Those whose parent is not among them: it ends its children itself, in an order that they depend on."""
    family = set(pids)
    return [pid for pid in family if parent_of(pid) not in family]


def end_strangers(pids: Callable[[], list[int]], escalation: Escalation) -> None:
    """Ends processes that are not our children; `pids` is asked again until it names nobody."""
    for chosen, patience_s in escalation:
        deadline = time.monotonic() + patience_s
        for pid in pids():
            _send(pid, chosen)
        while pids():
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return


def end(process: subprocess.Popen[bytes], escalation: Escalation, in_a_hurry: Callable[[], bool] = bool) -> None:
    """Ends a child of ours, and at the last whatever it left in its session."""
    for place, (chosen, patience_s) in enumerate(escalation, start=1):
        if process.poll() is not None:
            break
        process.send_signal(chosen)
        deadline = time.monotonic() + patience_s
        while process.poll() is None and time.monotonic() < deadline:
            # Hurry skips to the last word, which still gets its time.
            if in_a_hurry() and place < len(escalation):
                break
            time.sleep(0.02)
    if process.poll() is None:
        process.kill()
        process.wait()
    end_session(process.pid)


def end_session(leader: int) -> None:
    """A child that was killed leaves its own children behind, in the session that it led."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _send(pid: int, chosen: signal.Signals) -> None:
    try:
        os.kill(pid, chosen)
    except ProcessLookupError:
        return
