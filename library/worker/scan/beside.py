"""What lies beside the music in its folder: cue sheets, words, and the folder's picture."""

import os
from dataclasses import dataclass

from library.engine import cue
from library.engine.file_kinds import COVER_NAMES, LYRICS, stem_of, suffix_of
from library.engine.paths import escaped
from library.engine.tags import lyrics
from library.engine.tags.raw import Words
from library.engine.walk import Entry, Folder, reason_of

LARGEST_TEXT = 4 << 20


class NotRead(Exception):
    """A file beside the music could not be read; the music is, all the same."""

    def __init__(self, name: bytes, reason: str) -> None:
        super().__init__(reason)
        self.name, self.reason = name, reason


def content_of(folder: Folder, entry: Entry, *, largest: int) -> bytes:
    name, size, _ = entry
    if size > largest:
        raise NotRead(name, f"It is too large to be read ({size >> 10} kB).")
    try:
        with open(os.open(folder.real + name, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            return file.read(largest)
    except OSError as error:
        raise NotRead(name, f"It cannot be read: {reason_of(error)}.") from error


@dataclass(frozen=True)
class Cut:
    """How a sheet cuts one file into tracks."""

    sheet: cue.CueSheet
    file: cue.CueFile


def cuts(folder: Folder) -> tuple[dict[bytes, Cut], list[NotRead]]:
    """By the names of the files that are cut; where two sheets speak of one file, the first one counts."""
    if not folder.cues:
        return {}, []
    names = {escaped(name).casefold(): name for name, _, _ in folder.audio}
    found: dict[bytes, Cut] = {}
    troubles = []
    for entry in folder.cues:
        try:
            sheet = cue.parse(content_of(folder, entry, largest=cue.LARGEST))
        except NotRead as trouble:
            troubles.append(trouble)
            continue
        for file in sheet.files:
            image = cue.image_of(file, escaped(stem_of(entry[0])), names)
            if image is not None and cue.is_of_images(file):
                found.setdefault(image, Cut(sheet, file))
    return found, troubles


class Sidecars:
    """Words by the stem of the music that they belong to."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.by_stem: dict[bytes, list[Entry]] = {}
        for entry in folder.lyrics:
            self.by_stem.setdefault(stem_of(entry[0]), []).append(entry)

    def has(self, name: bytes) -> bool:
        return bool(self.by_stem) and stem_of(name) in self.by_stem

    def words(self, name: bytes) -> Words | None:
        """The best kind that is not empty."""
        beside = self.by_stem.get(stem_of(name), [])
        for entry in sorted(beside, key=lambda entry: LYRICS.index(suffix_of(entry[0]))):
            content = content_of(self.folder, entry, largest=LARGEST_TEXT)
            found = lyrics.from_file(content, suffix_of(entry[0]))
            if found is not None:
                return found
        return None


def picture(folder: Folder) -> Entry | None:
    """The folder's own, by its name."""
    best: tuple[int, Entry] | None = None
    for entry in folder.images:
        stem = stem_of(entry[0]).decode("latin-1").lower()
        if stem in COVER_NAMES and (best is None or COVER_NAMES.index(stem) < best[0]):
            best = COVER_NAMES.index(stem), entry
    return best[1] if best else None
