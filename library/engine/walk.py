"""Walks a folder of music, folder by folder in the order of their paths, without opening a single audio file.

The order is that of the paths' bytes, each folder's path ending in a slash: whoever knows where a walk has been knows
what it has seen. Of each folder there is a digest over everything in it that matters; nothing else is kept.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from library.engine import file_kinds as kinds
from library.engine.ignore import IgnoreFile, is_ignored, parse
from library.engine.links import LeadsNowhere, LeadsOut, Links
from library.engine.paths import escaped

Entry = tuple[bytes, int, int]
"""name, size, mtime_ns"""

_KIND = {suffix.encode(): "audio" for suffix in kinds.AUDIO}
_KIND |= {suffix.encode(): "images" for suffix in kinds.IMAGES}
_KIND |= {suffix.encode(): "lyrics" for suffix in kinds.LYRICS}
_KIND[b"cue"] = "cues"
VANISHED = (FileNotFoundError, NotADirectoryError)


@dataclass(frozen=True)
class Trouble:
    """Something that could not be looked at; the walk goes on."""

    name: bytes
    size: int
    mtime_ns: int
    reason: str


@dataclass(slots=True)
class Folder:
    """What matters in a folder, each kind in the order of its names."""

    path: str
    """relative to the root, escaped, ending in a slash; empty for the root itself"""
    real: bytes
    """where it is, ending in a slash"""
    audio: list[Entry] = field(default_factory=list)
    images: list[Entry] = field(default_factory=list)
    cues: list[Entry] = field(default_factory=list)
    lyrics: list[Entry] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    digest: str = ""
    readable: bool = True

    def matters(self) -> bool:
        return bool(self.audio or self.images or self.cues or self.lyrics or self.troubles or not self.readable)


@dataclass(frozen=True)
class Visit:
    """A folder that is still to be listed."""

    path: str
    real: bytes
    rules: tuple[IgnoreFile, ...] = ()
    hops: int = 0


class Walk:
    """One walk; `vanished` is called for a folder that was there a moment ago, and may raise."""

    def __init__(self, root: bytes, *, follow_symlinks: bool, skip_nomedia: bool) -> None:
        self.root = root.rstrip(b"/") + b"/"
        self.skip_nomedia = skip_nomedia
        self.links = Links(self.root) if follow_symlinks else None
        self.vanished: list[str] = []

    def folders(self, after: str | None = None) -> Iterator[Folder]:
        """Every folder behind `after`, empty ones too."""
        waiting = [Visit("", self.root)]
        while waiting:
            visit = waiting.pop()
            folder, children = self._list(visit)
            if folder is None:
                continue
            waiting += [child for child in reversed(children) if after is None or _may_hold(child.path, after)]
            if after is None or visit.path > after:
                yield folder

    def _list(self, visit: Visit) -> tuple[Folder | None, list[Visit]]:
        try:
            entries = os.scandir(visit.real)
        except VANISHED:
            self.vanished.append(visit.path)
            return None, []
        except OSError as error:
            return _unreadable(visit, error), []
        folder = Folder(visit.path, visit.real)
        listing = Listing(folder)
        try:
            with entries:
                listing.take(entries)
        except OSError as error:
            return _unreadable(visit, error), []
        if self.skip_nomedia and listing.no_media:
            return None, []
        rules = visit.rules
        if listing.ignore_file is not None:
            rules = (*rules, listing.ignore_file)
        if self.links is not None and listing.links:
            listing.follow(self.links, visit)
        if rules:
            listing.leave_out(rules)
        folder.digest = listing.digest()
        return folder, listing.children(visit, rules)


def _may_hold(path: str, after: str) -> bool:
    """Whether a folder, or one below it, comes behind a place: all of them begin with its path."""
    return path > after or after.startswith(path)


def _unreadable(visit: Visit, error: OSError) -> Folder:
    trouble = Trouble(b"", 0, 0, f"This folder cannot be listed: {reason_of(error)}.")
    return Folder(visit.path, visit.real, troubles=[trouble], readable=False)


def reason_of(error: OSError) -> str:
    return error.strerror or type(error).__name__


class Listing:
    """What `scandir` says of one folder, sorted into kinds."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.below: list[tuple[str, bytes, int]] = []
        """path, real place, hops"""
        self.links: list[os.DirEntry[bytes]] = []
        self.ignore_file: IgnoreFile | None = None
        self.no_media = False
        self.extra: list[bytes] = []

    def take(self, entries: "os._ScandirIterator[bytes]") -> None:
        """The inner loop of every scan: as little as possible for each file."""
        folder, kind_of = self.folder, _KIND.get
        lists = {"audio": folder.audio, "images": folder.images, "lyrics": folder.lyrics, "cues": folder.cues}
        for entry in entries:
            name = entry.name
            if name[0] == 46 and self._is_hidden(entry):
                continue
            if entry.is_file(follow_symlinks=False):
                kind = kind_of(name[name.rfind(b".") + 1 :].lower())
                if kind is not None and b"." in name:
                    facts = self._stat(entry)
                    if facts is not None:
                        lists[kind].append((name, facts.st_size, facts.st_mtime_ns))
            elif entry.is_dir(follow_symlinks=False):
                if name.lower() not in kinds.RUBBISH:
                    self.below.append((f"{folder.path}{escaped(name)}/", folder.real + name + b"/", 0))
            elif entry.is_symlink():
                self.links.append(entry)
        for found in lists.values():
            found.sort()

    def _is_hidden(self, entry: "os.DirEntry[bytes]") -> bool:
        if entry.name == kinds.IGNORE_FILE and entry.is_file(follow_symlinks=False):
            self._read_ignore_file(entry)
        elif entry.name == kinds.NO_MEDIA:
            self.no_media = True
        return kinds.is_hidden(entry.name)

    def _read_ignore_file(self, entry: "os.DirEntry[bytes]") -> None:
        try:
            with open(entry.path, "rb") as file:
                content = file.read()
        except OSError as error:
            # What it says is not known: nothing is left out that was there before.
            self.folder.troubles.append(Trouble(entry.name, 0, 0, f"It cannot be read: {reason_of(error)}."))
            return
        self.ignore_file = parse(self.folder.path, content)
        self.extra.append(content)

    def _stat(self, entry: "os.DirEntry[bytes]") -> os.stat_result | None:
        try:
            return entry.stat(follow_symlinks=False)
        except VANISHED:
            return None
        except OSError as error:
            self.folder.troubles.append(Trouble(entry.name, 0, 0, f"It cannot be looked at: {reason_of(error)}."))
            return None

    def follow(self, links: Links, visit: Visit) -> None:
        """Links to files and folders that are not listed where they really lie."""
        for entry in self.links:
            try:
                self._follow(links, entry, visit.hops)
            except LeadsOut as error:
                if error.is_folder or _kind_named(entry.name) or _kind_named(error.target):
                    self._trouble_with(entry, f"It leads out of the folder of music, to {escaped(error.target)}.")
            except LeadsNowhere as error:
                if _kind_named(entry.name):
                    self._trouble_with(entry, f"It leads nowhere: {error.reason}.")
        for found in (self.folder.audio, self.folder.images, self.folder.lyrics, self.folder.cues):
            found.sort()

    def _follow(self, links: Links, entry: "os.DirEntry[bytes]", hops: int) -> None:
        target, facts = links.target_of(entry.path)
        kind = _kind_named(target)
        if stat.S_ISREG(facts.st_mode) and kind and not links.is_listed_itself(target):
            getattr(self.folder, kind).append((entry.name, facts.st_size, facts.st_mtime_ns))
        elif stat.S_ISDIR(facts.st_mode) and not kinds.is_passed_over(entry.name):
            self._follow_to_folder(links, entry, target, facts, hops)

    def _follow_to_folder(
        self, links: Links, entry: "os.DirEntry[bytes]", target: bytes, facts: os.stat_result, hops: int
    ) -> None:
        if not links.is_listed_itself(target) and links.may_enter(facts, hops):
            path = f"{self.folder.path}{escaped(entry.name)}/"
            self.below.append((path, self.folder.real + entry.name + b"/", hops + 1))

    def _trouble_with(self, entry: "os.DirEntry[bytes]", reason: str) -> None:
        try:
            facts = entry.stat(follow_symlinks=False)
        except OSError:
            return
        self.folder.troubles.append(Trouble(entry.name, facts.st_size, facts.st_mtime_ns, reason))

    def leave_out(self, rules: tuple[IgnoreFile, ...]) -> None:
        folder = self.folder
        for found in (folder.audio, folder.images, folder.lyrics, folder.cues):
            found[:] = [entry for entry in found if not is_ignored(folder.path + escaped(entry[0]), rules)]
        folder.troubles = [t for t in folder.troubles if not is_ignored(folder.path + escaped(t.name), rules)]
        self.below = [child for child in self.below if not is_ignored(child[0], rules)]

    def digest(self) -> str:
        folder = self.folder
        lines = [b"%b\0%d\0%d" % entry for entry in folder.audio]
        for found in (folder.images, folder.lyrics, folder.cues):
            lines += [b"%b\0%d\0%d" % entry for entry in found]
        lines += [b"!%b\0%b" % (trouble.name, trouble.reason.encode()) for trouble in folder.troubles]
        return blake2b(b"\n".join(lines + self.extra), digest_size=16).hexdigest()

    def children(self, visit: Visit, rules: tuple[IgnoreFile, ...]) -> list[Visit]:
        self.below.sort()
        return [Visit(path, real, rules, max(hops, visit.hops)) for path, real, hops in self.below]


def _kind_named(name: bytes) -> str | None:
    return _KIND.get(kinds.suffix_of(name).encode("latin-1"))


def count_audio(root: bytes) -> int:
    """About how many files there are, for a bar: nothing is looked at but names."""
    count, waiting = 0, [root]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if not kinds.is_passed_over(entry.name):
                            waiting.append(entry.path)
                    elif not kinds.is_hidden(entry.name) and _kind_named(entry.name) == "audio":
                        count += 1
        except OSError:
            continue
    return count
