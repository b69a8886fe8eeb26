"""Keeps out of memory what libraries bring along for what this house does not do."""

import sys
from types import ModuleType


def leave_out_grip() -> None:
    """django-eventstream can speak to a proxy of its maker's (GRIP); nothing here does, and that needs 13 MB.

    It imports these three, makes the first's formats and hands each event to the second, which is told of no proxy.
    """
    formats, publishing = ModuleType("gripcontrol"), ModuleType("django_grip")
    formats.Channel = formats.HttpStreamFormat = _nothing  # type: ignore[attr-defined]
    publishing.publish = _nothing  # type: ignore[attr-defined]
    for module in (formats, publishing, ModuleType("jwt")):
        sys.modules.setdefault(module.__name__, module)


def _nothing(*_given: object, **_named: object) -> None:
    pass


def leave_out_tls() -> None:
    """Twisted goes without OpenSSL where there is none, and with it cryptography, another 5 MB."""
    sys.modules["OpenSSL"] = None  # type: ignore[assignment]  # so says the language: no such module
