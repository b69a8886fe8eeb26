"""How fast an analysis goes."""

import time
from collections import deque
from collections.abc import Callable

# A single track may take minutes on a small machine.
WINDOW_S = 600.0


class Speed:
    """Over the last minutes, without the time in which it stood still."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.points: deque[tuple[float, int, float]] = deque()
        self.stood = 0.0
        self.stood_since: float | None = None

    def stand(self, still: bool) -> None:
        if still and self.stood_since is None:
            self.stood_since = self.clock()
        elif not still and self.stood_since is not None:
            self.stood += self.clock() - self.stood_since
            self.stood_since = None

    def _worked(self) -> float:
        return (self.clock() if self.stood_since is None else self.stood_since) - self.stood

    def note(self, done: int, music_s: float) -> None:
        now = self._worked()
        self.points.append((now, done, music_s))
        while len(self.points) > 2 and now - self.points[0][0] > WINDOW_S:
            self.points.popleft()

    def figures(self, left: int | None) -> dict[str, float | int]:
        if not self.points:
            return {}
        began, first, music = self.points[0]
        _, last, music_last = self.points[-1]
        seconds = self._worked() - began
        if seconds < 1 or last <= first:
            return {}
        rate = (last - first) / seconds
        found: dict[str, float | int] = {
            "tracks_per_min": round(rate * 60, 1),
            "speed": round((music_last - music) / seconds, 1),
        }
        return found if left is None else {**found, "left_s": round(left / rate)}
