"""Keyset pages for every list, and the page/page_size envelope where a public contract asks for it."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Field, Model, Q, QuerySet

from core.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
MOST = 200
LONGEST = 4000


@dataclass(frozen=True)
class KeysetPage(Generic[Row]):
    """Some rows, and where the next page begins; a deep page costs what the first one costs."""

    items: list[Row]
    next_cursor: str | None


def keyset_page(rows: QuerySet[Row], *, order: Sequence[str], cursor: str | None, size: int) -> KeysetPage[Row]:
    """The page after `cursor`; `order` names columns ("-queued_at", "-id"), the last one unique."""
    if not 1 <= size <= MOST:
        raise InvalidInput(f"A page holds 1 to {MOST} items.", field="size")
    rows = rows.order_by(*order)
    if cursor:
        rows = rows.filter(_after(order, _decode(cursor, order, rows.model)))
    found = list(rows[: size + 1])
    more = len(found) > size
    items = found[:size]
    return KeysetPage(items=items, next_cursor=_encode(items[-1], order) if more else None)


def _after(order: Sequence[str], values: list[Any]) -> Q:
    """(a, b) > (x, y), written out so that mixed directions work too."""
    condition = Q()
    equal = Q()
    for name, value in zip(order, values, strict=True):
        column, operator = (name[1:], "lt") if name.startswith("-") else (name, "gt")
        condition |= equal & Q(**{f"{column}__{operator}": value})
        equal &= Q(**{column: value})
    return condition


def _encode(row: Model, order: Sequence[str]) -> str:
    values = [_plain(getattr(row, name.lstrip("-"))) for name in order]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | None) else str(value)


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.get_field(name.lstrip("-"))
    if not isinstance(field, Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field


def _usable(value: Any) -> Any:
    """What PostgreSQL can compare: nothing is neither before nor after, and a time without a zone is no moment."""
    if value is None or (isinstance(value, datetime) and value.tzinfo is None):
        raise TypeError
    if isinstance(value, str):
        value.encode()
        if "\x00" in value:
            raise ValueError
    return value


def _decode(cursor: str, order: Sequence[str], model: type[Model]) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor[:LONGEST] + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            raise TypeError
        pairs = zip(order, values, strict=True)
        return [_usable(_column(model, name).to_python(value)) for name, value in pairs]
    except (binascii.Error, ValueError, TypeError, OverflowError, RecursionError, ValidationError):
        raise InvalidInput(
            "This cursor is not one of ours.", hint="Begin again without a cursor.", field="cursor"
        ) from None
