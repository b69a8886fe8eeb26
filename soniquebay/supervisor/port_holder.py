"""Finds out which program listens at a port, as far as this account may know."""

import os
from pathlib import Path

from soniquebay.embedded.processes import PROC, everyone, name_of

LISTENING = "0A"


def who_listens_at(port: int) -> str | None:
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    for pid in everyone() if sockets else []:
        if _holds(pid, sockets):
            return f"{name_of(pid)} (process {pid})"
    return None


def _inodes(port: int) -> set[str]:
    found = set()
    for table in ("net/tcp", "net/tcp6"):
        try:
            lines = (PROC / table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for fields in (line.split() for line in lines):
            if fields[3] == LISTENING and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(fields[9])
    return found


def _holds(pid: int, sockets: set[str]) -> bool:
    folder = PROC / str(pid) / "fd"
    try:
        return any(_target(folder / name) in sockets for name in os.listdir(folder))
    except OSError:
        return False


def _target(link: Path) -> str | None:
    try:
        return os.readlink(link)
    except OSError:
        return None
