"""Symbolic links: followed only inside the folder of music, to what is not listed where it lies, and never in rings."""

import os
import stat

from library.engine.file_kinds import is_passed_over

MOST_HOPS = 8


class LeadsOut(Exception):
    """Its target is not below the root."""

    def __init__(self, target: bytes, *, is_folder: bool) -> None:
        super().__init__(target)
        self.target, self.is_folder = target, is_folder


class LeadsNowhere(Exception):
    """It is broken, or leads to itself."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Links:
    """What one walk knows of the places that links have led it to."""

    def __init__(self, root: bytes) -> None:
        self.top = os.path.realpath(root).rstrip(b"/") + b"/"
        self.entered: set[tuple[int, int]] = set()

    def target_of(self, link: bytes) -> tuple[bytes, os.stat_result]:
        try:
            target = os.path.realpath(link, strict=True)
            facts = os.stat(target)
        except OSError as error:
            raise LeadsNowhere(error.strerror or "unknown") from None
        if not (target + b"/").startswith(self.top):
            raise LeadsOut(target, is_folder=stat.S_ISDIR(facts.st_mode))
        return target, facts

    def is_listed_itself(self, target: bytes) -> bool:
        """Whether the walk comes to it anyway: no folder on the way there is hidden."""
        parts = target[len(self.top) :].split(b"/")
        return not any(is_passed_over(part) for part in parts)

    def may_enter(self, facts: os.stat_result, hops: int) -> bool:
        """Once by whichever link comes first, and not through links in links for ever."""
        place = (facts.st_dev, facts.st_ino)
        if place in self.entered or hops >= MOST_HOPS:
            return False
        self.entered.add(place)
        return True
