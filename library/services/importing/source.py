"""The database of the first SoniqueBay: opened so that nothing can be written, and looked at for what it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg import conninfo

from core.errors import InvalidInput, Unavailable

KEPT = "Nothing was changed."
# Without these it is something else.
NEEDED = {
    "artists": {"id", "name"},
    "albums": {"id", "title", "album_artist_id"},
    "tracks": {"id", "path", "title", "track_artist_id"},
}


@dataclass(frozen=True)
class Source:
    connection: psycopg.Connection
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    """by table and name: the type"""

    def has(self, table: str, *columns: str) -> bool:
        return table in self.columns and self.columns[table].keys() >= set(columns)

    def count(self, query: str) -> int:
        row = self.connection.execute(query).fetchone()
        return int(row[0]) if row else 0

    @property
    def name(self) -> str:
        info = self.connection.info
        return f"{info.dbname} on {info.host or 'this machine'}"


@contextmanager
def opened(address: str) -> Iterator[Source]:
    """One moment of it: what is copied is what was counted, even while the old programs still write."""
    connection = _connect(address)
    with connection:
        try:
            connection.execute("SET default_transaction_read_only = on")
            # Numbers and times are compared as text later.
            connection.execute("SET timezone = 'UTC'; SET extra_float_digits = 3; SET datestyle = 'ISO'")
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            with connection.transaction():
                source = Source(connection, _columns(connection))
                _refuse_strangers(source)
                yield source
        except psycopg.OperationalError as error:
            raise Unavailable(f"The database to import from went away: {_first_line(error)}. {KEPT}") from error


def _connect(address: str) -> psycopg.Connection:
    scheme, found, rest = address.partition("://")
    # SQLAlchemy names its driver: postgresql+asyncpg://…
    plain = f"{scheme.partition('+')[0]}://{rest}" if found else address
    try:
        return psycopg.connect(
            conninfo.make_conninfo(plain, connect_timeout=10, client_encoding="UTF8"), autocommit=True
        )
    except psycopg.OperationalError as error:
        raise Unavailable(f"The database to import from cannot be reached: {_first_line(error)}. {KEPT}") from None
    except psycopg.ProgrammingError:
        raise InvalidInput(
            f"This is no address of a PostgreSQL database. {KEPT}",
            hint="It looks like postgresql://user:password@host:5432/name.",
        ) from None


def _columns(connection: psycopg.Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute(
        "SELECT table_name, column_name, CASE WHEN data_type = 'USER-DEFINED' THEN udt_name ELSE data_type END "
        "FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
        "WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position"
    ).fetchall()
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _refuse_strangers(source: Source) -> None:
    if source.has("django_migrations"):
        raise InvalidInput(
            f"This is a database of this SoniqueBay, not of the first one. {KEPT}",
            hint="Move it with manage.py backup and manage.py restore.",
        )
    for table, columns in NEEDED.items():
        missing = columns - source.columns.get(table, {}).keys()
        if missing:
            what = f"no table {table}" if table not in source.columns else f"no column {table}.{min(missing)}"
            raise InvalidInput(f"This is no database of SoniqueBay: it has {what}. {KEPT}")


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip().splitlines() or ["no reason was given"])[0].removeprefix("connection failed: ")
