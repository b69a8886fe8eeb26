"""What workers do for the library, told to a stand-in for the running job."""

from typing import Any

import pytest

from core.worker.errors import Cancelled
from library.engine.demo import PIECES
from library.worker.tasks import demo_library


class Told:
    """Hears how far the job is, and stops it at the first word."""

    def __init__(self, *there: str) -> None:
        self.api = self
        self.there = there
        self.said: list[tuple[int, int | None]] = []

    def get(self, path: str) -> list[dict[str, str]]:
        return [{"path": path} for path in self.there]

    def progress(self, step: str, current: int, total: int | None = None, **more: Any) -> None:
        self.said.append((current, total))
        raise Cancelled("Enough.")


def test_pieces_that_are_there_count_from_the_start_and_not_as_speed() -> None:
    job = Told(*(piece.path for piece in PIECES[1:]))
    with pytest.raises(Cancelled):
        demo_library(job)  # type: ignore[arg-type]
    assert job.said == [(len(PIECES) - 1, len(PIECES))]
