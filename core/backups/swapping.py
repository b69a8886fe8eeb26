"""Exchanges the live database for another one of the same server, in one transaction, under everybody's feet."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from psycopg import errors, sql

from core.backups.database import Database
from core.errors import Conflict, NotAllowed, SoniqueBayError, Unavailable

# Databases that every server has: one cannot be renamed from within.
ELSEWHERE = ("postgres", "template1")
LOCK = 0x534F4E49
ATTEMPTS = 6


def elsewhere(database: Database) -> psycopg.Connection:
    """A connection to the same server that uses none of our databases."""
    problem: SoniqueBayError | None = None
    for name in ELSEWHERE:
        try:
            return database.named(name).connect()
        except Unavailable as error:
            problem = problem or error
    raise problem or Unavailable("PostgreSQL cannot be reached.")


@contextmanager
def lock(database: Database) -> Iterator[bool]:
    """Whether no other restore is at work on this server; the server frees the lock when its holder dies."""
    with elsewhere(database) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, database.name]).fetchone()
        yield bool(row and row[0])


def database_exists(database: Database, name: str) -> bool:
    with elsewhere(database) as connection:
        return _exists(connection, name)


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def check_rights(connection: psycopg.Connection, name: str) -> None:
    """Said before any work is done."""
    row = connection.execute(
        "SELECT current_user, rolsuper OR rolcreatedb, "
        "coalesce((SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %s), true) "
        "FROM pg_roles WHERE rolname = current_user",
        [name],
    ).fetchone()
    if row is None or (row[1] and row[2]):
        return
    person = sql.Identifier(row[0]).as_string()
    needs = f"ALTER ROLE {person} CREATEDB" if not row[1] else f'ALTER DATABASE "{name}" OWNER TO {person}'
    raise NotAllowed(
        f"The database account {row[0]} may not {'create' if not row[1] else 'rename'} databases. Nothing was changed.",
        hint=f"Run as the server's administrator: {needs};",
    )


def create(connection: psycopg.Connection, name: str) -> None:
    drop(connection, name)
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop(connection: psycopg.Connection, name: str) -> None:
    words = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    for _ in range(ATTEMPTS):
        try:
            connection.execute(words + sql.SQL(" WITH (FORCE)"))
        except errors.InsufficientPrivilege:
            # The server's own vacuum is at work in it, which only the plain form may send away.
            with suppress(errors.ObjectInUse):
                connection.execute(words)
                return
        else:
            return
    connection.execute(words)


def swap(database: Database, *, new: str, put_aside: str) -> None:
    """Either both renames happen or none; whoever was connected is sent away and connects anew.

    The rename waits for its exclusive use of the database, and from then on nobody can connect: those who came before
    are sent away meanwhile, from another connection.
    """
    with elsewhere(database) as renaming, elsewhere(database) as sending, _sending_away(sending, database.name):
        for _ in range(ATTEMPTS):
            try:
                with renaming.transaction():
                    if _exists(renaming, database.name):
                        _rename(renaming, database.name, put_aside)
                    _rename(renaming, new, database.name)
            except errors.ObjectInUse:
                time.sleep(0.2)
            else:
                return
    raise Conflict(
        f"Somebody stays connected to the database {database.name}. Nothing was changed.",
        hint="Stop SoniqueBay (web, control) and other programs that use it, then try again.",
    )


def _rename(connection: psycopg.Connection, old: str, new: str) -> None:
    words = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    connection.execute(words.format(sql.Identifier(old), sql.Identifier(new)))


@contextmanager
def _sending_away(connection: psycopg.Connection, name: str) -> Iterator[None]:
    over = threading.Event()

    # The server's own vacuum gives way to the rename by itself, and is nobody's to end.
    clients = "FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"

    def send_away() -> None:
        while not over.is_set():
            try:
                connection.execute(f"SELECT pg_terminate_backend(pid) {clients}", [name])
            except errors.InsufficientPrivilege:
                # Somebody with more power is connected; the rename will say so.
                return
            over.wait(0.1)

    thread = threading.Thread(target=send_away, name="send-away", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
