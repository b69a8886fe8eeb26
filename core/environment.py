"""Typed reading of environment variables: a wrong value is one clear sentence, never a surprise later.

Every variable NAME may also be given as NAME_FILE, a file that holds the value (Docker secrets, systemd credentials).
When a stack of our own is running, its addresses are found in SONIQUEBAY_HOME/run/servers.json, so that
`bin/manage` talks to the servers that `bin/up` started.
"""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

TRUE = {"1", "true", "yes", "on"}
OTHER_HOME = "For a bin/up --home DIR, set SONIQUEBAY_HOME=DIR."
FALSE = {"0", "false", "no", "off", ""}


class BadVariable(Exception):
    """A variable that cannot be understood; the sentence names it, its value and what is expected."""


def home() -> Path:
    """Where this installation keeps its data."""
    given = os.environ.get("SONIQUEBAY_HOME")
    if given:
        return Path(given).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return (Path(data).expanduser() / "soniquebay").absolute()


def _from_file(name: str) -> str | None:
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return None
    value = _read(path, f"{name}_FILE={path}")
    if not value:
        raise BadVariable(f"{name}_FILE={path} is empty.")
    return value


def _read(path: str | Path, what: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadVariable(f"{what} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadVariable(f"{what} is not a text file.") from error


def _from_running_servers(name: str) -> str | None:
    try:
        servers = json.loads((home() / "run" / "servers.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    value = servers.get(name) if isinstance(servers, dict) else None
    return value if isinstance(value, str) else None


def optional(name: str) -> str | None:
    """The variable, its file, or what the running stack says; None when nobody says anything."""
    value = os.environ.get(name)
    if value:
        return value
    return _from_file(name) or _from_running_servers(name)


def text(name: str, default: str) -> str:
    return optional(name) or default


def required(name: str, hint: str) -> str:
    value = optional(name)
    if not value:
        raise BadVariable(f"{name} is not set. {hint}")
    return value


def secret(name: str, file_name: str) -> str:
    """A secret from the environment, or from the file that `bin/up` made in the home's folder of secrets."""
    value = optional(name)
    if value:
        return value
    path = home() / "secrets" / file_name
    value = _read(path, str(path)) if path.is_file() else ""
    if not value:
        raise BadVariable(
            f"{name} is not set. Set it or {name}_FILE, or start once with bin/up, which makes {path}. {OTHER_HOME}"
        )
    return value


def whole(name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
    value = optional(name)
    if value is None:
        return default
    try:
        number = int(value)
    except ValueError:
        raise BadVariable(f"{name}={value!r} is not a whole number.") from None
    if least is not None and number < least:
        raise BadVariable(f"{name}={number} must be at least {least}.")
    if most is not None and number > most:
        raise BadVariable(f"{name}={number} must be at most {most}.")
    return number


def choice(name: str, default: str, *, options: tuple[str, ...]) -> str:
    """One of a few words, however it is capitalised."""
    value = text(name, default)
    for option in options:
        if option.lower() == value.lower():
            return option
    raise BadVariable(f"{name}={value!r} is none of {', '.join(options)}.")


def switch(name: str, *, default: bool) -> bool:
    value = optional(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise BadVariable(f"{name}={value!r} is neither yes nor no.")


def words(name: str, default: list[str]) -> list[str]:
    """A list separated by commas."""
    value = optional(name)
    if value is None:
        return default
    return [word.strip() for word in value.split(",") if word.strip()]


def address(name: str, *, schemes: tuple[str, ...], hint: str) -> str:
    """A URL of one of the given schemes."""
    value = required(name, hint)
    if value.split("://", 1)[0] not in schemes:
        raise BadVariable(f"{name} must begin with {' or '.join(scheme + '://' for scheme in schemes)}. {hint}")
    try:
        urlsplit(value).port  # noqa: B018 (it is read in order to be checked)
    except ValueError:
        # The address itself is not repeated: there may be a password in it.
        raise BadVariable(f"{name} holds a port or a host that cannot be. {hint}") from None
    return value


def secret_file(file_name: str) -> str:
    """A token that an earlier start has kept, from NAME_FILE or the home's folder of secrets; empty if none."""
    path = Path(os.environ.get(f"{file_name.upper()}_FILE") or home() / "secrets" / file_name)
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""
