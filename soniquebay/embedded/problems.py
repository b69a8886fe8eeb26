"""The one error of starting up: a sentence for the person at the keyboard."""

import errno
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT}


class CannotStart(Exception):
    """What happened, what was kept and what to do next; never shown with a traceback."""


def disk_full(folder: Path) -> CannotStart:
    return CannotStart(f"The disk that holds {folder} is full. Nothing was lost; free some space and start again.")


def cannot_write(folder: Path, error: OSError) -> CannotStart:
    """What an operating system's refusal to write means to a person."""
    if error.errno in FULL:
        return disk_full(folder)
    if error.errno == errno.EROFS:
        reason = "its disk is mounted read-only"
    elif error.errno in {errno.EACCES, errno.EPERM}:
        reason = "it belongs to another account"
    else:
        reason = (error.strerror or str(error)).lower()
    return CannotStart(f"{folder} cannot be written to: {reason}. Choose another folder with --home DIR.")
