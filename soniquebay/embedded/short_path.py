"""A short way to a folder: a socket's path may have 107 bytes and no more, and homes can lie deep."""

import fcntl
import os
import tempfile
from pathlib import Path

from soniquebay.embedded.home import Home

LONGEST_SOCKET_PATH = 107
SOCKET_NAME = "/.s.PGSQL.5432"
NOTE = "socket-folder"


class ShortPath:
    """The folder itself when its path is short enough, else a link to it in a private folder below /tmp."""

    def __init__(self, home: Home, folder: Path) -> None:
        self._home = home
        self._folder = folder
        self._held: int | None = None
        self.is_needed = len(os.fsencode(folder)) + len(SOCKET_NAME) > LONGEST_SOCKET_PATH

    @property
    def path(self) -> Path:
        if not self.is_needed:
            return self._folder
        return Path(self._home.note(NOTE) or self._folder) / "socket"

    def make(self) -> None:
        """Uses last time's folder again, when it is still ours alone."""
        if not self.is_needed or self._held is not None:
            return
        noted = self._home.note(NOTE)
        if noted is None or not self._is_ours(Path(noted)):
            noted = tempfile.mkdtemp(prefix="soniquebay-")
            (Path(noted) / "socket").symlink_to(self._folder)
            self._home.keep_note(NOTE, noted)
        # Whoever cleans /tmp by age leaves a locked folder alone.
        self._held = os.open(noted, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def _is_ours(self, place: Path) -> bool:
        try:
            facts = place.lstat()
            target = (place / "socket").readlink()
        except OSError:
            return False
        return facts.st_uid == os.geteuid() and facts.st_mode & 0o777 == 0o700 and target == self._folder

    def remove(self) -> None:
        if self._held is None:
            return
        os.close(self._held)
        self._held = None
        noted = self._home.note(NOTE)
        if noted is not None and self._is_ours(Path(noted)):
            (Path(noted) / "socket").unlink()
            Path(noted).rmdir()
