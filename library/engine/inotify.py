"""The kernel's word that something below a folder has changed: inotify, for whole trees of folders."""

import ctypes
import errno
import os
import select
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

IN_ATTRIB, IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO = 0x4, 0x8, 0x40, 0x80
IN_CREATE, IN_DELETE, IN_DELETE_SELF, IN_UNMOUNT = 0x100, 0x200, 0x400, 0x2000
IN_Q_OVERFLOW, IN_IGNORED, IN_ONLYDIR, IN_ISDIR = 0x4000, 0x8000, 0x0100_0000, 0x4000_0000
# Finished writing, not each piece of it; files that are read are no event at all.
MASK = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR
HEAD = struct.Struct("iIII")
ROOM = 64 * 1024
DEEPEST = 64


class NoMoreWatches(Exception):
    """The system allows no more folders to be watched."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something below a tree is other than it was; a name of nothing means: whatever it is."""

    tree: int
    name: bytes
    is_folder: bool


class Trees:
    """Folders that are watched with all that lies below them; each is known by a number of the caller's."""

    def __init__(self, is_ignored: Callable[[bytes], bool]) -> None:
        self.is_ignored = is_ignored
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.handle = self.libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.handle < 0:
            raise OSError(ctypes.get_errno(), "inotify cannot be had")
        self.folders: dict[int, tuple[int, bytes]] = {}
        self.follow_links: dict[int, bool] = {}

    def close(self) -> None:
        os.close(self.handle)

    def add(self, tree: int, folder: bytes, *, follow_links: bool) -> None:
        """Watches a tree; raises NoMoreWatches when only a part of it could be, and OSError when it is not there."""
        self.follow_links[tree] = follow_links
        os.stat(folder)
        self._add(tree, folder, set(), 0)

    def remove(self, tree: int) -> None:
        self.follow_links.pop(tree, None)
        for watch in [watch for watch, (owner, _folder) in self.folders.items() if owner == tree]:
            self.libc.inotify_rm_watch(self.handle, watch)
            del self.folders[watch]

    def changes(self, timeout_s: float) -> Iterator[Change]:
        """What has happened, after at most so long; new folders are watched from then on."""
        if not select.select([self.handle], [], [], timeout_s)[0]:
            return
        try:
            block = os.read(self.handle, ROOM)
        except BlockingIOError:
            return
        place = 0
        while place < len(block):
            watch, mask, _cookie, length = HEAD.unpack_from(block, place)
            name = block[place + HEAD.size : place + HEAD.size + length].rstrip(b"\0")
            place += HEAD.size + length
            yield from self._heard(watch, mask, name)

    def _heard(self, watch: int, mask: int, name: bytes) -> Iterator[Change]:
        if mask & IN_Q_OVERFLOW:
            # Too much at once: something has changed everywhere.
            yield from (Change(tree, b"", is_folder=True) for tree in list(self.follow_links))
            return
        tree, folder = self.folders.get(watch, (None, b""))
        if mask & IN_IGNORED:
            self.folders.pop(watch, None)
        if tree is None or (name and self.is_ignored(name)) or mask & IN_IGNORED:
            return
        is_folder = bool(mask & (IN_ISDIR | IN_DELETE_SELF | IN_UNMOUNT))
        if mask & IN_ISDIR and mask & (IN_CREATE | IN_MOVED_TO):
            self._add(tree, os.path.join(folder, name), set(), 0)
        if is_folder or not mask & IN_CREATE:
            yield Change(tree, name, is_folder)

    def _add(self, tree: int, folder: bytes, seen: set[tuple[int, int]], depth: int) -> None:
        """A folder that vanishes meanwhile, or may not be read, is passed by."""
        watch = self.libc.inotify_add_watch(self.handle, folder, MASK)
        if watch < 0:
            if ctypes.get_errno() in {errno.ENOSPC, errno.ENOMEM}:
                raise NoMoreWatches
            return
        self.folders[watch] = (tree, folder)
        if depth >= DEEPEST:
            return
        for child in self._children(tree, folder, seen):
            self._add(tree, child, seen, depth + 1)

    def _children(self, tree: int, folder: bytes, seen: set[tuple[int, int]]) -> Iterator[bytes]:
        follow = self.follow_links.get(tree, False)
        try:
            entries = os.scandir(folder)
        except OSError:
            return
        with entries:
            found = [entry for entry in entries if not self.is_ignored(entry.name)]
        for entry in found:
            try:
                if not entry.is_dir(follow_symlinks=follow):
                    continue
                if entry.is_symlink():
                    stat = entry.stat()
                    if (stat.st_dev, stat.st_ino) in seen:
                        continue
                    seen.add((stat.st_dev, stat.st_ino))
            except OSError:
                continue
            yield entry.path
