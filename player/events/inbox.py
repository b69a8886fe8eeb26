"""Changes in the order of their versions: they are told after each commit, and may overtake each other on the way."""

from typing import Any

MOST_WAITING = 50


class InOrder:
    """Of one socket: what it was told last, and what came too early."""

    def __init__(self) -> None:
        self.version: int | None = None
        """None until the state was read"""
        self._early: dict[int, str] = {}

    @property
    def waits(self) -> bool:
        """Something is missing that others came before."""
        return self.version is not None and bool(self._early)

    def begin(self, version: int) -> list[str]:
        """With the state of this version; what is newer and is here already follows."""
        self.version = version
        self._early = {number: text for number, text in self._early.items() if number > version}
        return self._due()

    def take(self, said: dict[str, Any]) -> list[str]:
        """What can be told now: nothing, this, or this and those that waited for it."""
        number: int = said["version"]
        if self.version is None or number > self.version:
            self._early[number] = said["text"]
        if self.version is None and self.hopeless:
            # Nobody has asked how it stands; who does so later is told what is missing then.
            self._early.clear()
        return self._due()

    @property
    def hopeless(self) -> bool:
        return len(self._early) > MOST_WAITING

    def _due(self) -> list[str]:
        due = []
        while self.version is not None and self.version + 1 in self._early:
            self.version += 1
            due.append(self._early.pop(self.version))
        return due
