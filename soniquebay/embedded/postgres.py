"""PostgreSQL of our own: started, watched and stopped; reachable through a private socket folder only."""

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from soniquebay.embedded.account import own_folder
from soniquebay.embedded.binaries import POSTGRES_PACKAGE, package_version, postgres_programs
from soniquebay.embedded.cluster import DATABASE, HERE, Cluster, plain_environment
from soniquebay.embedded.home import Home
from soniquebay.embedded.processes import Escalation
from soniquebay.embedded.server import Server
from soniquebay.embedded.short_path import ShortPath

PORT = 5432
READY_LINE = 7
UP_TO_DATE = "postgres.up-to-date"
# Tests throw their data away: a power cut or a kill -9 may have the last of it.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """Data in HOME/postgres/data, socket in HOME/postgres/socket, role and database `soniquebay`."""

    name: ClassVar[str] = "postgres"
    title: ClassVar[str] = "PostgreSQL"
    # Fast: clients are sent away. Immediate: the next start recovers from the log, nothing is lost.
    stops: ClassVar[Escalation] = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0))

    def __init__(self, home: Home | Path, *, durable: bool = True) -> None:
        super().__init__(home)
        self.durable = durable
        self.socket = ShortPath(self.home, self.folder / "socket")

    @property
    def url(self) -> str:
        host = quote(os.fsencode(self.socket.path), safe="")
        return f"postgresql://{DATABASE}:{self.home.secret('database_password')}@/{DATABASE}?host={host}"

    @property
    def programs(self) -> Path:
        return self._cluster.programs

    def prepare(self) -> None:
        self._make_folder()
        own_folder(self.folder / "socket", self.account)
        self.socket.make()
        self._cluster = Cluster(self.folder, postgres_programs(self.account), self.account, self.while_waiting)
        self._cluster.clear_leftovers()
        password = self.home.secret("database_password")
        if not self._cluster.exists():
            self._cluster.create(password=password, durable=self.durable)
        else:
            self._cluster.check_version()
            if self.home.note(UP_TO_DATE) != self._fingerprint():
                self._cluster.bring_up_to_date(password=password)
        self.home.keep_note(UP_TO_DATE, self._fingerprint())

    def _fingerprint(self) -> str:
        """Changes with the programs and with the password."""
        made = self.home.secret_file("database_password").stat().st_mtime_ns
        return f"{package_version(POSTGRES_PACKAGE)} {made}"

    def spawn(self) -> None:
        # Relative to the data: a path through folders that the account may not enter would not do, nor a long one.
        settings = {"unix_socket_directories": "../socket", "unix_socket_permissions": "0700", "listen_addresses": ""}
        settings |= {"port": str(PORT)} | ({} if self.durable else FORGETFUL)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._cluster.programs / "postgres"), "-D", HERE, *options]
        self._open_process(command, plain_environment(), subprocess.DEVNULL)

    @property
    def folder_of_process(self) -> Path:
        return self._cluster.data

    def is_ready(self) -> bool:
        """The server's own note says so; asking it would need a driver of 15 MB in the supervisor."""
        if not self.is_alive():
            raise self._gave_up()
        try:
            lines = (self._cluster.data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        return len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready"

    def state(self) -> str:
        return "recovering after a crash" if "recovery in progress" in self._said() else "starting"

    def stop(self, in_a_hurry: Callable[[], bool] = bool) -> None:
        super().stop(in_a_hurry)
        self.socket.remove()
