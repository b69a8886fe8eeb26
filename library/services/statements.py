"""Statements about many rows at once: the rows travel as one JSON text, and PostgreSQL takes it apart."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from pydantic_core import to_json

# Its sequence is looked up once, and not for each number.
NEXT = """
    WITH of AS MATERIALIZED (SELECT pg_get_serial_sequence(%(table)s, 'id')::regclass AS sequence)
    SELECT nextval(of.sequence) FROM of, generate_series(1, %(count)s)
"""


def rows_as_json(rows: Sequence[Mapping[str, Any]]) -> str:
    return to_json(rows).decode()


def texts_as_json(texts: Iterable[str]) -> str:
    """For json_array_elements_text: faster than an array, which is written text by text."""
    return to_json(list(texts)).decode()


def execute(statement: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What it returns, if it returns anything."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def new_ids(table: str, count: int) -> list[int]:
    """Numbers for rows to come, so that what refers to them can be written with them."""
    if not count:
        return []
    return [number for (number,) in execute(NEXT, {"table": table, "count": count})]


def record(name: str, columns: Mapping[str, str]) -> str:
    """The rows of the parameter `rows` under this name, for a FROM."""
    typed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    return f"json_to_recordset(%(rows)s::json) AS {name} ({typed})"
