"""How a scan is getting on; kept with its checkpoint, so that who takes it up goes on counting."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass
class Figures:
    found: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    moved: int = 0
    missing: int = 0
    errors: int = 0
    seconds: float = 0.0

    @classmethod
    def from_checkpoint(cls, kept: Any) -> "Figures":
        """Whatever an older worker may have kept."""
        figures = cls()
        for field in fields(cls):
            value = kept.get(field.name) if isinstance(kept, dict) else None
            if isinstance(value, int | float):
                setattr(figures, field.name, value)
        return figures


class Tally:
    """The figures, with the time that this attempt adds."""

    def __init__(self, figures: Figures, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.figures = figures
        self.clock = clock
        self.before_s = figures.seconds
        self.began = clock()
        self.found_before = figures.found

    def as_metrics(self, total: int | None) -> dict[str, float | int | str]:
        figures = self.figures
        taken = self.clock() - self.began
        figures.seconds = self.seconds()
        metrics: dict[str, float | int | str] = {**asdict(figures)}
        metrics["files_per_second"] = round((figures.found - self.found_before) / taken, 1) if taken > 0 else 0.0
        if total is not None:
            metrics["left"] = max(0, total - figures.found)
        return metrics

    def seconds(self) -> float:
        return round(self.before_s + self.clock() - self.began, 3)
