"""The folder that holds everything of one installation: secrets, databases, logs, and what runs now."""

import base64
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from soniquebay.embedded.problems import CannotStart, cannot_write

FOLDERS = ("secrets", "postgres", "redis", "media", "demo", "backups", "logs", "run")
# The environment lies here when the checkout is read-only.
OTHER_NAMES = {"static", "venv", "venv.log", "venv.lock", "lost+found"}
LOG_LIMIT_BYTES = 5 * 1024 * 1024


def _text_of_random_bits() -> str:
    return os.urandom(32).hex()


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


SECRETS: dict[str, Callable[[], str]] = {
    "secret_key": _text_of_random_bits,
    "encryption_key": _fernet_key,
    "database_password": _text_of_random_bits,
    "redis_password": _text_of_random_bits,
}


def write_private(path: Path, content: str) -> None:
    """Writes a file of mode 0600 that is either the old one or the whole new one, also after a power cut."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise cannot_write(path.parent, error) from error


class Home:
    """Knows where things lie in the home, and makes what is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.secrets = self.path / "secrets"
        self.run = self.path / "run"
        self.servers_file = self.run / "servers.json"

    def make(self) -> None:
        """Makes the folders (mode 0700) and the secrets; what exists is kept."""
        self._refuse_foreign_folder()
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            for name in FOLDERS:
                (self.path / name).mkdir(exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
            self.secrets.chmod(0o700)
        except OSError as error:
            raise cannot_write(self.path, error) from error
        for name in SECRETS:
            self.secret(name)

    def _refuse_foreign_folder(self) -> None:
        """A home closes itself to others and fills up: nobody wants that to happen to the music folder."""
        try:
            names = {entry.name for entry in self.path.iterdir()}
        except FileNotFoundError:
            return
        except NotADirectoryError:
            raise CannotStart(f"{self.path} is a file; --home needs a folder.") from None
        except OSError as error:
            raise cannot_write(self.path, error) from error
        foreign = sorted(names - set(FOLDERS) - OTHER_NAMES)
        if foreign and "secrets" not in names:
            raise CannotStart(
                f"{self.path} already holds other things ({foreign[0]}, …); nothing was changed. "
                "Give --home an empty or a new folder."
            )

    def secret(self, name: str) -> str:
        """A secret of ours, made on first use."""
        kept = self.kept_secret(name)
        if kept is None:
            kept = SECRETS[name]()
            self.keep_secret(name, kept)
        return kept

    def kept_secret(self, name: str) -> str | None:
        try:
            return self.secret_file(name).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotStart(
                f"{self.secret_file(name)} cannot be read ({error.strerror}); "
                "start with the account that this home belongs to."
            ) from error

    def keep_secret(self, name: str, value: str) -> None:
        self.secrets.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self.secret_file(name), f"{value}\n")

    def secret_file(self, name: str) -> Path:
        return self.secrets / name

    def note(self, name: str) -> str | None:
        """A small fact that outlives a process, such as the port that was free last time."""
        try:
            return (self.run / name).read_text(encoding="utf-8").strip() or None
        except OSError:
            return None

    def keep_note(self, name: str, value: str) -> None:
        self.run.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self.run / name, f"{value}\n")

    def announce(self, servers: Mapping[str, str | int]) -> None:
        """Tells `bin/manage` and a second `bin/up` what runs and where."""
        write_private(self.servers_file, json.dumps(dict(servers), indent=1) + "\n")

    def announced(self) -> dict[str, str | int]:
        try:
            servers = json.loads(self.servers_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return servers if isinstance(servers, dict) else {}

    def withdraw(self) -> None:
        self.servers_file.unlink(missing_ok=True)

    def log(self, name: str) -> Path:
        folder = self.path / "logs"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / f"{name}.log"

    def open_log(self, name: str) -> int:
        """A descriptor to hand to a process, which can then write where it could not open."""
        path = self.log(name)
        keep_small(path)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def keep_small(path: Path) -> None:
    """Moves a large log's content aside; processes append, so they go on at the new beginning."""
    try:
        if path.stat().st_size < LOG_LIMIT_BYTES:
            return
        older = path.with_name(f"{path.name}.1")
        older.unlink(missing_ok=True)
        with path.open("rb") as source, open(os.open(older, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
        os.truncate(path, 0)
    except FileNotFoundError:
        return
    except OSError:
        # A full disk is exactly when a log should shrink rather than be kept.
        os.truncate(path, 0)
