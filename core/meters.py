"""What Prometheus hears of a kind of job: how long it takes, and what it counts, under names that its app declares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import Counter, Histogram

BUCKETS_S = (1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600)


@dataclass(frozen=True)
class JobMeter:
    """Made once for each kind; a name that another kind has taken is refused by Prometheus' own registry."""

    duration: Histogram | None = None
    counters: Mapping[str, Counter] = field(default_factory=dict)

    @classmethod
    def declare(cls, kind: str, *, duration: str, counters: Mapping[str, str]) -> "JobMeter":
        told = f"{kind}, from its first start to its end."
        return cls(
            Histogram(duration, told, buckets=BUCKETS_S) if duration else None,
            {figure: Counter(name, f"{kind}: {figure}.") for figure, name in counters.items()},
        )

    def count(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        """Adds what a job's figures have grown by; a report that comes twice adds nothing."""
        for figure, counter in self.counters.items():
            counter.inc(max(0, _number(after.get(figure)) - _number(before.get(figure))))

    def time(self, seconds: float) -> None:
        if self.duration:
            self.duration.observe(seconds)


def _number(figure: Any) -> float:
    return figure if isinstance(figure, int | float) else 0
