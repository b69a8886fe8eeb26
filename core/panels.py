"""Pieces of pages that apps add to pages of apps below them: home, an artist, an album, a track."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

Fill = Callable[[HttpRequest, Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A template that stands in a place of somebody else's page, and what fills it."""

    name: str
    place: str
    """home, artist, album, track, genre"""
    template: str
    fill: Fill
    """gives what the template shows, from the request and what the page is about; None: nothing to show today"""
    order: int = 100


_panels: dict[str, Panel] = {}


def register(*panels: Panel) -> None:
    """Called by each app's AppConfig.ready; a second panel of the same name takes the place of the first."""
    for panel in panels:
        _panels[panel.name] = panel


def panels_of(place: str) -> list[Panel]:
    """From top to bottom."""
    found = (panel for panel in _panels.values() if panel.place == place)
    return sorted(found, key=lambda panel: (panel.order, panel.name))
