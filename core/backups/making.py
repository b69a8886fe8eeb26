"""Makes a backup while everything runs: written beside, read back, renamed; older ones go only after that."""

import errno
import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.conf import settings

from core.backups.archive import Writer
from core.backups.covers import finish_interrupted
from core.backups.database import Database, live_database
from core.backups.manifest import Facts, facts_of, manifest_of
from core.backups.programs import output_of, program
from core.backups.progress import MB, Progress
from core.backups.verifying import Backup, verify
from core.database_jobs import DatabaseJob
from core.errors import Conflict, SoniqueBayError, Unavailable

NAME = re.compile(r"soniquebay-\d{8}-\d{6}\.tar")
DRAFT = ".draft"
KEPT = "No backup was made; the older ones are kept."
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@dataclass(frozen=True)
class Place:
    """What is saved, and where to."""

    folder: Path
    media: Path
    database: Database
    keep: int


def own_place() -> Place:
    """Of this installation."""
    return Place(settings.BACKUP_FOLDER, settings.MEDIA_ROOT, live_database(), settings.BACKUPS_KEPT)


def run_backup(job: DatabaseJob) -> None:
    """What control does for a job of the kind backup_database."""
    made = make_backup(own_place(), job.progress)
    job.progress("Saved", 1, 1, file=made.path.name, mb=round(made.path.stat().st_size / MB, 1))


def make_backup(place: Place, progress: Progress) -> Backup:
    """The verified file; on any failure the unfinished one is removed and the older ones are kept."""
    finish_interrupted(place.database, place.media)
    path = place.folder / f"soniquebay-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar"
    try:
        with _draft(path) as draft:
            _write(draft, place, progress)
            made = verify(draft, progress)
            draft.rename(path)
            _sync(place.folder)
    except OSError as error:
        raise _cannot_write(place.folder, error) from error
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Unavailable(f"PostgreSQL stopped the backup: {reason}. {KEPT}", hint="Try again.") from error
    _delete_older(place)
    return Backup(path, made.manifest, made.dump_at)


def backups(folder: Path) -> list[Path]:
    """Whole ones, the newest first."""
    if not folder.is_dir():
        return []
    return sorted((path for path in folder.iterdir() if NAME.fullmatch(path.name)), reverse=True)


@contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A locked file beside the place of the backup, gone afterwards unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _clear_leftovers(path.parent)
    draft = path.with_name(path.name + DRAFT)
    try:
        held = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise Conflict("Another backup has just begun.", hint="Wait for it, then try again.") from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield draft
    finally:
        draft.unlink(missing_ok=True)
        os.close(held)


def _clear_leftovers(folder: Path) -> None:
    """Drafts of backups that were killed: nobody holds their lock any more."""
    for leftover in folder.glob(f"soniquebay-*{DRAFT}"):
        with suppress(OSError), leftover.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            leftover.unlink()


def _write(draft: Path, place: Place, progress: Progress) -> None:
    with draft.open("r+b") as file:
        writer = Writer(file)
        with _snapshot(place.database) as (snapshot, facts):
            command = _dump_command(place.database, snapshot, int(facts.postgresql.split(".")[0]))
            chunks = output_of(command, place.database.environment())
            dump = writer.write_dump(
                chunks, lambda size: progress("Saving the database", size // MB, None, mb=size // MB)
            )
        _write_media(writer, place.media, progress)
        manifest = manifest_of(facts, database=dump, media=writer.media.facts())
        writer.write_manifest(manifest.model_dump_json(indent=1).encode())
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _snapshot(database: Database) -> Iterator[tuple[str, Facts]]:
    """One moment of the database, for pg_dump and for our own counting."""
    with database.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection.transaction():
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            yield str(row[0]) if row else "", facts_of(connection)


def _dump_command(database: Database, snapshot: str, server_major: int) -> list[str]:
    pg_dump = str(program("pg_dump", at_least=server_major))
    # A small machine's processor is slower than its card: the fastest compression.
    ways = ["--format=custom", "--compress=1", "--no-owner", "--no-privileges", "--no-password"]
    return [pg_dump, *ways, f"--snapshot={snapshot}", database.argument()]


def _write_media(writer: Writer, media: Path, progress: Progress) -> None:
    """Afterwards, so that every cover that the database names is among them."""
    names = list(media_files(media))
    for done, name in enumerate(names, start=1):
        # One that went away meanwhile was replaced, and nothing names it any more.
        with suppress(FileNotFoundError), (media / name).open("rb") as file:
            writer.write_media(name, file, os.fstat(file.fileno()).st_size)
        progress("Saving covers", done, len(names), covers=done)


def media_files(media: Path) -> Iterator[str]:
    """Names below the folder; those with a dot are drafts."""
    for parent, folders, files in os.walk(media):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield str(path.relative_to(media))


def _delete_older(place: Place) -> None:
    for path in backups(place.folder)[place.keep :]:
        with suppress(OSError):
            path.unlink()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cannot_write(folder: Path, error: OSError) -> SoniqueBayError:
    if error.errno in FULL:
        return Unavailable(
            f"The disk that holds {folder} is full. {KEPT}", hint="Free some space, or set BACKUPS_KEPT lower."
        )
    return Unavailable(
        f"A backup could not be written into {folder}: {error.strerror or error}. {KEPT}",
        hint="Give the account that runs SoniqueBay this folder.",
    )
