"""Keeps what was made of files, so that it is made once: whole files, of which the longest unused go first."""

import os
import time
from contextlib import suppress
from pathlib import Path

# What a child that was killed has left half made.
UNFINISHED = ".part"
LEFT_AFTER_S = 6 * 3600


class Kept:
    """A file in the making; nobody sees it before it is whole."""

    def __init__(self, place: Path, most_bytes: int) -> None:
        self.place, self.most_bytes = place, most_bytes
        place.parent.mkdir(parents=True, exist_ok=True)
        self.part = place.with_name(f"{place.name}.{os.getpid()}{UNFINISHED}")
        self.file = self.part.open("wb")
        self.size = 0

    def write(self, data: bytes) -> None:
        """A disk that is full, or a bound that is passed, ends the keeping and not the listening."""
        if self.file.closed:
            return
        self.size += len(data)
        try:
            if self.size > self.most_bytes:
                raise OSError("It is larger than all that is kept.")
            self.file.write(data)
        except OSError:
            self.forget()

    def finish(self) -> None:
        if self.file.closed:
            return
        with suppress(OSError):
            self.file.close()
            self.part.replace(self.place)
            keep_within(self.place.parent, self.most_bytes)

    def forget(self) -> None:
        with suppress(OSError):
            self.file.close()
        self.part.unlink(missing_ok=True)


def found(place: Path) -> bool:
    """Whether it is there; it counts as used now."""
    try:
        # When it was written stays as it is: readers know the file by it.
        os.utime(place, ns=(time.time_ns(), place.stat().st_mtime_ns))
    except OSError:
        return False
    return True


def keep_within(folder: Path, most_bytes: int) -> None:
    """Removes what was not asked for longest, until the rest fits."""
    entries: list[tuple[float, int, Path]] = []
    for entry in os.scandir(folder):
        with suppress(OSError):
            facts = entry.stat()
            if entry.name.endswith(UNFINISHED):
                if time.time() - facts.st_mtime > LEFT_AFTER_S:
                    os.unlink(entry.path)
                continue
            entries.append((facts.st_atime, facts.st_size, Path(entry.path)))
    total = sum(size for _used, size, _place in entries)
    for _used, size, place in sorted(entries):
        if total <= most_bytes:
            return
        place.unlink(missing_ok=True)
        total -= size
