"""What both servers of our own have in common: one owner at a time, a log, a process and its end."""

import fcntl
import os
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from soniquebay.embedded.account import account_for, identity, own_folder
from soniquebay.embedded.home import Home
from soniquebay.embedded.problems import CannotStart, cannot_write, disk_full
from soniquebay.embedded.processes import Escalation, end, end_with_parent

READY_WITHIN_S = 600.0
LOOK_EVERY_S = 0.02


class Server(ABC):
    """prepare → spawn → is_ready, so that two servers can start side by side; start() does all three."""

    name: ClassVar[str]
    title: ClassVar[str]
    stops: ClassVar[Escalation]

    def __init__(self, home: Home | Path) -> None:
        self.home = home if isinstance(home, Home) else Home(home)
        self.folder = self.home.path / self.name
        self.process: subprocess.Popen[bytes] | None = None
        # Called again and again while prepare() waits for a program, so that somebody may draw.
        self.while_waiting: Callable[[], None] = lambda: time.sleep(LOOK_EVERY_S)
        self._log_from = 0
        self._lock: int | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def prepare(self) -> None:
        """Everything that must be true before the process starts; may take seconds the first time."""

    @abstractmethod
    def spawn(self) -> None:
        """Starts the process and returns at once."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether clients are served; raises CannotStart when the process has given up."""

    @abstractmethod
    def state(self) -> str:
        """What it is doing while it is not ready, in a word or two."""

    def start(self) -> None:
        """Returns when the server answers; nothing happens when it already does."""
        if self.is_alive():
            return
        try:
            self.prepare()
            self.spawn()
            self._wait()
        except CannotStart:
            self.stop()
            raise

    def _wait(self) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        while not self.is_ready():
            if time.monotonic() > deadline:
                raise CannotStart(f"{self.title} did not become ready; its reasons are in {self.log}.")
            self.while_waiting()

    def stop(self, in_a_hurry: Callable[[], bool] = bool) -> None:
        if self.process is not None:
            end(self.process, self.stops, in_a_hurry)
            self.process = None
        self._unlock()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        return self.home.log(self.name)

    def _make_folder(self) -> None:
        self.home.make()
        self._take_lock()
        self.account = account_for(self.folder)
        try:
            own_folder(self.folder, self.account)
        except OSError as error:
            raise cannot_write(self.folder, error) from error

    def _take_lock(self) -> None:
        """The kernel drops the lock with its holder, so that it can never be left over."""
        if self._lock is not None:
            return
        path = self.home.run / f"{self.name}.lock"
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise CannotStart(f"Another SoniqueBay already uses {self.home.path}; stop it first.") from None
        self._lock = lock

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _open_process(self, command: Sequence[str], environment: dict[str, str], stdin: int) -> None:
        log = self.home.open_log(self.name)
        self._log_from = os.fstat(log).st_size
        try:
            self.process = subprocess.Popen(
                command,
                stdin=stdin,
                stdout=log,
                stderr=log,
                cwd=self.folder_of_process,
                env=environment,
                start_new_session=True,
                preexec_fn=end_with_parent(self.stops[0][0]),
                umask=0o077,
                **identity(self.account),
            )
        except OSError as error:
            raise CannotStart(f"{self.title} could not be started: {error.strerror}.") from error
        finally:
            os.close(log)

    @property
    def folder_of_process(self) -> Path:
        return self.folder

    def _said(self) -> str:
        """What the process wrote into its log since it was started."""
        with self.log.open("rb") as file:
            file.seek(self._log_from)
            return file.read(200_000).decode(errors="replace")

    def _gave_up(self) -> CannotStart:
        said = self._said()
        if "No space left on device" in said:
            return disk_full(self.home.path)
        lines = [line for line in said.splitlines() if any(mark in line for mark in ("FATAL", "PANIC", "# "))]
        reason = lines[-1] if lines else (said.strip().splitlines() or ["it gave no reason"])[-1]
        return CannotStart(f"{self.title} stopped while starting: {reason} (all of it in {self.log}).")
