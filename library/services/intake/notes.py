"""What a batch says beside tracks: unreadable files, files that are gone, folders that are read to their end."""

from collections.abc import Collection, Iterable
from typing import Any

from core.models import Job
from library.engine.paths import joined
from library.models import LibraryRoot
from library.schemas.scan import FolderDigest, GoneFile, RefusedRow, ScannedError
from library.services.intake.incoming import Incoming, check_place
from library.services.statements import Record, array, execute

ERRORS = Record("r", {"path": "text", "size": "bigint", "mtime_ns": "bigint", "reason": "text"})
FORGET_ERRORS = """
    DELETE FROM scan_errors
    WHERE root_id = %(root)s AND path = ANY(%(paths)s::text[])
"""
INSERT_ERRORS = f"""
    INSERT INTO scan_errors (root_id, path, size, mtime_ns, reason, first_seen_at, seen_at)
    SELECT %(root)s, path, size, mtime_ns, reason, now(), now() FROM {ERRORS}
    ON CONFLICT (root_id, path) DO UPDATE
        SET size = excluded.size, mtime_ns = excluded.mtime_ns, reason = excluded.reason, seen_at = now()
    WHERE (scan_errors.size, scan_errors.mtime_ns, scan_errors.reason)
        IS DISTINCT FROM (excluded.size, excluded.mtime_ns, excluded.reason)
"""  # noqa: S608
ABSENT = """
    INSERT INTO scan_absences (job_id, track_id)
    SELECT %(job)s, id FROM tracks WHERE root_id = %(root)s AND path = ANY(%(paths)s) AND available
    ON CONFLICT DO NOTHING
"""
STALE = """
    INSERT INTO scan_absences (job_id, track_id) SELECT %(job)s, unnest(%(ids)s::bigint[]) ON CONFLICT DO NOTHING
"""
READ = Record("r", {"path": "text", "digest": "text", "files": "int"})
# A folder with tracks is known to later walks, even if this one never comes to its end.
FOLDERS = f"""
    INSERT INTO scan_folders (root_id, path, digest, files)
    SELECT %(root)s, path, digest, files FROM {READ}
    ON CONFLICT (root_id, path) DO UPDATE SET digest = excluded.digest, files = excluded.files
    WHERE excluded.digest <> '' AND (scan_folders.digest, scan_folders.files)
        IS DISTINCT FROM (excluded.digest, excluded.files)
"""  # noqa: S608
# The reason may hold what a file holds.
LONGEST_PATH = 2_500


class Errors:
    """The files of a root that cannot be read, by path: those that are remembered, and those that are forgotten."""

    def __init__(self, root: LibraryRoot) -> None:
        self.root = root
        self.known: dict[str, dict[str, Any]] = {}
        self.forgotten: set[str] = set()

    def forget(self, paths: Iterable[str]) -> None:
        self.forgotten.update(paths)

    def add(self, errors: Iterable[ScannedError]) -> None:
        for error in errors:
            self._add(error.folder, error.name, error.size, error.mtime_ns, error.reason)

    def add_refused(self, refused: Iterable[RefusedRow], rows: Iterable[dict[str, Any]]) -> None:
        """Remembered until the file changes, like a file that is broken."""
        by_place = {(str(row.get("folder")), str(row.get("name"))): row for row in rows}
        for entry in refused:
            row = by_place.get((entry.folder, entry.name), {})
            self._add(entry.folder, entry.name, _whole(row.get("size")), _whole(row.get("mtime_ns")), entry.reason)

    def _add(self, folder: str, name: str, size: int, mtime_ns: int, reason: str) -> None:
        try:
            # A folder that cannot be read is named by itself.
            check_place(folder, name or "x")
        except ValueError:
            return
        path = joined(self.root.path, folder, name)
        if len(path.encode()) <= LONGEST_PATH:
            self.known[path] = {"path": path, "size": size, "mtime_ns": mtime_ns, "reason": reason}


def _whole(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**63 else 0


def note_errors(errors: Errors) -> None:
    forgotten = errors.forgotten - errors.known.keys()
    if forgotten:
        execute(FORGET_ERRORS, {"root": errors.root.pk, "paths": array(forgotten)})
    if errors.known:
        execute(INSERT_ERRORS, {"root": errors.root.pk, **ERRORS.of(list(errors.known.values()))})


def note_absent(job: Job, root: LibraryRoot, gone: Iterable[GoneFile]) -> None:
    """What becomes of them is settled when the walk has ended."""
    paths = [joined(root.path, file.folder, file.name) for file in gone]
    if paths:
        execute(ABSENT, {"job": job.pk, "root": root.pk, "paths": paths})


def note_stale(job: Job, ids: Collection[int]) -> None:
    """A file whose cue sheet has changed holds other tracks now; all of one file's come in one batch."""
    if ids:
        execute(STALE, {"job": job.pk, "ids": list(ids)})


def note_folders(root: LibraryRoot, rows: Iterable[Incoming], read: Iterable[FolderDigest]) -> None:
    """Those that are read to their end get their digest; the others are only known to be there."""
    found = {row.tags.folder: {"path": row.tags.folder, "digest": "", "files": 0} for row in rows}
    found |= {folder.path: folder.model_dump() for folder in read}
    found = {path: folder for path, folder in found.items() if len(path.encode()) <= LONGEST_PATH}
    if found:
        execute(FOLDERS, {"root": root.pk, **READ.of(list(found.values()))})
