"""Keyset pages for every list, and the page/page_size envelope where a public contract asks for it.

An order names columns ("sort_title", "-id", "album__year" of a related row), the last of them unique. Rows that have no
value in a column stand behind those that have one, in both directions.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, F, Field, Func, Model, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.fields.reverse_related import OneToOneRel
from django.db.models.lookups import GreaterThan, LessThan

from core.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
MOST = 200
LONGEST = 4000
LAST_PAGE = 1_000_000


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows, and where the next page begins; a deep page costs what the first one costs."""

    items: list[Row]
    next_cursor: str | None


@dataclass(frozen=True)
class NumberedPage(Generic[Row]):
    """A page by its number, as older public contracts count."""

    items: list[Row]
    total: int
    page: int
    page_size: int

    @property
    def pages(self) -> int:
        return ceil(self.total / self.page_size)


def keyset_page(rows: QuerySet[Row], *, order: Sequence[str], cursor: str | None, size: int) -> KeysetPage[Row]:
    """The page after `cursor`."""
    if not 1 <= size <= MOST:
        raise InvalidInput(f"A page holds 1 to {MOST} items.", field="size")
    columns = [Column.of(rows, name) for name in order]
    after = _decode(cursor, columns) if cursor else None
    found = _found(rows, columns, after, size + 1)
    items = found[:size]
    return KeysetPage(items=items, next_cursor=_encode(items[-1], columns) if len(found) > size else None)


def numbered_page(
    rows: QuerySet[Row], *, order: Sequence[str], page: int, page_size: int, total: int
) -> NumberedPage[Row]:
    """The page of that number; rows before it are counted in an index, and not read."""
    if not 1 <= page <= LAST_PAGE:
        raise InvalidInput(f"Pages are numbered from 1 to {LAST_PAGE}.", field="page")
    if not 1 <= page_size <= MOST:
        raise InvalidInput(f"A page holds 1 to {MOST} items.", field="page_size")
    ordered = in_order(rows, order)
    first = (page - 1) * page_size
    keys = list(ordered.values_list("pk", flat=True)[first : first + page_size])
    items = list(ordered.filter(pk__in=keys)) if keys else []
    return NumberedPage(items=items, total=total, page=page, page_size=page_size)


def cursor_behind(row: Model, order: Sequence[str]) -> str:
    """Of the page that begins after this row."""
    return _encode(row, [Column.of(type(row)._default_manager.all(), name) for name in order])


def in_order(rows: QuerySet[Row], order: Sequence[str]) -> QuerySet[Row]:
    return rows.order_by(*[Column.of(rows, name).ordering for name in order])


@dataclass(frozen=True)
class Column:
    """One of an order: where its value stands, in which direction, and whether there may be none."""

    path: str
    falling: bool
    field: "Field[Any, Any]"
    optional: bool

    @classmethod
    def of(cls, rows: "QuerySet[Any]", name: str) -> "Column":
        """Of the table, of one that it leads to, or of what was joined to these rows."""
        path, model = name.removeprefix("-"), rows.model
        if path in rows.query.annotations:
            return cls(path, name.startswith("-"), rows.query.annotations[path].output_field, optional=True)
        *relations, last = path.split("__")
        optional = False
        for relation in relations:
            link = _link(model, relation)
            optional = optional or link.null
            model = link.related_model
        field = _field(model, last)
        return cls(path, name.startswith("-"), field, optional or field.null)

    @property
    def ordering(self) -> "str | OrderBy":
        """Where nothing can be missing it is left unsaid, so that indexes as they usually are fit."""
        if not self.falling:
            return self.path
        return F(self.path).desc(nulls_last=True) if self.optional else f"-{self.path}"

    def value_of(self, row: Model) -> Any:
        value: Any = row
        for part in self.path.split("__"):
            value = getattr(value, part, None)
        return value

    def behind(self, value: Any) -> Q:
        if value is None:
            return Q(pk__in=[])
        further = Q(**{f"{self.path}__{'lt' if self.falling else 'gt'}": value})
        return further | Q(**{f"{self.path}__isnull": True}) if self.optional else further

    def at(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def not_before(self, value: Any) -> Q:
        return Q(**{f"{self.path}__{'lte' if self.falling else 'gte'}": value})


def _link(model: type[Model], name: str) -> Any:
    """To one row of another table, also of one that names this one, where there may be none."""
    link = model._meta.get_field(name)
    return link if isinstance(link, OneToOneRel) else _field(model, name)


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name)
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field


class _Together(Func):
    """Several values that are compared as one: (a, b) > (x, y) is what an index can be entered by."""

    function = "ROW"
    output_field = BooleanField()


def _found(rows: QuerySet[Row], columns: list[Column], after: list[Any] | None, most: int) -> list[Row]:
    first, rest = columns[0], columns[1:]
    if not first.optional:
        return list(_behind(rows, columns, after)[:most])
    # Those with a value and those without one are two stretches of the same index.
    found: list[Row] = []
    if after is None or after[0] is not None:
        full = rows.filter(**{f"{first.path}__isnull": False})
        found = list(_behind(full, [replace(first, optional=False), *rest], after)[:most])
        after = None
    if len(found) < most:
        empty = rows.filter(**{f"{first.path}__isnull": True})
        found += _behind(empty, rest, after and after[1:])[: most - len(found)]
    return found


def _behind(rows: QuerySet[Row], columns: list[Column], after: list[Any] | None) -> QuerySet[Row]:
    rows = rows.order_by(*[column.ordering for column in columns])
    if after is None:
        return rows
    if _are_one_key(columns):
        compare: type[GreaterThan | LessThan] = LessThan if columns[0].falling else GreaterThan
        ours = _Together(*[F(column.path) for column in columns])
        return rows.filter(
            compare(ours, _Together(*[Value(value, column.field) for value, column in _pairs(after, columns)]))
        )
    return rows.filter(columns[0].not_before(after[0]), _after(columns, after))


def _pairs(after: list[Any], columns: list[Column]) -> list[tuple[Any, Column]]:
    return list(zip(after, columns, strict=True))


def _are_one_key(columns: list[Column]) -> bool:
    """Whether an index over them can be: columns of one table, all in one direction, none empty."""
    plain = not any("__" in column.path or column.optional for column in columns)
    return plain and len({column.falling for column in columns}) == 1


def _after(columns: list[Column], values: list[Any]) -> Q:
    """(a, b) > (x, y), written out so that mixed directions work too."""
    condition = Q()
    equal = Q()
    for value, column in _pairs(values, columns):
        condition |= equal & column.behind(value)
        equal &= column.at(value)
    return condition


def _encode(row: Model, columns: list[Column]) -> str:
    values = [_plain(column.value_of(row)) for column in columns]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) else str(value)


def _usable(value: Any, column: Column) -> Any:
    """What PostgreSQL can compare: a time without a zone is no moment."""
    if value is None and column.optional:
        return None
    value = column.field.to_python(value)
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise TypeError
    if isinstance(value, str):
        value.encode()
        if "\x00" in value:
            raise ValueError
    return value


def _decode(cursor: str, columns: list[Column]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise TypeError
        return [_usable(value, column) for value, column in _pairs(values, columns)]
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        raise InvalidInput(
            "This cursor is not one of ours.", hint="Begin again without a cursor.", field="cursor"
        ) from None
