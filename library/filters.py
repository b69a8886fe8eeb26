"""Filters and sorts of track lists: the library's own, and those that apps above add from their filters.py at start.

An upper app declares them and hands them over in its AppConfig.ready: `register_filters(*FILTERS)`. What a look-up
may touch is decided there, by code; a request only names a filter and gives it a text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.functional import Promise

from core.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_VALUE = 500


@dataclass(frozen=True)
class TrackFilter:
    """One thing by which a list of tracks can be narrowed."""

    name: str
    """what stands in an address: bpm, camelot, loved"""
    label: str | Promise
    parse: Callable[[str], Any]
    """reads the text of an address; raises ValueError or InvalidInput for what it cannot read"""
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True)
class TrackSort:
    """One order in which a list of tracks can stand; the last column is unique, so that pages follow each other."""

    name: str
    label: str | Promise
    order: tuple[str | OrderBy, ...]


_filters: dict[str, TrackFilter] = {}
_sorts: dict[str, TrackSort] = {}


def register_filters(*declared: TrackFilter | TrackSort) -> None:
    """Called by each app's AppConfig.ready with what its filters.py declares; a name belongs to whoever came first."""
    for entry in declared:
        if not NAME.fullmatch(entry.name):
            raise ValueError(f"{entry.name!r} is no name for an address: small letters, digits and _ are.")
        registry: dict[str, Any] = _filters if isinstance(entry, TrackFilter) else _sorts
        if registry.get(entry.name, entry) != entry:
            raise ValueError(f"Two apps declare the {_kind(entry)} {entry.name!r} of track lists.")
        registry[entry.name] = entry


def track_filters() -> list[TrackFilter]:
    return sorted(_filters.values(), key=lambda entry: entry.name)


def track_sorts() -> list[TrackSort]:
    return sorted(_sorts.values(), key=lambda entry: entry.name)


def narrowed(rows: QuerySet[Row], asked: Mapping[str, str]) -> QuerySet[Row]:
    """The rows that every filter asked for lets through."""
    for name, value in asked.items():
        found = _named(_filters, name, "filter")
        rows = found.apply(rows, _parsed(found, value))
    return rows


def sort_named(name: str) -> TrackSort:
    return _named(_sorts, name, "sort")


Entry = TypeVar("Entry", TrackFilter, TrackSort)


def _named(registry: Mapping[str, Entry], name: str, kind: str) -> Entry:
    found = registry.get(name)
    if found is None:
        known = ", ".join(sorted(registry)) or "none yet"
        raise InvalidInput(f"There is no {kind} called {name[:40]!r}.", hint=f"Known: {known}.", field=kind)
    return found


def _parsed(found: TrackFilter, value: str) -> Any:
    try:
        if len(value) > LONGEST_VALUE or "\x00" in value:
            raise ValueError
        value.encode()
        return found.parse(value)
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, field=found.name) from None
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise InvalidInput(f"{found.name} cannot be {value[:40]!r}.", field=found.name) from None


def _kind(entry: TrackFilter | TrackSort) -> str:
    return "filter" if isinstance(entry, TrackFilter) else "sort"
