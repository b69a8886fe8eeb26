"""Activity in a browser: what happens elsewhere shows here, and a lost connection is said and healed."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from playwright.sync_api import expect

from core import queue
from core.models import User
from core.schemas import ItemError, JobFinish, JobReport
from core.services.jobs import claim_job, finish_job, report_job, start_job
from core.services.tokens import create_token, revoke_token, take_back_revoking
from library.engine.demo import PIECES
from tests.browser.conftest import Complaints, OpenPage, apart
from tests.processes import Process, Web, wait_until
from tests.servers import redis

KIND = "library.demo_library"


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here the test is the worker."""
    monkeypatch.setattr(queue, "send", lambda job: True)


@pytest.fixture
def start_claimed(owner: User) -> Callable[[], UUID]:
    def start() -> UUID:
        job = apart(start_job, kind=KIND, requested_by=owner)
        apart(claim_job, job_id=job.pk, worker="test")
        return job.pk

    return start


@pytest.fixture
def no_demo() -> Iterator[Path]:
    """Where the demo library lies, empty before and after."""
    folder = Path(settings.DEMO_FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def report(job: UUID, current: int, **more: object) -> None:
    metrics: dict[str, float | int | str] = {"rate_per_s": 0.5, "left_s": 90, "memory_mb": 64}
    errors = [ItemError(item="07 Flywheel.flac", reason="It is cut short.")] if more.get("error") else []
    told = JobReport(attempt=1, step=f"Piece {current}", current=current, total=24, metrics=metrics, errors=errors)
    apart(report_job, job_id=job, report=told)


def test_a_job_moves_in_place_and_ends_among_the_earlier_ones(
    open_page: OpenPage, owner: User, start_claimed: Callable[[], UUID]
) -> None:
    page = open_page("/activity/", user=owner)
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    expect(page.get_by_role("heading", name="All is done")).to_be_visible()
    job = start_claimed()
    row = page.locator(f"#job-{job}")
    expect(row).to_be_visible()
    expect(row).to_have_attribute("data-state", "running")
    report(job, 6)
    expect(row).to_contain_text("Piece 6")
    # The news of its beginning fetches the list once more, a moment later.
    page.wait_for_timeout(1500)
    row.evaluate("row => { row.mark = 'the same' }")
    report(job, 12, error=True)
    bar = row.get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "50")
    expect(row).to_contain_text("Piece 12")
    expect(row).to_contain_text("12 of 24")
    expect(row).to_contain_text("30 pieces/min")
    expect(row.locator("[data-figure=errors]")).to_have_text("1")
    assert row.evaluate("row => row.mark") == "the same"
    assert bar.evaluate("bar => bar.style.getPropertyValue('--p')") == "50"
    spark = row.locator("[data-spark] path").last
    assert not spark.get_attribute("d"), "two say nothing yet"
    for current in range(13, 19):
        report(job, current)
        expect(row).to_contain_text(f"Piece {current}")
    # As many as were heard, each of one width, the newest at the right.
    expect(spark).to_have_attribute("d", re.compile(r"^M10[0-9.]+ .*L112 "))
    page.wait_for_timeout(2100)
    report(job, 19)
    expect(row).to_contain_text("Piece 19")
    page.reload()
    expect(spark).to_have_attribute("d", re.compile(r"^M10[0-9.]+ .*L112 "))
    apart(finish_job, job_id=job, finish=JobFinish(attempt=1, state="done"))
    expect(page.get_by_role("table").get_by_role("link", name="Making the demo library")).to_be_visible()
    expect(page.get_by_text("07 Flywheel.flac")).to_be_visible()


def test_cancelling_is_answered_at_once(open_page: OpenPage, owner: User, start_claimed: Callable[[], UUID]) -> None:
    job = start_claimed()
    page = open_page("/activity/", user=owner)
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    # The page fetches its list once more when it has begun to listen; nobody clicks in that moment.
    page.wait_for_timeout(1500)
    page.locator(f"#job-{job}").get_by_role("button", name="Cancel").click()
    expect(page.locator(".toast")).to_contain_text("It stops at its next step")
    expect(page.locator(f"#job-{job}").get_by_role("button", name="Cancel")).to_be_disabled()
    apart(finish_job, job_id=job, finish=JobFinish(attempt=1, state="cancelled"))
    expect(page.locator(f"#job-{job}")).to_have_count(0)


def test_that_no_worker_can_come_in_is_said_within_seconds(open_page: OpenPage, owner: User) -> None:
    row, _secret = create_token(name="worker", scope="worker", user=None)
    apart(start_job, kind=KIND, requested_by=owner)
    page = open_page("/activity/", user=owner)
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    expect(page.get_by_text("Waits for its turn")).to_be_visible()
    apart(revoke_token, token_id=row.pk, user=owner)
    expect(page.get_by_role("heading", name="No worker can come in")).to_be_visible(timeout=5_000)
    apart(take_back_revoking, token_id=row.pk, user=owner)
    expect(page.get_by_text("Waits for its turn")).to_be_visible(timeout=5_000)


def test_home_has_one_quiet_line_that_moves(
    open_page: OpenPage, owner: User, start_claimed: Callable[[], UUID]
) -> None:
    page = open_page("/", user=owner)
    expect(page.locator("#now-line")).to_have_text("Nothing is being done just now")
    job = start_claimed()
    expect(page.locator("#now-line")).to_contain_text("Making the demo library")
    report(job, 12)
    expect(page.locator("#now-line")).to_contain_text("12 of 24")
    expect(page.locator("#now-line")).to_contain_text("2\u00a0min left")


def test_home_turns_as_the_demo_library_is_made(
    open_page: OpenPage, owner: User, start_claimed: Callable[[], UUID], no_demo: Path
) -> None:
    page = open_page("/", user=owner)
    expect(page.get_by_role("heading", name="No music has come in yet")).to_be_visible()
    job = start_claimed()
    expect(page.get_by_role("heading", name="The demo library is being made")).to_be_visible()
    for piece in PIECES:
        (no_demo / piece.path).parent.mkdir(parents=True, exist_ok=True)
        (no_demo / piece.path).touch()
    apart(finish_job, job_id=job, finish=JobFinish(attempt=1, state="done"))
    expect(page.get_by_role("heading", name="The demo library is made")).to_be_visible()
    expect(page.get_by_role("button", name="Make the demo library")).to_have_count(0)


def test_an_absent_redis_is_said_and_what_happened_meanwhile_is_found(
    open_page: OpenPage, owner: User, start_claimed: Callable[[], UUID]
) -> None:
    page = open_page("/activity/", user=owner)
    job = start_claimed()
    expect(page.locator(f"#job-{job}")).to_be_visible()
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    redis.stop()
    try:
        expect(page.locator("[data-live-state]")).to_have_text("The server is away; trying again…")
        report(job, 12)
    finally:
        redis.start()
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    expect(page.locator(f"#job-{job}")).to_contain_text("12 of 24")


def test_a_lost_server_is_said_and_found_again(
    processes: list[Process],
    open_page: OpenPage,
    owner: User,
    web: Web,
    test_database_url: str,
    tmp_path: Path,
    start_claimed: Callable[[], UUID],
    complaints: Complaints,
) -> None:
    page = open_page("/activity/", user=owner)
    expect(page.locator("[data-live-state]")).to_have_text("Live")
    web.kill()
    expect(page.locator("[data-live-state]")).to_have_text("The server is away; trying again…")
    page.locator("#rail").get_by_role("link", name="Home", exact=True).click()
    expect(page.locator(".toast:not(.is-going)")).to_contain_text("The server cannot be reached; nothing was lost.")
    start_claimed()
    again = Web(log=tmp_path / "again.log", env={**os.environ, "DATABASE_URL": test_database_url}, port=web.port)
    processes.append(again)
    wait_until(again.answers, "the web answers again")
    # What was asked for while it was away is asked again by itself.
    expect(page.get_by_role("heading", level=1)).to_have_text("Quiet water", timeout=30_000)
    page.locator("#rail").get_by_role("link", name="Activity", exact=True).click()
    expect(page.locator("[data-live-state]")).to_have_text("Live", timeout=30_000)
    expect(page.get_by_role("heading", name="Making the demo library")).to_be_visible()
    expected = ("net::ERR", "htmx:", "WebSocket")
    complaints[:] = [said for said in complaints if not any(word in said for word in expected)]
