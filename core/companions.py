"""What runs beside control, in threads of its own, for as long as control runs; apps register it when they start."""

import threading
from collections.abc import Callable

from django.utils.module_loading import import_string

Companion = Callable[[threading.Event], None]
"""is given an event that is set when it should end"""

_places: dict[str, str] = {}


def register_companion(name: str, place: str) -> None:
    """Where it is, and not itself: only control needs its code."""
    _places[name] = place


def companions() -> dict[str, Companion]:
    return {name: import_string(place) for name, place in _places.items()}
