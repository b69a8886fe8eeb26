"""Puts the covers of a backup into their folder: new ones at any time, changed ones only once the database is swapped.

A cover that the old database does not name disturbs nobody. One that differs under the same name waits in a hidden
folder until the swap; a note there names the database that the swap puts aside, so that whoever finds the folder later,
after a power cut in between, knows whether the swap had happened and the rest is to be finished.
"""

import filecmp
import os
import shutil
from pathlib import Path

from core.backups.database import Database
from core.backups.progress import Progress
from core.backups.swapping import database_exists, lock
from core.backups.verifying import Backup

STAGE = ".restoring"
NOTE = "waits-for"


class Covers:
    """The covers of one restore."""

    def __init__(self, media: Path) -> None:
        self.media = media
        self.stage = media / STAGE
        self.changed = self.stage / "changed"

    def unpack(self, backup: Backup, progress: Progress) -> None:
        """All of them into the hidden folder, on the disk where they will stay."""
        shutil.rmtree(self.stage, ignore_errors=True)
        self.changed.mkdir(parents=True, mode=0o700)
        total = backup.manifest.media.files
        for done, (name, chunks) in enumerate(backup.media(), start=1):
            target = self.changed / name
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                file.writelines(chunks)
            progress("Unpacking covers", done, total)
        # Once for all: thousands of small files, one by one, would keep a card busy for minutes.
        os.sync()

    def add_new(self) -> None:
        """What is not there yet takes its place; what is there already and the same is dropped."""
        for staged, place in self._staged():
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                staged.rename(place)
            elif filecmp.cmp(staged, place, shallow=False):
                staged.unlink()

    def wait_for(self, database_put_aside: str) -> None:
        note = self.stage / NOTE
        with note.open("w", encoding="utf-8") as file:
            file.write(database_put_aside)
            file.flush()
            os.fsync(file.fileno())

    def waits_for(self) -> str | None:
        try:
            return (self.stage / NOTE).read_text(encoding="utf-8")
        except OSError:
            return None

    def replace_changed(self) -> None:
        """May be done again after an interruption: each rename is whole, and what is done is gone from the stage."""
        for staged, place in self._staged():
            place.parent.mkdir(parents=True, exist_ok=True)
            staged.replace(place)
        self.discard()

    def discard(self) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)

    def _staged(self) -> list[tuple[Path, Path]]:
        found = [Path(parent, name) for parent, _, names in os.walk(self.changed) for name in names]
        return [(staged, self.media / staged.relative_to(self.changed)) for staged in found]


def finish_interrupted(database: Database, media: Path) -> None:
    """What a restore that was cut off left behind is brought to its end, or taken away; a running one is let be."""
    covers = Covers(media)
    if not covers.stage.exists():
        return
    with lock(database) as free:
        if not free:
            return
        put_aside = covers.waits_for()
        if put_aside and database_exists(database, put_aside):
            covers.replace_changed()
        else:
            covers.discard()
