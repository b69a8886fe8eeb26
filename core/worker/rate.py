"""How fast a job goes and how long it will take, from the last half minute rather than from its beginning."""

from collections import deque
from collections.abc import Callable

WINDOW_S = 30.0


class Rate:
    """Remembers where the job was, at most twice a second."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.points: deque[tuple[float, int]] = deque()

    def note(self, current: int) -> None:
        now = self.clock()
        if self.points and now - self.points[-1][0] < 0.5:
            return
        self.points.append((now, current))
        while self.points and now - self.points[0][0] > WINDOW_S:
            self.points.popleft()

    def figures(self, current: int, total: int | None) -> dict[str, float | int]:
        """rate_per_s and left_s, once there is enough to tell."""
        if not self.points:
            return {}
        began, first = self.points[0]
        seconds = self.clock() - began
        done = current - first
        if seconds < 1 or done <= 0:
            return {}
        rate = done / seconds
        left = {} if total is None else {"left_s": round((total - current) / rate)}
        return {"rate_per_s": round(rate, 3), **left}
