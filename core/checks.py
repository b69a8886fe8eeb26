"""What a self-hoster gets wrong, said at start with a hint."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core.encryption import is_key

VECTOR_COLUMNS = 512


def register_checks() -> None:
    """Called once at start."""
    for check in (embedding_dimension, encryption_keys, home_writable, music_folder, debugging):
        register(check)


def embedding_dimension(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.EMBEDDING_DIMENSION == VECTOR_COLUMNS:
        return []
    return [
        Error(
            f"EMBEDDING_DIMENSION is {settings.EMBEDDING_DIMENSION}, but vectors here have {VECTOR_COLUMNS} parts.",
            hint=f"Remove the variable, or set it to {VECTOR_COLUMNS}; encoders cut longer vectors to that.",
            id="soniquebay.E001",
        )
    ]


def encryption_keys(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if all(is_key(key) for key in settings.ENCRYPTION_KEYS):
        return []
    return [
        Error(
            "ENCRYPTION_KEY is not a key.",
            hint="It is 32 bytes in URL-safe base64; bin/up makes one. Several: commas, newest first.",
            id="soniquebay.E002",
        )
    ]


def home_writable(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return [
            Error(
                f"{settings.MEDIA_ROOT} cannot be made: {error.strerror}.",
                hint="Give this user the folder, or set SONIQUEBAY_HOME to one that it may write.",
                id="soniquebay.E003",
            )
        ]
    return []


def music_folder(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.MUSIC_DIR or Path(settings.MUSIC_DIR).is_dir():
        return []
    return [
        Warning(
            f"MUSIC_DIR={settings.MUSIC_DIR} is not a folder that can be seen from here.",
            hint="Mount it, or correct the path; what is known of its music is kept meanwhile.",
            id="soniquebay.W001",
        )
    ]


def debugging(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.DEBUG:
        return []
    return [
        Warning(
            "DEBUG is on: whoever meets an error is shown the inside of this installation.",
            hint="Remove DEBUG, unless this machine is yours alone.",
            id="soniquebay.W002",
        )
    ]
