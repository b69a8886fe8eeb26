"""What is looked at before anything is started, so that a problem is one sentence and not a pile of logs."""

import errno
import os
import resource
import socket
import sys
from contextlib import closing
from pathlib import Path

from soniquebay.embedded import CannotStart
from soniquebay.supervisor.port_holder import who_listens_at

LEAST_FREE_MB = 200
FILES_WANTED = 8192
FILES_NEEDED = 512


def check_platform() -> None:
    if sys.platform != "linux":
        raise CannotStart("bin/up runs on Linux; on this system, start SoniqueBay with: docker compose up")


def check_music(folder: Path | None) -> None:
    if folder is None:
        return
    try:
        with os.scandir(folder) as entries:
            next(entries, None)
    except FileNotFoundError:
        raise CannotStart(f"The music folder {folder} does not exist. Check its name, or connect its disk.") from None
    except NotADirectoryError:
        raise CannotStart(f"{folder} is a file; name the folder that holds your music.") from None
    except OSError as error:
        reason = "it belongs to others" if error.errno == errno.EACCES else error.strerror
        raise CannotStart(
            f"The music folder {folder} cannot be read: {reason}. Allow this account to read it, or name another."
        ) from None


def check_space(home: Path) -> None:
    facts = os.statvfs(home)
    free_mb = facts.f_bavail * facts.f_frsize // 2**20
    if free_mb < LEAST_FREE_MB:
        raise CannotStart(
            f"The disk that holds {home} has {free_mb} MB left, and SoniqueBay needs {LEAST_FREE_MB} MB to work "
            "safely. Nothing was started or lost; free some space, or choose another disk with --home DIR."
        )


def check_files() -> None:
    """Each listener and each stream is an open file; most systems allow many when asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if hard == resource.RLIM_INFINITY else min(FILES_WANTED, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < FILES_NEEDED:
        raise CannotStart(
            f"This account may open {wanted} files at a time, and SoniqueBay needs {FILES_NEEDED}. "
            "Raise the limit (ulimit -n) and start again."
        )


def check_port(host: str, port: int) -> None:
    error = _refusal(host, port)
    if error is None:
        return
    if error.errno == errno.EACCES:
        raise CannotStart(f"Ports below 1024, such as {port}, are not open to this account. Choose one: --port 8337")
    if error.errno != errno.EADDRINUSE:
        raise CannotStart(f"{host} is not an address of this machine ({error.strerror}). Leave --host out to use all.")
    holder = who_listens_at(port)
    by = f"by {holder}" if holder else "by another program"
    free = next((p for p in range(port + 1, min(port + 50, 65536)) if _refusal(host, p) is None), None)
    hint = f" Stop it, or start with --port {free}." if free else " Stop it, or choose another with --port N."
    raise CannotStart(f"Port {port} is already used {by}.{hint}")


def _refusal(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with closing(socket.socket(family)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            # Two sockets may be bound for reuse; only one of them may listen.
            probe.listen(1)
    except OSError as error:
        return error
    return None
