"""Copies rows from one server to another as they come, and compares what arrived with what was sent."""

from collections.abc import Callable, Iterable, Sequence

import psycopg
from psycopg import sql

from core.backups.progress import Progress
from core.errors import InvalidInput
from library.services.importing.source import Source
from library.services.importing.tables import Copied

LEFTOVERS = ("entity", "entity_id", "field", "kind", "value")


def copy_table(source: Source, new: psycopg.Connection, copied: Copied, progress: Progress) -> int:
    """How many rows; constant memory, because each goes on before the next comes."""
    step, total = f"Copying {copied.table.replace('_', ' ')}", source.count(f"SELECT count(*) FROM ({copied.query}) q")
    done = stream(
        source.connection, copied.query, new, copied.table, copied.columns, lambda done: progress(step, done, total)
    )
    progress(step, done, total)
    return done


def stream(
    read_from: psycopg.Connection,
    query: str,
    write_to: psycopg.Connection,
    table: str,
    columns: Sequence[str],
    told: Callable[[int], object] = lambda done: None,
) -> int:
    """From any query into a table; the text of values is the same on every version of the server."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    done = 0
    with (
        read_from.cursor() as reading,
        write_to.cursor() as writing,
        reading.copy(f"COPY ({query}) TO STDOUT") as rows,
        writing.copy(into) as target,
    ):
        for row in rows:
            target.write(row)
            done += 1
            if done % 500 == 0:
                told(done)
    return done


def keep_oddities(source: Source, new: psycopg.Connection, queries: Iterable[str], progress: Progress) -> None:
    for number, query in enumerate(queries, start=1):
        progress("Noting oddities", number)
        stream(source.connection, query, new, "split_leftovers", LEFTOVERS)


class Comparison:
    """Count and a sum over the text of all rows, made by both servers; what is there already is subtracted."""

    def __init__(self, source: Source, new: psycopg.Connection, tables: Sequence[Copied]) -> None:
        self.source, self.new, self.tables = source, new, tables
        self.before = [self._arrived(copied) for copied in tables]

    def finish(self, progress: Progress) -> None:
        for number, (copied, before) in enumerate(zip(self.tables, self.before, strict=True)):
            progress("Comparing", number, len(self.tables))
            sent, after = _sum(self.source.connection, copied.query), self._arrived(copied)
            rows, values = after[0] - before[0], after[1] - before[1]
            if sent != (rows, values):
                raise InvalidInput(
                    f"The table {copied.table} did not arrive as it was: {rows:,} rows of {sent[0]:,}"
                    f"{', with other values' if rows == sent[0] else ''}. Nothing was changed.",
                    hint="Try again; if it happens twice, please report it.",
                )
        progress("Comparing", len(self.tables), len(self.tables))

    def _arrived(self, copied: Copied) -> tuple[int, int]:
        columns = ", ".join(f'"{column}"' for column in copied.columns)
        return _sum(self.new, f'SELECT {columns} FROM "{copied.table}"')


def _sum(connection: psycopg.Connection, query: str) -> tuple[int, int]:
    row = connection.execute(
        f"SELECT count(*), coalesce(sum(hashtextextended(q::text, 0)::numeric), 0) FROM ({query}) q"
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def rewind(connection: psycopg.Connection, tables: Iterable[str]) -> None:
    """New rows get ids after the highest that came."""
    for table in tables:
        row = connection.execute("SELECT pg_get_serial_sequence(quote_ident(%s), 'id')", [table]).fetchone()
        if row and row[0]:
            words = "SELECT setval(%s, coalesce(max(id), 1), count(*) > 0) FROM {}"
            connection.execute(sql.SQL(words).format(sql.Identifier(table)), [row[0]])
