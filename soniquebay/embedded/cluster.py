"""PostgreSQL's data: made once, checked before each start, brought up to date with the programs."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from soniquebay.embedded.account import Account, identity, own_folder
from soniquebay.embedded.problems import CannotStart, cannot_write, disk_full
from soniquebay.embedded.processes import Escalation, end, end_strangers, end_with_parent, heads_of, working_in

MAJOR = "18"
DATABASE = "soniquebay"
# The server changes into its data at once, and this link leads there without a look at the folders above, which an
# unprivileged account may not enter (/root, for one).
HERE = "/proc/self/cwd" if os.path.exists("/proc/self/cwd") else "."

# Fit for a Raspberry Pi with other things to do. They are written into postgresql.conf once and may be changed there.
SETTINGS = {
    "shared_buffers": "32MB",
    "max_connections": "60",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "huge_pages": "off",
    "io_method": "sync",
    "jit": "off",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "max_parallel_maintenance_workers": "2",
    "max_logical_replication_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "wal_compression": "on",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "checkpoint_timeout": "15min",
    "autovacuum_worker_slots": "2",
    "autovacuum_max_workers": "2",
    "random_page_cost": "1.5",
    "log_checkpoints": "off",
    "log_timezone": "UTC",
    "timezone": "UTC",
}
LEFTOVERS: Escalation = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


class Cluster:
    """The folder of the data and what may be done to it while no server runs."""

    def __init__(
        self, folder: Path, programs: Path, account: Account | None, while_waiting: Callable[[], None]
    ) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.programs = programs
        self.account = account
        self._while_waiting = while_waiting

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise CannotStart(
                f"The data in {self.data} was made by PostgreSQL {found}, and this SoniqueBay brings {MAJOR}; "
                "nothing was changed. Restore a backup into a new --home, or start the older version again."
            )

    def clear_leftovers(self) -> None:
        """Ends servers that outlived their supervisor, and then the marks that they left.

        A mark may name a process that has since become somebody else; who works in our data is certain.
        """
        end_strangers(lambda: heads_of(working_in(self.data, ("postgres",))), LEFTOVERS)
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for mark in (self.folder / "socket").glob(".s.PGSQL.*"):
            mark.unlink(missing_ok=True)

    def create(self, *, password: str, durable: bool) -> None:
        """Makes the data beside its place and moves it there when whole, so that an interruption leaves no half."""
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        try:
            own_folder(draft, self.account)
        except OSError as error:
            raise cannot_write(self.folder, error) from error
        if draft.stat().st_mode & 0o077:
            raise CannotStart(
                f"The disk that holds {self.folder} keeps no file permissions (exFAT, NTFS?), which PostgreSQL "
                "insists on. Choose a folder on a Linux disk with --home DIR."
            )
        settings = [f"--set={name}={value}" for name, value in SETTINGS.items()]
        # The owner of everything gets a password that nobody keeps: the library needs less than that.
        self._initdb(draft, [*settings, "--pwfile=/proc/self/fd/0"], os.urandom(32).hex())
        commands = [
            "create extension vector;",
            f"create role {DATABASE} login createdb password '{password}';",
            f"create database {DATABASE} owner {DATABASE};",
        ]
        self._alone(draft, "template1", commands)
        if durable:
            self._run([str(self.programs / "initdb"), "-D", HERE, "--sync-only"], draft, b"")
        draft.rename(self.data)

    def bring_up_to_date(self, *, password: str) -> None:
        """After an update of the programs or a new password."""
        self._alone(self.data, "template1", ["alter extension vector update;"])
        commands = [f"alter role {DATABASE} password '{password}';", "alter extension vector update;"]
        self._alone(self.data, DATABASE, commands)

    def _initdb(self, folder: Path, options: Sequence[str], owner_password: str) -> None:
        command = [str(self.programs / "initdb"), "-D", HERE, "--username=postgres", "--auth=scram-sha-256"]
        language = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        ways = ["--data-checksums", "--no-sync", "--no-instructions"]
        self._run([*command, *language, *ways, *options], folder, f"{owner_password}\n".encode())

    def _alone(self, folder: Path, database: str, commands: Sequence[str]) -> None:
        """Runs commands as the owner of everything, in a server without any door."""
        command = [str(self.programs / "postgres"), "--single", "-D", HERE, "-c", "exit_on_error=on", database]
        self._run(command, folder, "".join(f"{line}\n" for line in commands).encode())

    def _run(self, command: Sequence[str], folder: Path, content: bytes) -> None:
        reading, writing = os.pipe()
        if self.account is not None:
            # /proc/self/fd/0 is opened anew by the account, so that it must own the pipe.
            os.fchown(reading, self.account.uid, self.account.gid)
        os.write(writing, content)
        os.close(writing)
        try:
            code, output = self._output_of(command, folder, reading)
        except PermissionError as error:
            raise CannotStart(
                "As root, SoniqueBay runs PostgreSQL with an account of less power, and this system does not let it "
                f"change accounts ({error.strerror}). Start bin/up as an ordinary user."
            ) from error
        finally:
            os.close(reading)
        if code != 0 or "FATAL:" in output:
            raise self._failure(output)

    def _output_of(self, command: Sequence[str], folder: Path, stdin: int) -> tuple[int, str]:
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=plain_environment(),
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
                **identity(self.account),
            )
            try:
                while process.poll() is None:
                    self._while_waiting()
            finally:
                end(process, ((signal.SIGTERM, 5.0),))
            output.seek(0)
            return process.returncode, output.read().decode(errors="replace")

    def _failure(self, output: str) -> CannotStart:
        if "No space left on device" in output:
            return disk_full(self.folder)
        lines = [line for line in output.splitlines() if any(word in line for word in ("error:", "FATAL:", "ERROR:"))]
        reason = lines[-1] if lines else (output.strip().splitlines() or ["no reason given"])[-1]
        return CannotStart(f"PostgreSQL's data could not be made in {self.folder}: {reason}")


def plain_environment() -> dict[str, str]:
    """Nothing of the surroundings, such as PGDATA or a translated language, may change what a server does."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
