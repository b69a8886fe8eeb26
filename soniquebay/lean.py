"""Keeps out of memory what libraries bring along for what this house does not do."""

import sys
from types import ModuleType


def leave_out_grip() -> None:
    """django-eventstream can speak to a proxy of its maker's (GRIP); nothing here does, and that needs 13 MB.

    It imports these two at its start and uses them for that alone.
    """
    grip = ModuleType("gripcontrol")
    grip.Channel = grip.HttpStreamFormat = None  # type: ignore[attr-defined]
    for module in (grip, ModuleType("jwt")):
        sys.modules.setdefault(module.__name__, module)


def leave_out_tls() -> None:
    """Twisted goes without OpenSSL where there is none, and with it cryptography, another 5 MB."""
    sys.modules["OpenSSL"] = None  # type: ignore[assignment]  # so says the language: no such module
