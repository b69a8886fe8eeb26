"""Makes and recognises secrets that are handed out once: API tokens and invitations; only digests are kept."""

import hashlib
import secrets

PREFIX = "sbay"


def new_token(scope: str) -> str:
    """256 random bits behind a prefix that secret scanners and people recognise."""
    return f"{PREFIX}_{scope}_{secrets.token_urlsafe(32)}"


def new_link() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """A plain hash is enough for what is random already; slow hashes are for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()
