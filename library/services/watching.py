"""Notices changes in the folders of music as they happen, and has the folder scanned once it is quiet again."""

import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from django.db import close_old_connections
from django.utils.translation import gettext_noop as _

from core.logs import get_logger
from library.engine.file_kinds import AUDIO, IGNORE_FILE, IMAGES, LYRICS, NO_MEDIA, is_passed_over, suffix_of
from library.engine.inotify import Change, NoMoreWatches, Trees
from library.engine.paths import unescaped
from library.models import LibraryRoot
from library.selectors.roots import scan_of
from library.services.scans.starting import start_scan_of

log = get_logger(__name__)
# Whoever copies an album is quiet between two files, but not for so long.
QUIET_S = 2.5
# A copy of hours shows what has arrived so far.
LONGEST_WAIT_S = 60.0
LOOK_EVERY_S = 5.0
AFTER_A_SCAN_S = 5.0
TURN_S = 1.0
# Changes on these are made on another machine, which tells nobody.
REMOTE = ("nfs", "cifs", "smb", "9p", "fuse.sshfs", "fuse.rclone", "fuse.s3fs", "afs", "ceph", "glusterfs", "davfs")
TOO_MANY = _(
    "The system lets no more folders be watched: changes are found by scans only. "
    "Raise it: sysctl fs.inotify.max_user_watches=524288."
)
ON_A_NETWORK = _("It lies on a network disk, which does not tell of changes: they are found by scans only.")
OF_INTEREST = {*AUDIO, *IMAGES, *LYRICS, "cue"}


@dataclass
class Pending:
    """A folder that has changed and is not scanned yet."""

    first_at: float
    last_at: float

    def is_due(self, now: float) -> bool:
        return now - self.last_at >= QUIET_S or now - self.first_at >= LONGEST_WAIT_S


@dataclass
class Watcher:
    trees: Trees
    watched: dict[int, tuple[str, bool]] = field(default_factory=dict)
    pending: dict[int, Pending] = field(default_factory=dict)
    looked_at: float = -LOOK_EVERY_S

    def turn(self, timeout_s: float = TURN_S) -> None:
        now = time.monotonic()
        if now - self.looked_at >= LOOK_EVERY_S:
            self.looked_at = now
            self._look_for_roots()
        try:
            for change in self.trees.changes(timeout_s):
                self._note(change)
        except NoMoreWatches:
            self._give_up_new_folders()
        self._start_due()

    def _look_for_roots(self) -> None:
        """Roots that were added, moved, switched off, or whose disk was mounted since."""
        roots = {root.pk: root for root in LibraryRoot.objects.filter(enabled=True, watched=True)}
        for number in [number for number in self.watched if number not in roots]:
            self._forget(number)
        for root in roots.values():
            there = self.watched.get(root.pk)
            if there and (there != (root.path, root.follow_symlinks) or not os.path.isdir(unescaped(root.path))):
                self._forget(root.pk)
                there = None
            if not there:
                self._watch(root)

    def _watch(self, root: LibraryRoot) -> None:
        place = unescaped(root.path)
        if not os.path.isdir(place):
            return
        problem = ON_A_NETWORK if is_remote(place) else ""
        if not problem:
            try:
                self.trees.add(root.pk, place, follow_links=root.follow_symlinks)
            except NoMoreWatches:
                self.trees.remove(root.pk)
                problem = TOO_MANY
            except OSError as error:
                log.info("root_not_watched", root=root.pk, reason=str(error))
                return
        self.watched[root.pk] = (root.path, root.follow_symlinks)
        _note_problem(root.pk, problem)

    def _forget(self, number: int) -> None:
        self.trees.remove(number)
        self.watched.pop(number, None)
        self.pending.pop(number, None)

    def _give_up_new_folders(self) -> None:
        """New folders cannot be watched any more: which of the roots have them is found out by starting again."""
        for number in list(self.watched):
            self.trees.remove(number)
            del self.watched[number]
            self._pend(number)
        self.looked_at = -LOOK_EVERY_S

    def _note(self, change: Change) -> None:
        if change.is_folder or is_of_interest(change.name):
            self._pend(change.tree)

    def _pend(self, number: int) -> None:
        now = time.monotonic()
        self.pending.setdefault(number, Pending(now, now)).last_at = now

    def _start_due(self) -> None:
        now = time.monotonic()
        for number in [number for number, pending in self.pending.items() if pending.is_due(now)]:
            root = LibraryRoot.objects.filter(pk=number, enabled=True).first()
            if root and scan_of(root):
                # What has changed behind its back is for the next one.
                self.pending[number] = Pending(now, now - QUIET_S + AFTER_A_SCAN_S)
                continue
            del self.pending[number]
            if root:
                job = start_scan_of(root=root)
                log.info("change_noticed", root=number, job_id=str(job.pk))


def watch_roots(stopping: threading.Event) -> None:
    """Runs beside control until told to stop."""
    trees = Trees(is_passed_over)
    try:
        watcher = Watcher(trees)
        while not stopping.is_set():
            watcher.turn()
            close_old_connections()
    finally:
        trees.close()


def is_of_interest(name: bytes) -> bool:
    return suffix_of(name) in OF_INTEREST or name in {IGNORE_FILE, NO_MEDIA}


def is_remote(place: bytes) -> bool:
    """By the kind of disk that the folder lies on."""
    real = os.path.realpath(place)
    best, kind = b"", ""
    for line in Path("/proc/self/mounts").read_bytes().splitlines():
        _device, mounted, found, *_rest = line.split(b" ")
        # Blanks in names are written as \040.
        point = mounted.decode("unicode_escape").encode("latin-1")
        inside = real == point or real.startswith(point.rstrip(b"/") + b"/")
        if inside and len(point) >= len(best):
            best, kind = point, found.decode()
    return kind.startswith(REMOTE)


def _note_problem(number: int, problem: str) -> None:
    changed = LibraryRoot.objects.filter(pk=number).exclude(watch_problem=problem).update(watch_problem=problem)
    if changed and problem:
        log.warning("root_not_watched", root=number, reason=problem)
