"""What runs beside control, in threads of its own, for as long as control runs; apps register it when they start."""

import threading
from collections.abc import Callable

Companion = Callable[[threading.Event], None]
"""is given an event that is set when it should end"""

_companions: dict[str, Companion] = {}


def register_companion(name: str, run: Companion) -> None:
    _companions[name] = run


def companions() -> dict[str, Companion]:
    return dict(_companions)
