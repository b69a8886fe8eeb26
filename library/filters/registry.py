"""Which filters and sorts a list knows, by the names that stand in an address."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from core.errors import InvalidInput

Row = TypeVar("Row", bound=Model)
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
LONGEST_VALUE = 500


@dataclass(frozen=True)
class Filter:
    """One thing by which a list can be narrowed."""

    name: str
    """what stands in an address: bpm, camelot, loved"""
    label: str | Promise
    parse: Callable[[str], Any]
    """reads the text of an address; raises ValueError or InvalidInput for what it cannot read"""
    apply: Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True)
class Sort:
    """One order in which a list can stand; the last column is unique, so that pages follow each other."""

    name: str
    label: str | Promise
    order: tuple[str, ...]
    """as core.pagination reads it"""
    joined: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    """joins what the order names and the rows themselves have not"""


Entry = TypeVar("Entry", Filter, Sort)


class Registry:
    """The filters and sorts of one kind of list; the sort that is declared first is the usual one."""

    def __init__(self, of: str, *own: Filter | Sort) -> None:
        self.of = of
        self._filters: dict[str, Filter] = {}
        self._sorts: dict[str, Sort] = {}
        self.register(*own)
        self._own = {entry.name for entry in own if isinstance(entry, Filter)}
        self._own_sorts = {entry.name for entry in own if isinstance(entry, Sort)}

    def register(self, *declared: Filter | Sort) -> None:
        """A name belongs to whoever came first."""
        for entry in declared:
            if not NAME.fullmatch(entry.name):
                raise ValueError(f"{entry.name!r} is no name for an address: small letters, digits and _ are.")
            known: dict[str, Any] = self._filters if isinstance(entry, Filter) else self._sorts
            if known.get(entry.name, entry) != entry:
                kind = "filter" if isinstance(entry, Filter) else "sort"
                raise ValueError(f"Two apps declare the {kind} {entry.name!r} of {self.of} lists.")
            known[entry.name] = entry

    def filters(self) -> list[Filter]:
        return sorted(self._filters.values(), key=lambda entry: entry.name)

    def sorts(self) -> list[Sort]:
        return sorted(self._sorts.values(), key=lambda entry: entry.name)

    def is_own(self, asked: Iterable[str], sort: str = "") -> bool:
        """Whether the answer hangs on the library's own tables alone: what others know changes without its knowing."""
        return set(asked) <= self._own and (not sort or sort in self._own_sorts)

    def narrowed(self, rows: QuerySet[Row], asked: Mapping[str, str]) -> QuerySet[Row]:
        """The rows that every filter asked for lets through."""
        for name, value in asked.items():
            found = _named(self._filters, name, "filter")
            rows = found.apply(rows, _parsed(found, value))
        return rows

    def joined(self, rows: QuerySet[Row], sort: str) -> QuerySet[Row]:
        """With what this order needs."""
        join = self.sort_named(sort).joined
        return join(rows) if join else rows

    def sort_named(self, name: str) -> Sort:
        """The usual sort where no name is given."""
        if not name and self._sorts:
            return next(iter(self._sorts.values()))
        return _named(self._sorts, name, "sort")


def _named(known: Mapping[str, Entry], name: str, kind: str) -> Entry:
    found = known.get(name)
    if found is None:
        names = ", ".join(sorted(known)) or "none yet"
        raise InvalidInput(f"There is no {kind} called {name[:40]!r}.", hint=f"Known: {names}.", field=kind)
    return found


def _parsed(found: Filter, value: str) -> Any:
    try:
        if len(value) > LONGEST_VALUE or "\x00" in value:
            raise ValueError
        value.encode()
        return found.parse(value)
    except InvalidInput as error:
        raise InvalidInput(error.message, hint=error.hint, field=found.name) from None
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        raise InvalidInput(f"{found.name} cannot be {value[:40]!r}.", field=found.name) from None
