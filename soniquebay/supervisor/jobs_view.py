"""Follows the jobs over our own API and draws how far each is."""

import time
from collections import deque
from dataclasses import dataclass, field

from soniquebay.supervisor.figures import WIDTH, bar, count_text, rate_text, seconds_text
from soniquebay.supervisor.loopback import get_json
from soniquebay.supervisor.screen import DIM, Screen

LOOK_EVERY_S = 1.0
# Without jobs nobody waits for a bar, and a small machine has better things to do.
LOOK_WHEN_IDLE_S = 4.0
RATE_OVER_S = 15.0
# On 80 columns the time that is left matters more than a long bar.
ROOMY, NARROW = 100, 12


@dataclass
class Seen:
    """A job while it is active."""

    title: str
    since: float
    state: str = ""
    step: str = ""
    current: int = 0
    total: int | None = None
    percent: int = 0
    history: deque[tuple[float, int]] = field(default_factory=deque)

    def update(self, item: dict[str, object], now: float) -> None:
        self.state, self.step = _text(item, "state"), _text(item, "step")
        self.current, self.percent = _number(item, "current") or 0, _number(item, "percent") or 0
        self.total = _number(item, "total")
        if self.history and self.history[-1][1] > self.current:
            self.history.clear()
        self.history.append((now, self.current))
        while now - self.history[0][0] > RATE_OVER_S:
            self.history.popleft()

    def rate(self) -> float | None:
        """How many a second of late; the beginning says little about the rest."""
        (before, first), (after, last) = self.history[0], self.history[-1]
        return (last - first) / (after - before) if last > first and after - before >= 1.0 else None


class JobsView:
    """Asked often, looks seldom."""

    def __init__(self, screen: Screen, api_url: str, token: str) -> None:
        self._screen = screen
        self._url = f"{api_url}/api/jobs"
        self._token = token
        self._jobs: dict[str, Seen] = {}
        self._look_at = 0.0

    def look(self) -> None:
        now = time.monotonic()
        if now < self._look_at:
            return
        answer = get_json(f"{self._url}?state=active", token=self._token)
        self._look_at = now + LOOK_WHEN_IDLE_S
        items = answer.get("items") if isinstance(answer, dict) else None
        if not isinstance(items, list):
            return
        active = {_text(item, "id"): item for item in items if isinstance(item, dict)}
        for key, item in active.items():
            job = self._jobs.setdefault(key, Seen(_text(item, "title") or _text(item, "kind"), now))
            job.update(item, now)
        for key in [key for key in self._jobs if key not in active]:
            self._close(key, self._jobs.pop(key))
        if active:
            self._look_at = now + LOOK_EVERY_S
        self._screen.bars = [self._drawn(job) for job in self._jobs.values()]
        self._screen.draw(now=True)

    def _drawn(self, job: Seen) -> str:
        title = f"  {job.title[:22]:<22}"
        if job.state == "queued":
            return f"{title} waiting"
        if not job.total:
            return f"{title} {count_text(job.current) if job.current else ''} {job.step}".rstrip()
        width = WIDTH if self._screen.size()[0] >= ROOMY else NARROW
        parts = [title, bar(job.current / job.total, wide=self._screen.wide, width=width), f"{job.percent:>3} %"]
        parts.append(f"{count_text(job.current)}/{count_text(job.total)}")
        if rate := job.rate():
            parts += [rate_text(rate), f"{seconds_text((job.total - job.current) / rate)} left"]
        return "  ".join([*parts, job.step])

    def _close(self, key: str, job: Seen) -> None:
        answer = get_json(f"{self._url}/{key}", token=self._token)
        item = answer if isinstance(answer, dict) else {}
        state, message = _text(item, "state"), _text(item, "message")
        amount = _number(item, "current") or job.current
        facts = [count_text(amount)] if amount else []
        facts.append(seconds_text(time.monotonic() - job.since))
        if errors := _number(item, "error_count"):
            facts.append(f"{count_text(errors)} with errors")
        note = self._screen.paint(DIM, ", ".join(facts))
        if state in {"failed", "cancelled"}:
            mark = self._screen.bad if state == "failed" else "–"
            self._screen.say(f"{mark} {job.title}: {state}{f': {message}' if message else ''}  {note}")
        else:
            self._screen.say(f"{self._screen.good} {job.title}  {note}")


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _number(item: dict[str, object], name: str) -> int | None:
    value = item.get(name)
    return value if isinstance(value, int) else None
