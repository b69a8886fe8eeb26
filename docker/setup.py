"""Prepares the containers, each time they are brought up; what exists is kept.

`secrets` runs before the stores and makes what they and everybody else need to know; `library` runs once they answer,
brings the database up to date and hands the worker its token. Only the standard library is used.
"""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

SECRETS = Path("/data/secrets")
"""of the web and control alone: they sign and encrypt"""
STORES = Path("/stores")
"""of the stores and those that use them"""
WORKER = Path("/worker")
"""all that a worker may know"""

REDIS_CONF = """\
requirepass {password}
dir /data
appendonly no
save 300 1
save 60 1000
maxmemory 64mb
maxmemory-policy volatile-lru
client-output-buffer-limit pubsub 8mb 2mb 60
"""


def main() -> int:
    what = sys.argv[1:]
    if what == ["secrets"]:
        make_secrets()
        return 0
    if what == ["library"]:
        return prepare_library()
    sys.stderr.write("usage: setup.py secrets|library\n")
    return 2


def make_secrets() -> None:
    SECRETS.mkdir(mode=0o700, exist_ok=True)
    keep(SECRETS / "secret_key", os.urandom(32).hex(), mode=0o600)
    keep(SECRETS / "encryption_key", base64.urlsafe_b64encode(os.urandom(32)).decode(), mode=0o600)
    # The stores' images read theirs with accounts of their own; nobody else has this volume.
    database = keep(STORES / "database_password", os.urandom(32).hex(), mode=0o444)
    redis = keep(STORES / "redis_password", os.urandom(32).hex(), mode=0o444)
    keep(STORES / "redis.conf", REDIS_CONF.format(password=redis), mode=0o444)
    keep(STORES / "database_url", f"postgresql://soniquebay:{database}@db:5432/soniquebay", mode=0o444)
    keep(STORES / "redis_url", f"redis://:{redis}@redis:6379/0", mode=0o444)
    keep(WORKER / "broker_url", f"redis://:{redis}@redis:6379/0", mode=0o444)


def keep(path: Path, content: str, *, mode: int) -> str:
    """What the file held before, else this; written whole or not at all."""
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    write(path, content, mode=mode)
    return content


def write(path: Path, content: str, *, mode: int) -> None:
    draft = path.with_name(f".{path.name}")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def prepare_library() -> int:
    process = subprocess.Popen([sys.executable, "manage.py", "prepare"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None  # noqa: S101 (asked for in the line above)
    last: dict[str, object] = {}
    for line in process.stdout:
        last = json.loads(line)
        if last["event"] != "ready":
            sys.stdout.write(line)
    if process.wait() or last.get("event") != "ready":
        return 1
    write(WORKER / "worker_token", str(last["worker_token"]), mode=0o444)
    write(SECRETS / "terminal_token", str(last["terminal_token"]), mode=0o600)
    port = os.environ.get("PORT") or "8337"
    if last["owner_path"]:
        sys.stdout.write(f"Open http://localhost:{port}{last['owner_path']} to make the owner's account.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
