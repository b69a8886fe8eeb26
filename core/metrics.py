"""What Prometheus may read at /metrics, under the names of the documents where they have one."""

from collections.abc import Iterator

from django.db.models import Count
from prometheus_client import Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from core.models import Job

api_request_duration_seconds = Histogram(
    "api_request_duration_seconds",
    "Time from the first byte of a request to its answer.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
cache_reads_total = Counter("cache_reads_total", "Reads of the cache, by what they found.", ["group", "result"])
events_published_total = Counter("events_published_total", "Events sent to listeners.", ["channel", "result"])
scan_chunks_processed_total = Counter("scan_chunks_processed_total", "Batches of files that scans have delivered.")


class JobsCollector(Collector):
    """Jobs by kind and state, counted when somebody looks."""

    def describe(self) -> list[Metric]:
        return [GaugeMetricFamily("jobs", "Jobs that are kept, by kind and state.")]

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily("jobs", "Jobs that are kept, by kind and state.", labels=["kind", "state"])
        for row in Job.objects.values("kind", "state").annotate(count=Count("pk")).order_by():
            family.add_metric([row["kind"], row["state"]], row["count"])
        yield family


def register_collectors() -> None:
    """Called once, when the models are ready."""
    REGISTRY.register(JobsCollector())
