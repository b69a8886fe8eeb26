"""Encrypts the secrets that settings hold, with a key that lives outside the database and its backups."""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from core.errors import Unavailable


@cache
def _cipher() -> MultiFernet:
    """The first key encrypts; older ones, after a comma, still decrypt."""
    return MultiFernet([Fernet(key.strip()) for key in settings.ENCRYPTION_KEYS])


def encrypt(text: str) -> bytes:
    return _cipher().encrypt(text.encode())


def decrypt(data: bytes) -> str:
    try:
        return _cipher().decrypt(data).decode()
    except InvalidToken:
        raise Unavailable(
            "A stored secret cannot be read with the present encryption key.",
            hint="Put the old ENCRYPTION_KEY back (several are separated by commas), or enter the secret anew.",
        ) from None
