"""Statements about many rows at once: they travel by column, each as an array, and PostgreSQL puts them together."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

# Its sequence is looked up once, and not for each number.
NEXT = """
    WITH of AS MATERIALIZED (SELECT pg_get_serial_sequence(%(table)s, 'id')::regclass AS sequence)
    SELECT nextval(of.sequence) FROM of, generate_series(1, %(count)s)
"""
UNLIKE = re.compile(r"\\[ubfnrt]")
ESCAPED = re.compile(r'\\(?:u([0-9a-f]{4})|([bfnrt])|["\\])')
PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def execute(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What it returns, if it returns anything.

    The values travel beside the statement: written into it, PostgreSQL would have to find their ends again.
    """
    connection.ensure_connection()
    binding: Any = ServerBindingCursor
    make = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with make(binding(connection.connection)) as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def new_ids(table: str, count: int) -> list[int]:
    """Numbers for rows to come, so that what refers to them can be written with them."""
    if not count:
        return []
    return [number for (number,) in execute(NEXT, {"table": table, "count": count})]


class Record:
    """Rows of a statement, for its FROM: the names of their columns, and of which type each is."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.columns = {column: (f"{name}.{column}", kind.startswith("json")) for column, kind in columns.items()}
        arrays = ", ".join(f"%({name}.{column})s::{kind}[]" for column, kind in columns.items())
        self.text = f"unnest({arrays}) AS {name} ({', '.join(columns)})"

    def __str__(self) -> str:
        return self.text

    def of(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The values of these rows; what a row does not name is null."""
        return {
            name: array([_json(row.get(column)) for row in rows] if is_json else [row.get(column) for row in rows])
            for column, (name, is_json) in self.columns.items()
        }


def array(values: Iterable[object]) -> str:
    """As PostgreSQL reads it: JSON has other brackets, and other words for what cannot be printed."""
    text = _dumped(list(values))
    if UNLIKE.search(text):
        text = ESCAPED.sub(_plain, text)
    return f"{{{text[1:-1]}}}"


def _plain(escaped: re.Match[str]) -> str:
    number, letter = escaped.groups()
    return chr(int(number, 16)) if number else PLAIN[letter] if letter else escaped[0]


def _json(value: object) -> str | None:
    return None if value is None else _dumped(value)


def _dumped(value: object) -> str:
    try:
        # Some keys are words of an enumeration.
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        # A number too large for it may still be one for PostgreSQL, or for it to refuse.
        return json.dumps(value, ensure_ascii=False)
