"""What the terminal shows: lines that stay, and below them a few that are drawn anew."""

import os
import time
from typing import TextIO

from soniquebay.supervisor.figures import bar, seconds_text

FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
REDRAW_EVERY_S = 0.1
GREEN, RED, YELLOW, DIM, BOLD, PLAIN = "\033[32m", "\033[31m", "\033[33m", "\033[2m", "\033[1m", "\033[0m"


class Step:
    """One thing that is being started; its line moves until it is done."""

    def __init__(self, screen: "Screen", title: str) -> None:
        self._screen = screen
        self.title = title
        self.state = ""
        self.fraction: float | None = None
        self.since = time.monotonic()

    def done(self, note: str = "") -> None:
        taken = seconds_text(time.monotonic() - self.since)
        self._screen.steps.remove(self)
        title = f"{self.title} {self._screen.paint(DIM, note)}" if note else self.title
        self._screen.say(f"{self._screen.good} {title}  {self._screen.paint(DIM, taken)}")

    def drawn(self, frame: str, wide: bool) -> str:
        parts = [frame, self.title]
        if self.fraction is not None:
            parts.append(bar(self.fraction, wide=wide))
        return " ".join([*parts, self.state]).rstrip()


class Screen:
    """Draws moving lines only where a person looks; everything else gets plain lines."""

    def __init__(self, stream: TextIO, *, colour: bool, quiet: bool) -> None:
        self._stream = stream
        self.is_live = stream.isatty() and not quiet and os.environ.get("TERM") != "dumb"
        self._colour = colour and stream.isatty()
        self._quiet = quiet
        self.wide = "utf" in (stream.encoding or "").lower()
        self.good = self.paint(GREEN, "✓" if self.wide else "ok")
        self.bad = self.paint(RED, "✗" if self.wide else "!!")
        self.steps: list[Step] = []
        self.bars: list[str] = []
        self._drawn = 0
        self._next_draw = 0.0

    def paint(self, colour: str, text: str) -> str:
        return f"{colour}{text}{PLAIN}" if self._colour and text else text

    def step(self, title: str) -> Step:
        step = Step(self, title)
        self.steps.append(step)
        self.draw(now=True)
        return step

    def say(self, text: str) -> None:
        """A line that stays, unless quiet was asked for."""
        if not self._quiet:
            self.insist(text)

    def warn(self, text: str) -> None:
        self.insist(f"{self.paint(YELLOW, '!')} {text}")

    def problem(self, text: str) -> None:
        self.insist(f"{self.bad} {text}")

    def insist(self, text: str) -> None:
        """A line that stays in any case."""
        self._write(f"{self._erased()}{text}\n")
        self.draw(now=True)

    def draw(self, *, now: bool = False) -> None:
        """Draws the moving lines, ten times a second at most."""
        if not self.is_live or (not now and time.monotonic() < self._next_draw):
            return
        self._next_draw = time.monotonic() + REDRAW_EVERY_S
        frame = FRAMES[int(time.monotonic() * 10) % len(FRAMES)] if self.wide else "."
        lines = [step.drawn(frame, self.wide) for step in self.steps] + self.bars
        columns, rows = self.size()
        shown = [line[: columns - 1] for line in lines[: rows - 1]]
        self._write(self._erased() + "".join(f"{line}\n" for line in shown))
        self._drawn = len(shown)

    def clear(self) -> None:
        self.steps.clear()
        self.bars.clear()
        self._write(self._erased())

    def size(self) -> tuple[int, int]:
        """Columns and rows; terminals that nobody told of their size say nought."""
        try:
            columns, rows = os.get_terminal_size(self._stream.fileno())
        except OSError:
            return 80, 24
        return columns or 80, rows or 24

    def _erased(self) -> str:
        """Back to where the moving lines began; a later write replaces them."""
        if not self._drawn:
            return ""
        up = f"\033[{self._drawn}A\r\033[J"
        self._drawn = 0
        return up

    def _write(self, text: str) -> None:
        if not text:
            return
        if not self.wide:
            text = text.encode("ascii", "replace").decode()
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            # The terminal was closed (or the pipe's reader); the music goes on until somebody stops it.
            self.is_live = False
