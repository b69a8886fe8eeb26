"""Covers of an import wait in a hidden folder, until the database that names them takes its place."""

import os
import shutil
from pathlib import Path

STAGE = ".importing"


class StagedCovers:
    def __init__(self, media: Path) -> None:
        self.media = media
        self.stage = media / STAGE

    def begin(self) -> None:
        """On the disk where they will stay; what an interrupted import left is dropped."""
        self.discard()
        self.stage.mkdir(parents=True, mode=0o700)

    def count(self) -> int:
        return sum(len(names) for _, _, names in os.walk(self.stage))

    def take_places(self) -> None:
        """Named by what is in them: what is there already is the same."""
        # Once for all: thousands of small files, one by one, would keep a card busy for minutes.
        os.sync()
        for parent, _, names in os.walk(self.stage):
            place = self.media / Path(parent).relative_to(self.stage)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                Path(parent, name).replace(place / name)

    def discard(self) -> None:
        shutil.rmtree(self.stage, ignore_errors=True)
