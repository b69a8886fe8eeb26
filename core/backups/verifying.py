"""Reads a backup from its beginning to its end before anybody relies on it."""

import hashlib
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from core.backups.archive import DUMP, MANIFEST, MEDIA, MediaDigest, media_name, members, pieces
from core.backups.manifest import FORMAT, DumpFacts, Manifest
from core.backups.programs import feed, program
from core.backups.progress import MB, Progress
from core.errors import InvalidInput

LONGEST_MANIFEST = 4 * MB
KEPT = "Nothing was changed."


@dataclass(frozen=True)
class Backup:
    """A file that was read whole and found to be what it says."""

    path: Path
    manifest: Manifest
    dump_at: int

    def dump(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.dump_at)
            yield from pieces(file, self.manifest.database.size)

    def media(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Names below the folder of covers, and contents."""
        with tarfile.open(self.path, "r:", encoding="utf-8") as tar:
            for member in members(tar):
                name, file = media_name(member), tar.extractfile(member)
                if name is not None and file is not None:
                    yield name, pieces(file)


def verify(path: Path, progress: Progress) -> Backup:
    """Raises InvalidInput for a file that is damaged, cut off, or no backup of ours; changes nothing."""
    try:
        with tarfile.open(path, "r:", encoding="utf-8") as tar:
            found = _Reading(path, progress).read(tar)
    except tarfile.ReadError as error:
        ours = _begins_like_ours(path)
        raise _damaged(path, "it was cut off") if ours else _foreign(path) from error
    except FileNotFoundError:
        raise InvalidInput(f"There is no file {path}. {KEPT}") from None
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}. {KEPT}") from None
    _list_dump(found)
    return found


class _Reading:
    """Digests the members as they come by."""

    def __init__(self, path: Path, progress: Progress) -> None:
        self.path = path
        self.progress = progress
        self.size = path.stat().st_size
        self.media = MediaDigest()
        self.dump: DumpFacts | None = None
        self.dump_at = 0
        self.manifest: bytes | None = None

    def read(self, tar: tarfile.TarFile) -> Backup:
        for member in members(tar):
            self._take(tar, member)
            self.progress("Checking the file", min(member.offset_data + member.size, self.size), self.size)
        if self.dump is None:
            raise _foreign(self.path)
        if self.manifest is None:
            raise _damaged(self.path, "its end is missing")
        manifest = _parse(self.path, self.manifest)
        if manifest.format == FORMAT and (manifest.database, manifest.media) != (self.dump, self.media.facts()):
            raise _damaged(self.path, "its content is not what its manifest says")
        return Backup(self.path, manifest, self.dump_at)

    def _take(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        name = media_name(member)
        if self.manifest is not None or (self.dump is None) != (member.name == DUMP):
            raise _foreign(self.path)
        if member.name == DUMP:
            sha = hashlib.sha256()
            for chunk in self._content(tar, member):
                sha.update(chunk)
            self.dump, self.dump_at = DumpFacts(size=member.size, sha256=sha.hexdigest()), member.offset_data
        elif member.name == MANIFEST and member.size <= LONGEST_MANIFEST:
            self.manifest = b"".join(self._content(tar, member))
        elif name is not None:
            self.media.begin(name, member.size)
            for chunk in self._content(tar, member):
                self.media.sha.update(chunk)
        elif not member.name.startswith(MEDIA) or not member.isdir():
            raise _foreign(self.path)

    def _content(self, tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
        file = tar.extractfile(member)
        if file is None:
            raise _foreign(self.path)
        for chunk in pieces(file):
            self.progress("Checking the file", min(member.offset_data + file.tell(), self.size), self.size)
            yield chunk


def _begins_like_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(DUMP)) == DUMP.encode()


def _parse(path: Path, content: bytes) -> Manifest:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise _damaged(path, "its manifest cannot be read") from None


def _list_dump(backup: Backup) -> None:
    """pg_restore reads the dump's table of contents."""
    failure = feed([str(program("pg_restore", at_least=1)), "--list"], backup.dump())
    if failure:
        raise _damaged(backup.path, f"pg_restore says: {failure}")


def _damaged(path: Path, how: str) -> InvalidInput:
    return InvalidInput(f"{path} is damaged: {how}. {KEPT}", hint="Use another backup.")


def _foreign(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path} is not a backup of SoniqueBay. {KEPT}", hint="They are called soniquebay-DATE-TIME.tar."
    )
