"""Redis of our own: broker, cache and messenger; the queue's truth lies in PostgreSQL, so this may be lost."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from soniquebay.embedded.account import Account
from soniquebay.embedded.binaries import REDIS_PACKAGE, package_folder, package_version, reachable_program
from soniquebay.embedded.cluster import plain_environment
from soniquebay.embedded.home import Home
from soniquebay.embedded.problems import CannotStart
from soniquebay.embedded.processes import Escalation, end_strangers, working_in
from soniquebay.embedded.server import Server

PROGRAMS = ("redis-server", "valkey-server")
OLDEST = (6, 2)
PORT_NOTE = "redis.port"
DAMAGED = ("Error loading", "Unrecoverable error", "Wrong signature", "Can't handle RDB format", "error in RDB")
PACKAGES: Mapping[str, str] = {
    "apt-get": "sudo apt install redis-server",
    "dnf": "sudo dnf install valkey",
    "pacman": "sudo pacman -S valkey",
    "zypper": "sudo zypper install redis",
    "apk": "sudo apk add redis",
    "brew": "brew install redis",
}


class Redis(Server):
    """Listens on this machine only, unless SONIQUEBAY_BROKER_BIND names an address for workers elsewhere."""

    name: ClassVar[str] = "redis"
    title: ClassVar[str] = "Redis"
    # The first signal saves what is queued.
    stops: ClassVar[Escalation] = ((signal.SIGTERM, 10.0),)

    def __init__(self, home: Home | Path, *, first_port: int | None = None) -> None:
        super().__init__(home)
        self._first_port = first_port
        self.port: int | None = None

    @property
    def url(self) -> str:
        port = self.port or self.home.note(PORT_NOTE)
        return f"redis://:{self.home.secret('redis_password')}@127.0.0.1:{port}/0"

    def prepare(self) -> None:
        self._make_folder()
        self._program = find_program(self.account)
        end_strangers(lambda: working_in(self.folder, PROGRAMS), ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0)))
        if self.port is None:
            self.port = self._free_port()

    def _free_port(self) -> int:
        """The same as last time when it is free, so that workers elsewhere find it again."""
        noted = self.home.note(PORT_NOTE)
        wishes = [int(noted)] if noted and noted.isdecimal() else []
        wishes += [self._first_port] if self._first_port else []
        for port in [*wishes, 0]:
            with closing(socket.socket()) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise CannotStart("No free port was found for Redis on 127.0.0.1.")

    def spawn(self) -> None:
        """The configuration goes in by a pipe: no password in a list of processes, none in one more file."""
        reading, writing = os.pipe()
        os.write(writing, self._configuration().encode())
        os.close(writing)
        try:
            self._open_process([str(self._program), "-"], plain_environment(), reading)
        finally:
            os.close(reading)

    def _configuration(self) -> str:
        lines = [
            f"bind {' '.join(_addresses())}",
            f"port {self.port}",
            f"requirepass {self.home.secret('redis_password')}",
            "dir .",
            "daemonize no",
            "appendonly no",
            # A card wears out by writing; what five minutes may lose is found again in the tables of jobs.
            "save 300 1",
            "save 60 1000",
            # A full disk must not also stop the queue.
            "stop-writes-on-bgsave-error no",
            "maxmemory 64mb",
            # Only what was stored with an end may go before its end: never a queue.
            "maxmemory-policy volatile-lru",
            # Listeners that read nothing are cut off before they cost memory.
            "client-output-buffer-limit pubsub 8mb 2mb 60",
            "tcp-backlog 128",
            "timeout 0",
            "loglevel notice",
        ]
        return "".join(f"{line}\n" for line in lines)

    def is_ready(self) -> bool:
        if not self.is_alive():
            self._try_again()
            return False
        return self._answer() == b"+PONG"

    def _try_again(self) -> None:
        """Two reasons to give up have a remedy: a port just taken, and a file of the queue that cannot be read."""
        said = self._said()
        if "Address already in use" in said and self.home.note(PORT_NOTE) != str(self.port):
            self.port = self._free_port()
        elif any(sign in said for sign in DAMAGED) and (self.folder / "dump.rdb").exists():
            (self.folder / "dump.rdb").rename(self.folder / f"dump.rdb.damaged-{int(time.time())}")
        else:
            raise self._gave_up()
        self.spawn()

    def _answer(self) -> bytes:
        command = f"AUTH {self.home.secret('redis_password')}\r\nPING\r\n".encode()
        try:
            with closing(socket.create_connection(("127.0.0.1", self.port or 0), timeout=1)) as connection:
                connection.sendall(command)
                answer = b""
                while answer.count(b"\r\n") < 2 and (block := connection.recv(200)):
                    answer += block
        except OSError:
            return b""
        last = answer.split(b"\r\n")[1:2]
        if last == [b"+PONG"] and self.home.note(PORT_NOTE) != str(self.port):
            self.home.keep_note(PORT_NOTE, str(self.port))
        return last[0] if last else b""

    def state(self) -> str:
        return "starting"


def _addresses() -> list[str]:
    wish = os.environ.get("SONIQUEBAY_BROKER_BIND", "").strip()
    if wish in {"", "127.0.0.1"}:
        return ["127.0.0.1"]
    return [wish] if wish in {"0.0.0.0", "*"} else ["127.0.0.1", wish]  # noqa: S104 - the owner asks for it


def find_program(account: Account | None) -> Path:
    """The system's own when it is recent enough, else the one in the package."""
    too_old = None
    for name in PROGRAMS:
        found = shutil.which(name)
        if found is not None and (version := _version(Path(found))) is not None:
            if version >= OLDEST:
                return reachable_program(Path(found), f"{name}-{'.'.join(map(str, version))}", account)
            too_old = f"{found} is version {'.'.join(map(str, version))}"
    package = package_folder(REDIS_PACKAGE)
    if package is not None and _version(package / "bin" / "redis-server") is not None:
        name = f"redis-{package_version(REDIS_PACKAGE)}"
        return reachable_program(package / "bin" / "redis-server", name, account)
    what = f"{too_old}, older than 6.2." if too_old else "No Redis was found on this machine."
    raise CannotStart(f"{what} {_how_to_install()}, then start again; or set REDIS_URL to one elsewhere.")


def _version(program: Path) -> tuple[int, ...] | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    found = re.search(r"\bv=(\d+)\.(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else None


def _how_to_install() -> str:
    for manager, command in PACKAGES.items():
        if shutil.which(manager, path="/usr/bin:/usr/sbin:/bin:/sbin:/usr/local/bin:/opt/homebrew/bin"):
            return f"Install it with `{command}`"
    return "Install the package redis or valkey"
