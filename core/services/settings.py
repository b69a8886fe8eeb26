"""Choices made in the web; secrets are encrypted on the way in."""

from typing import Any

from core.encryption import encrypt
from core.models import Setting


def write_setting(*, key: str, value: Any) -> None:
    Setting.objects.update_or_create(key=key, defaults={"value": value, "secret": None})


def write_secret_setting(*, key: str, secret: str) -> None:
    """An empty secret forgets the old one."""
    if secret:
        Setting.objects.update_or_create(key=key, defaults={"value": None, "secret": encrypt(secret)})
    else:
        Setting.objects.filter(key=key).delete()
