"""Reads a track where it lies, or from a copy fetched over HTTP when this machine does not see the same file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.worker.client import ApiClient
from core.worker.errors import WorkerError


@contextmanager
def local_or_downloaded(
    api: ApiClient, *, location: str | None, size: int, mtime_ns: int, address: str
) -> Iterator[Path]:
    """The file at `location` if its size and time are those that the server knows, else a copy for the time being."""
    if location and _same_file(Path(location), size=size, mtime_ns=mtime_ns):
        yield Path(location)
        return
    with tempfile.NamedTemporaryFile(prefix="soniquebay-", suffix=Path(address).suffix) as copy:
        got = api.download(address, copy)
        if got != size:
            raise WorkerError(f"{address} has {got} bytes, not {size}: it changed meanwhile.", retry=True)
        copy.flush()
        yield Path(copy.name)


def _same_file(path: Path, *, size: int, mtime_ns: int) -> bool:
    try:
        stat = path.stat()
    except (OSError, ValueError):
        return False
    return stat.st_size == size and stat.st_mtime_ns == mtime_ns
