"""Restores a backup into a database of its own, brings that up to this version, and only then exchanges the two."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from core.backups import swapping
from core.backups.beside import alone, beginning_put_aside, bring_up_to_date, name_put_aside, sibling, undisturbed
from core.backups.covers import Covers, finish_interrupted
from core.backups.database import Database, row_counts
from core.backups.manifest import refuse_unreadable
from core.backups.programs import feed, program
from core.backups.progress import MB, Progress
from core.backups.settling import settle, tell_everybody, unreadable_settings
from core.backups.verifying import Backup
from core.errors import InvalidInput, Unavailable

BEING_RESTORED = "_restoring"


@dataclass(frozen=True)
class Restored:
    """What there is to say afterwards."""

    put_aside: str
    jobs_failed: int
    unreadable: list[str]


def restore(backup: Backup, *, database: Database, media: Path, progress: Progress) -> Restored:
    """The new state, or the old one with a reason; nothing in between, wherever it is interrupted."""
    refuse_unreadable(backup.manifest)
    finish_interrupted(database, media)
    with alone(database) as connection, ExitStack() as last:
        swapping.check_rights(connection, database.name)
        new = sibling(database, BEING_RESTORED)
        covers = Covers(media)
        try:
            jobs_failed, unreadable = _build(connection, backup, new, progress)
            put_aside = name_put_aside(database.name)
            covers.unpack(backup, progress)
            covers.add_new()
            covers.wait_for(put_aside)
            last.enter_context(undisturbed())
            progress("Exchanging the databases", 0, 1)
            swapping.swap(database, new=new.name, put_aside=put_aside)
            covers.replace_changed()
        except BaseException as error:
            _undo(connection, new, covers)
            raise _in_our_words(error) from error
        tell_everybody()
        progress("Exchanging the databases", 1, 1)
    return Restored(put_aside, jobs_failed, unreadable)


def restore_media(backup: Backup, *, database: Database, media: Path, progress: Progress) -> None:
    """Only the covers."""
    with alone(database):
        covers = Covers(media)
        try:
            covers.unpack(backup, progress)
        except BaseException as error:
            covers.discard()
            raise _in_our_words(error) from error
        with undisturbed():
            covers.wait_for(database.name)
            covers.replace_changed()


def forget_old(database: Database, media: Path) -> list[str]:
    """Drops the databases that restores have put aside."""
    finish_interrupted(database, media)
    with swapping.elsewhere(database) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY datname",
            [beginning_put_aside(database.name)],
        ).fetchall()
        for (name,) in rows:
            swapping.drop(connection, name)
    return [name for (name,) in rows]


def _build(connection: psycopg.Connection, backup: Backup, new: Database, progress: Progress) -> tuple[int, list[str]]:
    """The whole database of the backup, as this version of SoniqueBay wants it, under another name."""
    swapping.create(connection, new.name)
    _fill(backup, new, progress)
    progress("Counting", 0)
    with new.connect() as fresh:
        _compare(row_counts(fresh), backup.manifest.rows)
    progress("Bringing it up to date", 0)
    bring_up_to_date(new)
    with new.connect() as fresh:
        return settle(fresh), unreadable_settings(fresh)


def _fill(backup: Backup, new: Database, progress: Progress) -> None:
    total = backup.manifest.database.size

    def chunks() -> Iterator[bytes]:
        fed = 0
        for chunk in backup.dump():
            progress("Restoring the database", fed, total)
            yield chunk
            fed += len(chunk)

    # Comments of extensions belong to whoever made the extension, which need not be us.
    ways = ["--exit-on-error", "--no-owner", "--no-privileges", "--no-comments", "--no-password"]
    pg_restore = program("pg_restore", at_least=int(backup.manifest.postgresql.split(".")[0]))
    failure = feed([str(pg_restore), *ways, new.argument()], chunks(), new.environment())
    if failure:
        vector = "Run CREATE EXTENSION vector in the database template1 as the server's administrator, then try again."
        raise Unavailable(
            f"The database could not be restored: {failure}. Nothing was changed.",
            hint=vector if 'extension "vector"' in failure else "",
        )
    progress("Restoring the database", total, total, mb=total // MB)


def _compare(found: dict[str, int], promised: dict[str, int]) -> None:
    for table in sorted(found.keys() | promised.keys()):
        if found.get(table) != promised.get(table):
            raise InvalidInput(
                f"The restored table {table} has {found.get(table)} rows instead of {promised.get(table)}. "
                "Nothing was changed.",
                hint="Use another backup.",
            )


def _undo(connection: psycopg.Connection, new: Database, covers: Covers) -> None:
    """If the swap was done after all and only its answer was lost, the covers wait to be finished."""
    put_aside = covers.waits_for()
    # What a server that went away keeps of it is dropped by the next restore.
    with suppress(psycopg.Error, Unavailable):
        if put_aside is None or not swapping.database_exists(new, put_aside):
            covers.discard()
            swapping.drop(connection, new.name)


def _in_our_words(error: BaseException) -> BaseException:
    if isinstance(error, psycopg.Error):
        reason = str(error).strip().splitlines()[0]
        return Unavailable(f"PostgreSQL stopped the restore: {reason}.", hint="The old library is kept; try again.")
    if isinstance(error, OSError):
        return Unavailable(f"The covers could not be written: {error.strerror}. The old library is kept.")
    return error
