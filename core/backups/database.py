"""A PostgreSQL database by its address, in the forms that psycopg, pg_dump and Django's commands want."""

import os
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from core.errors import Unavailable

LONGEST_NAME = 63


@dataclass(frozen=True)
class Database:
    name: str
    options: dict[str, str] = field(default_factory=dict)
    """of libpq: host, port, user, sslmode and so on"""
    password: str = field(default="", repr=False)

    def named(self, name: str) -> "Database":
        """Another database of the same server."""
        return replace(self, name=name)

    def connect(self) -> psycopg.Connection:
        """A connection outside of Django's pool, so that it ends when we say so."""
        words: dict[str, Any] = {**self.options, "dbname": self.name, "password": self.password or None}
        try:
            return psycopg.connect(autocommit=True, connect_timeout=10, **words)
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[0].removeprefix("connection failed: ")
            raise Unavailable(
                f"PostgreSQL cannot be reached: {reason}", hint="Start it (bin/up, or its service), then try again."
            ) from None

    def argument(self) -> str:
        """For a command line, which everybody can read: without the password."""
        return "--dbname=" + make_conninfo(**self.options, dbname=self.name)

    def environment(self) -> dict[str, str]:
        """For PostgreSQL's programs, which say why they fail in a language that can be searched for."""
        secret = {"PGPASSWORD": self.password} if self.password else {}
        return {**os.environ, **secret, "LC_ALL": "C"}

    @property
    def url(self) -> str:
        """For the environment of a command of ours."""
        rest = {key: value for key, value in self.options.items() if key != "user"}
        person = f"{quote(self.options.get('user', ''), safe='')}:{quote(self.password, safe='')}@"
        return f"postgresql://{person if person != ':@' else ''}/{quote(self.name, safe='')}?{urlencode(rest)}"


def live_database() -> Database:
    """The one that this SoniqueBay works with."""
    known = connections["default"].settings_dict
    named = {"host": known["HOST"], "port": str(known["PORT"] or ""), "user": known["USER"]}
    more = {key: value for key, value in known["OPTIONS"].items() if isinstance(value, str)}
    options = {key: value for key, value in {**named, **more}.items() if value}
    return Database(name=known["NAME"], options=options, password=known["PASSWORD"])


def row_counts(connection: psycopg.Connection) -> dict[str, int]:
    """Rows per table of ours, as this connection's transaction sees them."""
    tables = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    return {name: _count(connection, name) for (name,) in tables}


def _count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))).fetchone()
    return int(row[0]) if row else 0


def server_version(connection: psycopg.Connection) -> str:
    """Such as 18.4."""
    return connection.info.parameter_status("server_version") or ""
