"""What Prometheus reads: the names of the documents, and labels that nobody can multiply."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from core import jobs, queue
from core.cache import cached
from core.jobs import JobKind, Queue
from core.schemas import JobFinish, JobReport
from core.services.jobs import claim_job, finish_job, report_job, start_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(api: Callable[[str], Client]) -> Callable[..., list[dict[str, str]]]:
    """The labels of a sample's series, those alone that hold what is asked for."""
    reader = api("read")

    def find(name: str, **labels: str) -> list[dict[str, str]]:
        families = text_string_to_metric_families(reader.get("/metrics").content.decode())
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return [
            {**sample.labels, "value": str(sample.value)}
            for sample in samples
            if labels.items() <= sample.labels.items()
        ]

    return find


Read = Callable[..., list[dict[str, str]]]


def test_requests_are_timed_by_route_and_not_by_address(read: Read, client: Client) -> None:
    def count() -> float:
        found = read("api_request_duration_seconds_count", route="welcome/<str:secret>/", method="GET", status="404")
        return float(found[0]["value"]) if found else 0.0

    before = count()
    for number in (1, 2, 3):
        client.get(f"/welcome/secret{number}/")
    assert count() == before + 3
    assert not [one for one in read("api_request_duration_seconds_count") if "secret1" in str(one)]


def test_nobody_makes_new_series_by_making_up_methods_or_addresses(read: Read, client: Client) -> None:
    client.generic("BREW", "/nothing/0")
    before = len(read("api_request_duration_seconds_count"))
    for number in range(5):
        client.generic(f"BREW{number}", f"/nothing/{number}")
    assert len(read("api_request_duration_seconds_count")) <= before + 1


def test_jobs_are_counted_by_kind_and_state(read: Read) -> None:
    start_job(kind="library.demo_library")
    assert read("jobs", kind="library.demo_library", state="queued")[0]["value"] == "1.0"


@pytest.fixture(scope="module")
def measured() -> Iterator[str]:
    """A kind of job that an upper app has declared, with what Prometheus is to hear of it."""
    kind = JobKind(
        name="invented.walk",
        queue=Queue.FILES,
        title="Walking",
        duration="walk_duration_seconds",
        counters={"files": "walk_files_processed_total"},
    )
    jobs.register(kind)
    yield kind.name
    del jobs._kinds[kind.name], jobs._meters[kind.name]


def test_a_kind_of_job_brings_its_own_metrics(
    measured: str, read: Read, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)
    assert read("walk_files_processed_total")[0]["value"] == "0.0"
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(kind=measured)
        claim_job(job_id=job.pk, worker="a")
        for files in (3, 3, 8):
            report_job(job_id=job.pk, report=JobReport(attempt=1, metrics={"files": files, "note": "x"}))
        finish_job(job_id=job.pk, finish=JobFinish(attempt=1, state="done", metrics={"files": 10}))
    assert read("walk_files_processed_total")[0]["value"] == "10.0"
    assert read("walk_duration_seconds_count")[0]["value"] == "1.0"


def test_a_name_that_another_kind_has_taken_is_refused(measured: str) -> None:
    twin = JobKind(name="invented.twin", queue=Queue.FILES, title="Twin", duration="walk_duration_seconds")
    with pytest.raises(ValueError, match="Duplicated timeseries"):
        jobs.register(twin)
    assert "invented.twin" not in {kind.name for kind in jobs.all_kinds()}


def test_the_hit_rate_of_the_cache_can_be_worked_out(read: Read) -> None:
    for _ in range(4):
        cached("rate", "k", lambda: 1)
    found = {one["result"]: float(one["value"]) for one in read("cache_reads_total", group="rate")}
    assert found["hit"] / sum(found.values()) == 0.75


@pytest.mark.parametrize("scope", ["", "worker"])
def test_metrics_are_not_for_everybody(scope: str, client: Client, api: Callable[[str], Client]) -> None:
    answer = (api(scope) if scope else client).get("/metrics")
    assert answer.status_code == (403 if scope else 401)
    assert answer.json()["code"] in {"not_allowed", "not_authenticated"}
