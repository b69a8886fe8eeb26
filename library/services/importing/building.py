"""Imports the library of the first SoniqueBay: the new state, or the old one with a reason; nothing in between."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from core.backups import swapping
from core.backups.beside import alone, bring_up_to_date, name_put_aside, sibling, undisturbed
from core.backups.covers import finish_interrupted
from core.backups.database import Database
from core.backups.progress import Progress
from core.backups.settling import tell_everybody
from core.errors import InvalidInput, Unavailable
from library.services.importing.copying import Comparison, copy_table, keep_oddities, rewind
from library.services.importing.covers import StagedCovers
from library.services.importing.keeping import find_roots, keep_the_rest, refuse_unready
from library.services.importing.oddities import oddities
from library.services.importing.report import Report, oddities_found
from library.services.importing.source import Source, opened
from library.services.importing.tables import Copied, split_tables, wide_tables

BEING_IMPORTED = "_importing"
WIDE = ("library", "0001_wide_track")
SERIAL = ("artists", "albums", "tracks", "genres", "genre_tags", "mood_tags", "covers")
# Recordings that several tracks are of were unique once: they wait among the leftovers for the end of that rule.
RESTORE_RECORDINGS = """UPDATE tracks SET musicbrainz_id = kept.value FROM split_leftovers kept
WHERE kept.kind = 'duplicate_recording' AND kept.entity_id = tracks.id"""


@dataclass(frozen=True)
class Wanted:
    """How it is to be done."""

    moved: tuple[tuple[str, str], ...] = ()
    """beginnings of paths: as they were, and as they are here"""
    replace: bool = False
    dry_run: bool = False


def import_soniquebay(*, address: str, database: Database, media: Path, wanted: Wanted, progress: Progress) -> Report:
    """The database at this address is only read."""
    finish_interrupted(database, media)
    with alone(database) as connection, ExitStack() as last:
        swapping.check_rights(connection, database.name)
        with database.connect() as live:
            refuse_unready(live, replace=wanted.replace)
        new, covers = sibling(database, BEING_IMPORTED), StagedCovers(media)
        with _undone_unless_it_ends(connection, new, covers), opened(address) as source:
            swapping.create(connection, new.name)
            covers.begin()
            report = _build(source, new, covers, wanted, progress)
            _settle(database, new, report, progress)
            if not wanted.dry_run:
                # Until the end: nobody may be told that nothing was changed any more.
                last.enter_context(undisturbed())
                _take_place(database, new, covers, report, progress)
        if not wanted.dry_run:
            tell_everybody()
    return report


@contextmanager
def _undone_unless_it_ends(connection: psycopg.Connection, new: Database, covers: StagedCovers) -> Iterator[None]:
    """Afterwards the name is free again in any case: after the exchange it belongs to nobody."""
    try:
        yield
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Unavailable(
            f"PostgreSQL stopped the import: {reason}.", hint="The old library is kept; try again."
        ) from error
    except OSError as error:
        raise Unavailable(f"The covers could not be written: {error.strerror}. The old library is kept.") from error
    finally:
        covers.discard()
        # What a server that went away keeps of it is dropped by the next import.
        with suppress(psycopg.Error, Unavailable):
            swapping.drop(connection, new.name)


def _build(source: Source, new: Database, covers: StagedCovers, wanted: Wanted, progress: Progress) -> Report:
    """The whole library under another name: as it was, then split, then with what had been split there already."""
    report = Report()
    progress("Preparing", 0)
    bring_up_to_date(new, *WIDE)
    with new.connect() as fresh:
        wide = list(wide_tables(source, wanted.moved))
        _refuse_clashes(source, wide, wanted)
        _copy(source, fresh, wide, report, progress)
        rewind(fresh, SERIAL)
    step = "Splitting the tracks"
    bring_up_to_date(new, told=lambda done: progress(step, done), MEDIA_ROOT=str(covers.stage))
    with new.connect() as fresh:
        _copy(source, fresh, list(split_tables(source)), report, progress)
        keep_oddities(source, fresh, oddities(source), progress)
        fresh.execute(RESTORE_RECORDINGS)
        report.found = oddities_found(fresh)
        report.covers = covers.count()
    return report


def _copy(source: Source, fresh: psycopg.Connection, tables: list[Copied], report: Report, progress: Progress) -> None:
    fresh.execute("SET timezone = 'UTC'; SET extra_float_digits = 3; SET datestyle = 'ISO'")
    comparison = Comparison(source, fresh, tables)
    for copied in tables:
        report.rows[copied.table] = copy_table(source, fresh, copied, progress)
    comparison.finish(progress)


def _refuse_clashes(source: Source, wide: list[Copied], wanted: Wanted) -> None:
    """Two folders that are said to be one now may hold files of the same names."""
    tracks = next(copied for copied in wide if copied.table == "tracks")
    query = f"SELECT count(path) - count(DISTINCT path) FROM ({tracks.query}) q"
    clashes = source.count(query) if wanted.moved else 0
    if clashes:
        raise InvalidInput(f"With --moved {clashes:,} files would have the path of another. Nothing was changed.")


def _settle(database: Database, new: Database, report: Report, progress: Progress) -> None:
    """What stays is copied last, so that little can happen in between."""
    progress("Tidying", 0)
    with new.connect() as fresh:
        # Texts of covers would stay on the disk although their column is gone.
        for table in ("tracks", "artists", "covers"):
            fresh.execute(f"VACUUM (FULL, ANALYZE) {table}")
        with database.connect() as live:
            report.jobs_failed = keep_the_rest(live, fresh)
        report.outside = find_roots(fresh)
        fresh.execute("ANALYZE")


def _take_place(database: Database, new: Database, covers: StagedCovers, report: Report, progress: Progress) -> None:
    progress("Exchanging the databases", 0, 1)
    put_aside = name_put_aside(database.name)
    covers.take_places()
    swapping.swap(database, new=new.name, put_aside=put_aside)
    report.put_aside = put_aside
    progress("Exchanging the databases", 1, 1)
