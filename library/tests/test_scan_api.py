"""The workers' side of a scan, by the real API."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from prometheus_client.registry import REGISTRY

from core.services.jobs import cancel_job
from library.models import ArtistSplit, LibraryRoot, ScanError, Track
from library.tests.factories import make_root, scanned_track
from library.tests.scans import Scan, scan_whole

pytestmark = pytest.mark.usefixtures("no_delivery", "media")


@pytest.fixture
def root(db: None) -> LibraryRoot:
    return make_root("/music")


@pytest.fixture
def worker(api: Callable[[str], Client]) -> Client:
    return api("worker")


def post(client: Client, address: str, body: Any) -> Any:
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(address, text, content_type="application/json")


def test_the_plan_names_files_that_only_who_sees_the_root_can_know(root: LibraryRoot, worker: Client) -> None:
    scan_whole(root, [scanned_track(f"{n}.flac") for n in range(30)])
    ArtistSplit.objects.create(key="earth wind and fire", name="Earth, Wind & Fire")
    scan = Scan(root)
    plan = worker.get(f"/api/scans/{scan.job.pk}").json()
    assert (plan["root"]["path"], plan["known_files"], plan["force"]) == ("/music", 30, False)
    assert 4 <= len(plan["samples"]) <= 9
    assert {sample["folder"] for sample in plan["samples"]} == {"Moss/Low Tide/"}
    assert plan["rules"]["exceptions"] == ["Earth, Wind & Fire"]


def test_a_scan_from_end_to_end(root: LibraryRoot, worker: Client) -> None:
    scan = Scan(root)
    place = f"/api/scans/{scan.job.pk}"
    folders = [{"path": "Moss/Low Tide/", "digest": "d", "files": 2}]
    asked = post(worker, f"{place}/folders", {"attempt": 1, "folders": folders})
    assert [folder["path"] for folder in asked.json()["changed"]] == ["Moss/Low Tide/"]
    batch = {"job_id": str(scan.job.pk), "attempt": 1, "tracks": [scanned_track(), scanned_track()], "folders": folders}
    before = figure("scan_chunks_processed_total")
    assert post(worker, "/api/tracks/batch", batch).json() == {
        "new": 2, "changed": 0, "unchanged": 0, "returned": 0, "refused": [], "covers_wanted": [], "cancel": False,
    }  # fmt: skip
    assert figure("scan_chunks_processed_total") == before + 1
    settled = post(worker, f"{place}/settle", {"attempt": 1})
    assert settled.json() == {"moved": 0, "missing": 0, "not_new": 0}
    assert post(worker, f"{place}/folders", {"attempt": 1, "folders": folders}).json()["changed"] == []


def figure(name: str) -> float:
    return REGISTRY.get_sample_value(name) or 0.0


@pytest.mark.django_db(transaction=True)
def test_files_and_seconds_are_counted_under_the_names_of_the_documents() -> None:
    files, scans = figure("scan_files_processed_total"), figure("scan_duration_seconds_count")
    scan = Scan(make_root())
    for _ in range(2):
        scan.report(found=30)
    scan.finish()
    assert figure("scan_files_processed_total") == files + 30
    assert figure("scan_duration_seconds_count") == scans + 1


def test_whoever_is_superseded_or_cancelled_is_told_so(root: LibraryRoot, worker: Client) -> None:
    scan = Scan(root)
    place = f"/api/scans/{scan.job.pk}"
    batch = {"job_id": str(scan.job.pk), "attempt": 2, "tracks": [scanned_track()]}
    for address, body in (
        (f"{place}/folders", {"attempt": 2, "folders": []}),
        (f"{place}/settle", {"attempt": 2}),
        ("/api/tracks/batch", batch),
    ):
        answer = post(worker, address, body)
        assert (answer.status_code, answer.json()["code"]) == (409, "superseded")
    cancel_job(job_id=scan.job.pk)
    assert post(worker, "/api/tracks/batch", batch | {"attempt": 1}).json()["cancel"] is True
    assert post(worker, f"{place}/folders", {"attempt": 1, "folders": []}).json()["cancel"] is True


def test_half_characters_in_a_body_lose_no_row(root: LibraryRoot, worker: Client) -> None:
    scan = Scan(root)
    rows = [
        scanned_track(title="ok"),
        scanned_track(title="half \ud83d", comment="\udc00"),
        scanned_track(name="\ud800.mp3"),
    ]
    answer = post(worker, "/api/tracks/batch", {"job_id": str(scan.job.pk), "attempt": 1, "tracks": rows})
    assert answer.status_code == 200
    assert Track.objects.get(title__startswith="half").title == "half �"


def test_a_long_batch_is_read_and_a_longer_one_refused(root: LibraryRoot, worker: Client) -> None:
    scan = Scan(root)
    words = "la " * 600_000
    batch = {
        "job_id": str(scan.job.pk),
        "attempt": 1,
        "tracks": [scanned_track(lyrics={"text": words}) for _ in range(3)],
    }
    assert post(worker, "/api/tracks/batch", batch).json()["new"] == 3
    assert post(worker, "/api/tracks/batch", b" " * (25 * 2**20)).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '{"tracks": []}',
        '{"job_id": "x", "attempt": 1}',
        "[" * 100_000,
        '{"a": ' * 5000,
        "\x00",
    ],
)
def test_what_is_no_batch_is_refused_in_words(body: str, worker: Client) -> None:
    answer = post(worker, "/api/tracks/batch", body)
    assert answer.status_code == 422
    assert answer.json()["message"]


def test_rows_of_any_shape_never_break_the_door(root: LibraryRoot, worker: Client) -> None:
    scan = Scan(root)
    odd: list[Any] = [
        {},
        {"folder": 1, "name": None},
        {"folder": [], "name": {}},
        {"name": "x" * 50_000},
        {"size": 1e400},
    ]
    odd += [
        scanned_track(size=2**70),
        scanned_track(artists="Moss"),
        scanned_track(genres={"a": 1}),
        scanned_track(year=[]),
    ]
    batch = {"job_id": str(scan.job.pk), "attempt": 1, "tracks": [*odd, scanned_track()]}
    answer = post(worker, "/api/tracks/batch", json.dumps(batch))
    assert (answer.json()["new"], len(answer.json()["refused"])) == (1, len(odd))


def test_a_job_that_is_no_scan_has_no_plan(worker: Client) -> None:
    from core.services.jobs import start_job

    other = start_job(kind="library.demo_library")
    assert worker.get(f"/api/scans/{other.pk}").status_code == 404
    assert post(worker, "/api/tracks/batch", {"job_id": str(other.pk), "attempt": 1}).status_code == 404


def test_files_that_cannot_be_read_are_listed_by_page(root: LibraryRoot, api: Callable[[str], Client]) -> None:
    other = make_root("/vinyl")
    for number in range(3):
        ScanError.objects.create(root=root, path=f"/music/{number}.mp3", size=number, reason="It is cut short.")
    ScanError.objects.create(root=other, path="/vinyl/a.flac", reason="It is empty.")
    client = api("read")
    first = client.get(f"/api/scans/errors?root_id={root.pk}&size=2").json()
    second = client.get(f"/api/scans/errors?root_id={root.pk}&size=2&cursor={first['next_cursor']}").json()
    paths = [error["path"] for error in first["items"] + second["items"]]
    assert (sorted(paths), second["next_cursor"]) == (["/music/0.mp3", "/music/1.mp3", "/music/2.mp3"], None)
    assert len(client.get("/api/scans/errors").json()["items"]) == 4
    assert client.get("/api/scans/errors?root_id=999").status_code == 404
