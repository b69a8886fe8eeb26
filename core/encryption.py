"""Encrypts the secrets that settings hold, with a key that lives outside the database and its backups."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from core.errors import Unavailable

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


KEY_BYTES = 32


@cache
def _cipher() -> MultiFernet:
    """The first key encrypts; older ones, after a comma, still decrypt."""
    # Eight megabytes, for which a house that holds no secret of others has no use.
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(key.strip()) for key in settings.ENCRYPTION_KEYS])


def is_key(text: str) -> bool:
    try:
        return len(urlsafe_b64decode(text.strip())) == KEY_BYTES
    except ValueError:
        return False


def encrypt(text: str) -> bytes:
    return _cipher().encrypt(text.encode())


def decrypt(data: bytes) -> str:
    from cryptography.fernet import InvalidToken

    try:
        return _cipher().decrypt(data).decode()
    except InvalidToken:
        raise Unavailable(
            "A stored secret cannot be read with the present encryption key.",
            hint="Put the old ENCRYPTION_KEY back (several are separated by commas), or enter the secret anew.",
        ) from None
