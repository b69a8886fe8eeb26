"""How a backup says how far it is: to a job's page, to a terminal, or to nobody."""

import sys
import time
from typing import Protocol, TextIO

MB = 1024 * 1024


class Progress(Protocol):
    """May raise, when it is time to stop."""

    def __call__(self, step: str, current: int, total: int | None = None, **figures: float | int | str) -> None: ...


def silent(step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
    """For whoever does not want to know."""


class Bar:
    """One line in a terminal, drawn anew; in a log, one line per step."""

    WIDTH = 30

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self.stream = stream
        self.step = ""
        self.drawn_at = 0.0

    def __call__(self, step: str, current: int, total: int | None = None, **figures: float | int | str) -> None:
        new = step != self.step
        now = time.monotonic()
        if not self.stream.isatty():
            if new:
                self.stream.write(f"{step}\n")
        elif new or current == total or now - self.drawn_at > 0.1:
            self.drawn_at = now
            before = "\n" if new and self.step else ""
            self.stream.write(f"{before}\r\033[K{step:<26} {self._amount(current, total)}")
        self.step = step
        self.stream.flush()

    def end(self) -> None:
        if self.step and self.stream.isatty():
            self.stream.write("\n")

    def _amount(self, current: int, total: int | None) -> str:
        if not total:
            return f"{current:,}" if current else ""
        filled = self.WIDTH * current // total
        return f"{'█' * filled}{'░' * (self.WIDTH - filled)} {100 * current // total:3d} %"
