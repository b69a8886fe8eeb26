"""What stays of the live database: everything that is not the library; and of the library, where its folders are."""

from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from core.errors import Conflict
from core.models import Job
from library.models import ArtistSplit, LibraryRoot, Track
from library.services.importing.copying import rewind, stream

FOUNDATION = "core"
STAYS = (LibraryRoot, ArtistSplit)
REASON = "The library was replaced by an import while it ran; start it again if it is still wanted."


def refuse_unready(live: psycopg.Connection, *, replace: bool) -> None:
    """Said before any work is done."""
    applied = set(live.execute("SELECT app, name FROM django_migrations").fetchall())
    if not set(MigrationLoader(None).graph.leaf_nodes()) <= applied:
        raise Conflict("The database is not up to date. Nothing was changed.", hint="Run manage.py migrate first.")
    row = live.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(Track._meta.db_table))).fetchone()
    if row and row[0] and not replace:
        raise Conflict(
            f"This library has {row[0]:,} tracks already. Nothing was changed.",
            hint="With --replace the imported library takes their place, plays, ratings and playlists included.",
        )


def keep_the_rest(live: psycopg.Connection, new: psycopg.Connection) -> int:
    """Accounts, tokens, settings, jobs, the schedule, folders; how many jobs were closed."""
    tables = _tables(live)
    with new.transaction():
        new.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in tables:
            new.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        with live.transaction():
            live.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            for table, columns in tables.items():
                names = ", ".join(f'"{column}"' for column in columns)
                stream(live, f'SELECT {names} FROM "{table}"', new, table, columns)
        rewind(new, [table for table, columns in tables.items() if "id" in columns])
        closed = new.execute(
            f"UPDATE {Job._meta.db_table} SET state = %s, message = %s, finished_at = now() WHERE state = %s",
            [Job.State.FAILED, REASON, Job.State.RUNNING],
        )
    return closed.rowcount


def _tables(live: psycopg.Connection) -> dict[str, list[str]]:
    """By name, with their columns."""
    ours = [app for app in apps.get_app_configs() if Path(app.path).parent == settings.BASE_DIR]
    music = {
        model._meta.db_table
        for app in ours
        if app.label != FOUNDATION
        for model in app.get_models(include_auto_created=True)
    } - {model._meta.db_table for model in STAYS}
    rows = live.execute(
        "SELECT relname, array_agg(attname ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid "
        "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' AND relname <> 'django_migrations' GROUP BY relname ORDER BY relname"
    ).fetchall()
    return {table: columns for table, columns in rows if table not in music}


FIND_ROOTS = """UPDATE tracks SET root_id = found.root_id, folder = found.folder FROM (
SELECT DISTINCT ON (tracks.id) tracks.id, library_roots.id AS root_id,
regexp_replace(substr(tracks.path, length(rtrim(library_roots.path, '/')) + 2), '[^/]*$', '') AS folder
FROM tracks JOIN library_roots ON starts_with(tracks.path, rtrim(library_roots.path, '/') || '/')
ORDER BY tracks.id, length(library_roots.path) DESC) found WHERE found.id = tracks.id"""

# What a scan must find about half of, lest the folder is one that vanished.
COUNT_ROOTS = """UPDATE library_roots SET last_scan_at = NULL,
track_count = (SELECT count(*) FROM tracks WHERE root_id = library_roots.id)"""


def find_roots(new: psycopg.Connection) -> int:
    """Tracks below a folder of music belong to it; how many files lie elsewhere."""
    new.execute(FIND_ROOTS)
    new.execute(COUNT_ROOTS)
    row = new.execute("SELECT count(*) FROM tracks WHERE root_id IS NULL AND path <> ''").fetchone()
    return int(row[0]) if row else 0
