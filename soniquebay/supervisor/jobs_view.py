"""Follows the jobs over our own API and draws how far each is."""

import time
from dataclasses import dataclass, field

from soniquebay.supervisor.figures import WIDTH, bar, count_text, rate_text, seconds_text
from soniquebay.supervisor.loopback import get, get_json, understood
from soniquebay.supervisor.screen import DIM, Screen

LOOK_EVERY_S = 1.0
# Without jobs nobody waits for a bar, and a small machine has better things to do.
LOOK_WHEN_IDLE_S = 4.0
# On 80 columns the time that is left matters more than a long bar, and more than the step.
ROOMY, NARROW = 100, 12
LONGEST_TITLE, LONGEST_TITLE_WHEN_NARROW = 36, 26


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
    figures: dict[str, object] = field(default_factory=dict)

    def update(self, item: dict[str, object]) -> None:
        self.state, self.step = _text(item, "state"), _text(item, "step")
        self.current, self.percent = _number(item, "current") or 0, _number(item, "percent") or 0
        self.total = _number(item, "total")
        figures = item.get("figures")
        self.figures = figures if isinstance(figures, dict) else {}

    def figure(self, name: str) -> float | None:
        value = self.figures.get(name)
        return value if isinstance(value, int | float) else None


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
            job.update(item)
        endings = [line for key in [*self._jobs] if key not in active and (line := self._ending(key))]
        # Before anything is said, for that draws the bars anew.
        self._screen.bars = [self._drawn(job) for job in self._jobs.values()]
        for line in endings:
            self._screen.say(line)
        if self._jobs:
            self._look_at = now + LOOK_EVERY_S
        self._screen.draw(now=True)

    def _drawn(self, job: Seen) -> str:
        columns = self._screen.size()[0]
        title = f"  {self._shortened(job.title):<{self._title_width()}}"
        if job.state == "queued":
            return f"{title} waiting"
        if not job.total:
            return f"{title} {count_text(job.current) if job.current else ''} {job.step}".rstrip()
        width = WIDTH if columns >= ROOMY else NARROW
        parts = [title, bar(job.current / job.total, wide=self._screen.wide, width=width), f"{job.percent:>3} %"]
        parts.append(f"{count_text(job.current)}/{count_text(job.total)}")
        rate, left = job.figure("rate_per_s"), job.figure("left_s")
        parts += [] if rate is None else [rate_text(rate)]
        parts += [] if left is None else [f"{seconds_text(left)} left"]
        line, with_step = "  ".join(parts), "  ".join([*parts, job.step])
        return with_step if len(with_step) < columns else line

    def _title_width(self) -> int:
        most = LONGEST_TITLE if self._screen.size()[0] >= ROOMY else LONGEST_TITLE_WHEN_NARROW
        return min(most, max(len(job.title) for job in self._jobs.values()))

    def _shortened(self, title: str) -> str:
        width = self._title_width()
        return title if len(title) <= width else title[: width - 1].rstrip() + ("…" if self._screen.wide else ".")

    def _ending(self, key: str) -> str | None:
        """What became of a job that is not active any more; None while nobody can tell."""
        answer = get(f"{self._url}/{key}", token=self._token)
        item = understood(answer)
        state = _text(item, "state") if isinstance(item, dict) else ""
        if answer is not None and answer[0] == 404:
            return f"– {self._jobs.pop(key).title}: not known here any more, as after a restore"
        if not isinstance(item, dict) or state not in {"done", "failed", "cancelled"}:
            return None
        return self._said(self._jobs.pop(key), item, state)

    def _said(self, job: Seen, item: dict[str, object], state: str) -> str:
        message = _text(item, "message")
        amount = _number(item, "current") or job.current
        facts = [count_text(amount)] if amount else []
        facts.append(seconds_text(time.monotonic() - job.since))
        if errors := _number(item, "error_count"):
            facts.append(f"{count_text(errors)} with errors")
        note = self._screen.paint(DIM, ", ".join(facts))
        if state == "done":
            return f"{self._screen.good} {job.title}  {note}"
        mark = self._screen.bad if state == "failed" else "–"
        return f"{mark} {job.title}: {state}{f': {message}' if message else ''}  {note}"


def _text(item: dict[str, object], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _number(item: dict[str, object], name: str) -> int | None:
    value = item.get(name)
    return value if isinstance(value, int) else None
