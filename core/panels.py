"""Pieces of pages that apps add to pages of apps below them: panels in places, columns in tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.safestring import SafeString

Fill = Callable[[HttpRequest, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A template that stands in a place of somebody else's page, and what fills it."""

    name: str
    place: str
    """home, artist, album, track, genre; library (the head of its lists), job (beside a running one)"""
    template: str
    fill: Fill
    """gives what the template shows, from the request and what the page is about; None: nothing to show today"""
    order: int = 100


_panels: dict[str, Panel] = {}
_modules: list[str] = []


def register_module(name: str) -> None:
    """Of a module with PANELS, and perhaps COLUMNS; imported for the first page, which not every process makes."""
    _modules.append(name)


def load() -> None:
    """Imports what is registered; whoever serves pages does so at its start, others with the first one."""
    while _modules:
        module = import_module(_modules.pop(0))
        register(*module.PANELS)
        register_columns(*getattr(module, "COLUMNS", ()))


def register(*panels: Panel) -> None:
    """A second panel of the same name takes the place of the first."""
    for panel in panels:
        _panels[panel.name] = panel


def panels_of(place: str) -> list[Panel]:
    """From top to bottom."""
    load()
    found = (panel for panel in _panels.values() if panel.place == place)
    return sorted(found, key=lambda panel: (panel.order, panel.name))


@dataclass(frozen=True)
class Column:
    """One more column of a table, with what stands in the row of each subject, by its number."""

    label: str | Promise
    css: str
    cells: Mapping[int, SafeString | str]

    def cell(self, number: int) -> SafeString | str:
        return self.cells.get(number, "")


Columns = Callable[[HttpRequest, Sequence[Any]], Sequence[Column]]


@dataclass(frozen=True)
class ColumnSet:
    """Columns that an app adds to somebody else's table: asked once for all of its rows."""

    name: str
    place: str
    """album (the tracks of one), tracks (lists of them)"""
    fill: Columns
    order: int = 100


_columns: dict[str, ColumnSet] = {}


def register_columns(*sets: ColumnSet) -> None:
    """As `register` does for panels."""
    for entry in sets:
        _columns[entry.name] = entry


def columns_of(place: str, request: HttpRequest, rows: Sequence[Any]) -> list[Column]:
    """From left to right."""
    load()
    found = sorted(
        (entry for entry in _columns.values() if entry.place == place), key=lambda entry: (entry.order, entry.name)
    )
    return [column for entry in found for column in entry.fill(request, rows)]
