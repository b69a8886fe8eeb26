"""Reads what is new in a folder that has changed, and makes rows of it."""

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.worker.running import RunningJob
from library.engine import cue
from library.engine.paths import escaped
from library.engine.tags import Changing, Unreadable, Vanished, folders, pictures, read_file
from library.engine.tags.credits import Rules
from library.engine.tags.raw import Raw
from library.engine.tags.rows import Row, has_album_artist, track_row, words_row
from library.engine.walk import Entry, Folder
from library.schemas.scan import FolderKnown, KnownFile
from library.worker.scan import beside
from library.worker.scan.covers import Covers
from library.worker.scan.delivery import Delivery
from library.worker.scan.root import Root

# Folders of more are read in parts: what is held of a folder is held until all of it is known.
AT_ONCE = 1_000
# On a disk that counts whole seconds, a file may change again without looking different.
COARSE_NS, FINE_NS = 2_000_000_000, 50_000_000


@dataclass(slots=True)
class Read:
    """A file, and what it said."""

    entry: Entry
    raw: Raw
    cover: dict[str, object] | None = None


@dataclass(slots=True)
class Sorted:
    """A folder's files by what is to be done."""

    to_read: list[Entry]
    as_known: list[Entry]
    gone: list[str]


class FolderReader:
    """Everything that one scan needs for reading, whichever folder it is."""

    def __init__(
        self,
        *,
        job: RunningJob,
        root: Root,
        delivery: Delivery,
        covers: Covers,
        rules: Rules,
        force: bool,
        tick: Callable[[int], None],
    ) -> None:
        self.job, self.root, self.delivery, self.covers = job, root, delivery, covers
        self.rules, self.force, self.tick = rules, force, tick

    def read(self, folder: Folder, known: FolderKnown) -> None:
        """Delivers what there is to tell; the folder is done unless something in it is to be tried again."""
        cuts, troubles = beside.cuts(folder)
        sidecars = beside.Sidecars(folder)
        files = self._sorted(folder, known, lambda name: name in cuts or sidecars.has(name))
        for name in files.gone:
            self.delivery.gone_file(folder.path, name)
        for trouble in folder.troubles:
            self.delivery.error(
                folder.path, escaped(trouble.name), trouble.reason, size=trouble.size, mtime_ns=trouble.mtime_ns
            )
        self._note(folder, troubles)
        self.delivery.figures.unchanged += len(files.as_known)
        self.tick(len(files.as_known))
        whole = True
        for part in _parts(files):
            whole &= self._read_part(folder, part, cuts, sidecars)
        self._picture(folder, is_known=bool(known.files))
        if whole:
            self.delivery.folder_read(folder.path, folder.digest, len(folder.audio))

    def _sorted(self, folder: Folder, known: FolderKnown, has_company: Callable[[bytes], bool]) -> Sorted:
        files = {file.name: file for file in known.files}
        failed = {file.name: file for file in known.failed}
        found = Sorted([], [], [])
        for entry in folder.audio:
            name = escaped(entry[0])
            before, failure = files.pop(name, None), failed.pop(name, None)
            if self.force or has_company(entry[0]) or (before is not None and before.again):
                found.to_read.append(entry)
            elif _is_same(before, entry):
                found.as_known.append(entry)
            elif _is_same(failure, entry):
                # Still as bad as it was.
                self.delivery.figures.errors += 1
                self.tick(1)
            else:
                found.to_read.append(entry)
        for trouble in folder.troubles:
            failed.pop(escaped(trouble.name), None)
            files.pop(escaped(trouble.name), None)
        found.gone = [*files, *failed]
        return found

    def _read_part(
        self, folder: Folder, part: Sorted, cuts: dict[bytes, beside.Cut], sidecars: beside.Sidecars
    ) -> bool:
        found, whole = self._read_files(folder, part.to_read)
        if part.as_known and any(_is_without_maker(read.raw) for read in found):
            # Who made the album is for all of its tracks to tell: the others are asked as well.
            others, _ = self._read_files(folder, part.as_known, again=True)
            self.delivery.figures.unchanged -= len(others)
            found = sorted([*found, *others], key=lambda read: read.entry[0])
        self._agree_on_encoding(folder, found)
        rows = [(read, self._rows_of(folder, read, cuts, sidecars)) for read in found]
        lacking = [row for read, of_file in rows if not has_album_artist(read.raw) for row in of_file]
        folders.agree_on_album_artist(row for row in lacking if "cue_index" not in row)
        for _, of_file in rows:
            self.delivery.tracks_of_file(of_file)
        return whole

    def _read_files(self, folder: Folder, entries: list[Entry], *, again: bool = False) -> tuple[list[Read], bool]:
        found, whole = [], True
        for entry in entries:
            try:
                found.append(self._read_one(folder, entry))
            except Vanished:
                self.root.check()
                self.delivery.gone_file(folder.path, escaped(entry[0]))
            except Changing:
                whole = False
                self.job.error(folder.path + escaped(entry[0]), "It is being written; the next scan reads it.")
            except Unreadable as error:
                self._unreadable(folder, entry, error)
                whole &= not error.passing
            if not again:
                self.tick(1)
        return found, whole

    def _unreadable(self, folder: Folder, entry: Entry, error: Unreadable) -> None:
        name, size, mtime_ns = entry
        if error.passing:
            # Not the file's fault: it is tried again with every scan, without being another file first.
            self.root.check()
            size = mtime_ns = 0
        self.delivery.error(folder.path, escaped(name), str(error), size=size, mtime_ns=mtime_ns)

    def _read_one(self, folder: Folder, entry: Entry) -> Read:
        path = folder.real + entry[0]
        try:
            self._wait_until_cold(path, entry)
            raw = read_file(path, size=entry[1], mtime_ns=entry[2])
        except Changing:
            entry = _looked_at_again(path, entry)
            raw = read_file(path, size=entry[1], mtime_ns=entry[2])
        read = Read(entry, raw)
        content = pictures.cover(raw.pictures) if raw.pictures else None
        raw.pictures = []
        if content is not None:
            read.cover = self.covers.reference(content, "embedded", lambda: embedded_in(path, entry))
            if read.cover is None:
                self.job.error(folder.path + escaped(entry[0]), _too_large(len(content)))
        return read

    def _wait_until_cold(self, path: bytes, entry: Entry) -> None:
        age = time.time_ns() - entry[2]
        window = COARSE_NS if entry[2] % 10_000_000 == 0 else FINE_NS
        if 0 <= age < window:
            time.sleep((window - age) / 1e9)
            if _looked_at_again(path, entry) != entry:
                raise Changing

    def _agree_on_encoding(self, folder: Folder, found: list[Read]) -> None:
        encoding = folders.shared_encoding(read.raw for read in found)
        if encoding is not None:
            for read in found:
                folders.read_again_as(read.raw, encoding)
            self.job.error(
                folder.path or "/", f"Its tags are not in Latin-1, as they claim: they were read as {encoding}."
            )

    def _rows_of(
        self, folder: Folder, read: Read, cuts: dict[bytes, beside.Cut], sidecars: beside.Sidecars
    ) -> list[Row]:
        cut = cuts.get(read.entry[0]) or _own_sheet(read.raw)
        parts = cue.parts(read.raw, cut.sheet, cut.file) if cut else []
        if len(parts) > 1:
            return [self._row(folder, read, part.raw) | _place(part) for part in parts]
        row = self._row(folder, read, read.raw)
        if sidecars.has(read.entry[0]):
            try:
                words = sidecars.words(read.entry[0])
            except beside.NotRead as trouble:
                self._note(folder, [trouble])
            else:
                row |= {"lyrics": words_row(words, "sidecar")} if words else {}
        return [row]

    def _row(self, folder: Folder, read: Read, raw: Raw) -> Row:
        name, size, mtime_ns = read.entry
        row = track_row(raw, folder=folder.path, name=name, size=size, mtime_ns=mtime_ns, rules=self.rules)
        if read.cover:
            row["cover"] = read.cover
        return row

    def _picture(self, folder: Folder, *, is_known: bool) -> None:
        entry = beside.picture(folder)
        if entry is None:
            # Of a folder that is new nothing has to be taken back.
            if is_known:
                self.delivery.folder_cover(folder.path, None)
            return
        largest = self.covers.largest
        try:
            content = beside.content_of(folder, entry, largest=largest)
        except beside.NotRead as trouble:
            self._note(folder, [trouble])
            return
        cover = self.covers.reference(content, "folder", lambda: picture_of(folder, entry, largest=largest))
        if cover:
            self.delivery.folder_cover(folder.path, cover)
        else:
            self._note(folder, [beside.NotRead(entry[0], "It is no picture that we know, whatever its name says.")])

    def _note(self, folder: Folder, troubles: list[beside.NotRead]) -> None:
        for trouble in troubles:
            self.job.error(folder.path + escaped(trouble.name), trouble.reason)


def _parts(files: Sorted) -> Iterator[Sorted]:
    for start in range(0, len(files.to_read), AT_ONCE):
        # Beside more than that, the others are not asked again.
        company = files.as_known if len(files.as_known) + len(files.to_read) <= AT_ONCE else []
        yield Sorted(files.to_read[start : start + AT_ONCE], company, [])


def _is_same(known: KnownFile | None, entry: Entry) -> bool:
    return known is not None and (known.size, known.mtime_ns) == entry[1:]


def _is_without_maker(raw: Raw) -> bool:
    return bool(raw.first("album")) and not has_album_artist(raw)


def _looked_at_again(path: bytes, entry: Entry) -> Entry:
    try:
        facts = os.stat(path)
    except OSError:
        raise Vanished from None
    return entry[0], facts.st_size, facts.st_mtime_ns


def embedded_in(path: bytes, entry: Entry) -> bytes | None:
    """Once more, for a picture whose bytes were not kept."""
    try:
        return pictures.cover(read_file(path, size=entry[1], mtime_ns=entry[2]).pictures)
    except (Unreadable, Vanished, Changing):
        return None


def picture_of(folder: Folder, entry: Entry, *, largest: int) -> bytes | None:
    try:
        return beside.content_of(folder, entry, largest=largest)
    except beside.NotRead:
        return None


def _own_sheet(raw: Raw) -> beside.Cut | None:
    """FLAC files may carry theirs in a tag."""
    text = raw.first("cuesheet")
    sheet = cue.parse(text) if text else None
    if sheet is None or len(sheet.files) != 1 or not cue.is_of_images(sheet.files[0]):
        return None
    return beside.Cut(sheet, sheet.files[0])


def _place(part: cue.Part) -> Row:
    place: Row = {"cue_index": part.index, "cue_start_ms": part.start_ms}
    return place if part.end_ms is None else place | {"cue_end_ms": part.end_ms}


def _too_large(size: int) -> str:
    return f"Its picture is not taken: it has {size >> 10} kB, or is of no kind that we know."
