"""The file of a backup: a plain tar, written as it comes, read from its beginning to its end with little memory.

Members, in this order: database.dump, media/… , manifest.json. The manifest comes last, so that a file that was cut
off anywhere has none.
"""

import hashlib
import os
import tarfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from core.backups.manifest import DumpFacts, MediaFacts

DUMP, MEDIA, MANIFEST = "database.dump", "media/", "manifest.json"
CHUNK = 1 << 20
BLOCK = tarfile.BLOCKSIZE
Told = Callable[[int], object]


def pieces(file: IO[bytes], size: int | None = None) -> Iterator[bytes]:
    """The rest of a file, or so many bytes of it, a megabyte at a time."""
    left = size
    while left is None or left:
        chunk = file.read(CHUNK if left is None else min(CHUNK, left))
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk


class MediaDigest:
    """Grows with every file: its name, its size, its content."""

    def __init__(self) -> None:
        self.sha = hashlib.sha256()
        self.files = 0
        self.size = 0

    def begin(self, name: str, size: int) -> None:
        raw = os.fsencode(name)
        self.sha.update(b"%d:%s:%d:" % (len(raw), raw, size))
        self.files += 1
        self.size += size

    def facts(self) -> MediaFacts:
        return MediaFacts(files=self.files, size=self.size, sha256=self.sha.hexdigest())


class Writer:
    """Writes the members of a backup into an open file."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.media = MediaDigest()

    def write_dump(self, chunks: Iterable[bytes], told: Told) -> DumpFacts:
        """Its size is known only afterwards, so that its header is written a second time."""
        header_at = self.file.tell()
        self.file.write(_header(DUMP, 0))
        sha, size = hashlib.sha256(), 0
        for chunk in chunks:
            sha.update(chunk)
            self.file.write(chunk)
            size += len(chunk)
            told(size)
        self._pad(size)
        end = self.file.tell()
        self.file.seek(header_at)
        self.file.write(_header(DUMP, size))
        self.file.seek(end)
        return DumpFacts(size=size, sha256=sha.hexdigest())

    def write_media(self, name: str, file: IO[bytes], size: int) -> None:
        self.file.write(_header(MEDIA + name, size))
        self.media.begin(name, size)
        written = 0
        for chunk in pieces(file, size):
            self.media.sha.update(chunk)
            self.file.write(chunk)
            written += len(chunk)
        if written != size:
            raise OSError(f"{name} became shorter while it was read")
        self._pad(size)

    def write_manifest(self, content: bytes) -> None:
        """The end of the file."""
        self.file.write(_header(MANIFEST, len(content)))
        self.file.write(content)
        self._pad(len(content))
        self.file.write(bytes(2 * BLOCK))

    def _pad(self, size: int) -> None:
        self.file.write(bytes(-size % BLOCK))


def _header(name: str, size: int) -> bytes:
    """In GNU's form, whose sizes have no limit within the one block of a short name."""
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, int(time.time()), 0o600
    return member.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def members(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    """One after the other; tarfile would remember them all."""
    while (member := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]
        yield member


def media_name(member: tarfile.TarInfo) -> str | None:
    """The path below the folder of covers; None for whatever is no plain file inside of it."""
    parts = Path(member.name).parts
    # Names with a dot are never in a backup: they are drafts, or the restore's own.
    inside = member.name.startswith(MEDIA) and len(parts) > 1 and not any(part.startswith(".") for part in parts)
    return member.name.removeprefix(MEDIA) if inside and member.isreg() else None
