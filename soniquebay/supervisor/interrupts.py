"""Ctrl-C and its relatives: the first asks for an orderly end, the second for a quick one."""

import select
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(BaseException):
    """Raised in the middle of whatever waits, so that nobody has to ask; not an error."""


class Interrupts:
    """Installed while the supervisor runs."""

    def __init__(self) -> None:
        self.count = 0
        self._shields = 0
        self._ending = False
        self._woken, self._waker = socket.socketpair()

    def install(self) -> None:
        for socket_end in (self._woken, self._waker):
            socket_end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in SIGNALS:
            signal.signal(number, self._receive)
        # Only to be woken when a child ends.
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def uninstall(self) -> None:
        signal.set_wakeup_fd(-1)
        for number in (*SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._woken.close()
        self._waker.close()

    def _receive(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1
        if not self._ending and not self._shields:
            raise StopRequested

    @contextmanager
    def shield(self) -> Iterator[None]:
        """A process must not be started and then forgotten: the request waits until it is noted."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1
        if self.count and not self._ending and not self._shields:
            raise StopRequested

    def begin_ending(self) -> None:
        """From now on requests are only counted."""
        self._ending = True
        self._asked_before = self.count

    def in_a_hurry(self) -> bool:
        return self._ending and self.count > max(1, self._asked_before)

    def sleep(self, seconds: float) -> None:
        """Ends early when a signal arrives, such as the one that tells of a child's end."""
        ready, _, _ = select.select([self._woken], [], [], seconds)
        if ready:
            self._woken.recv(4096)
