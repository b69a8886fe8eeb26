"""Every page, dark, light and on a phone: nothing serious for axe, nothing refused, nothing too wide."""

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.utils import timezone
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask
from playwright.sync_api import Page, expect

from core.models import Job, JobError, User
from core.services.accounts import invite
from core.services.tokens import create_token
from tests.browser.conftest import Complaints, OpenPage

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
LONG = "Kestrel Dynamo/" * 12 + "<img src=x onerror=alert(1)>\u202e07 Flywheel.flac"
LOOKS: dict[str, dict[str, Any]] = {
    "dark": {"color_scheme": "dark"},
    "light": {"color_scheme": "light"},
    "phone": {"color_scheme": "dark", "viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}


@pytest.fixture
def lived_in(owner: User) -> Job:
    """A place where something was done, failed, and is being done."""
    now = timezone.now()
    begun = {"queue": "compute", "started_at": now, "attempt": 1, "requested_by": owner}
    figures = {"rate_per_s": 10.2, "left_s": 720, "memory_mb": 184}
    Job.objects.create(
        kind="library.demo_library", state="running", step=LONG, current=4412, total=11920, heartbeat_at=now,
        figures=figures, error_count=3, **begun,
    )  # fmt: skip
    Job.objects.create(kind="restore", state="queued", queue="control")
    failed = Job.objects.create(
        kind="clean_up", state="failed", message=LONG, finished_at=now + timedelta(seconds=64), params={"root": LONG},
        figures=figures, **begun,
    )  # fmt: skip
    for number in range(3):
        JobError.objects.create(job=failed, item=f"{LONG}{number}", item_digest=str(number), reason=LONG)
    create_token(name=LONG[:90], scope="read", user=owner)
    return failed


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_sound(open_page: OpenPage, owner: User, lived_in: Job, look: str) -> None:
    link = f"/welcome/{invite(created_by=owner)}/"
    page = open_page("/login/", **LOOKS[look])
    for address in ("/login/", link, "/welcome/spent/"):
        page.goto(address)
        look_at(page)
    inside = ("/", "/activity/", f"/activity/{lived_in.pk}/", "/nowhere/")
    settings = ("/settings/", "/settings/tokens/", "/settings/invitations/", "/settings/about/")
    page = open_page("/", user=owner, **LOOKS[look])
    for address in (*inside, *settings):
        page.goto(address)
        look_at(page)


@pytest.mark.parametrize("look", LOOKS)
def test_what_opens_over_a_page_is_sound_too(open_page: OpenPage, owner: User, look: str) -> None:
    page = open_page("/settings/tokens/", user=owner, **LOOKS[look])
    page.get_by_label("What is it for?").fill("kitchen")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast")).to_be_visible()
    look_at(page)
    page.get_by_role("button", name="Queue", exact=True).click()
    look_at(page)
    page.get_by_role("button", name="Close the queue").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    look_at(page)


ADMIN = ["", "core/job/", "core/user/", "core/apitoken/"]
ADMIN += [f"django_celery_beat/{page}" for page in ("periodictask/", "periodictask/add/", "crontabschedule/add/")]


@pytest.mark.parametrize("page", ADMIN)
def test_the_admin_keeps_to_the_policy(open_page: OpenPage, owner: User, lived_in: Job, page: str) -> None:
    opened = open_page(f"/admin/{page}", user=owner)
    expect(opened.locator("#site-name")).to_be_visible()
    assert "digest" not in opened.content().lower()


def test_every_form_of_the_admin_keeps_to_the_policy(
    open_page: OpenPage, owner: User, lived_in: Job, complaints: Complaints
) -> None:
    """Packages bring templates of their own: of whatever is registered the list is opened, the form and one row."""
    every, _made = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.DAYS)
    PeriodicTask.objects.create(name="Sweeping", task="clean_up", interval=every)
    CrontabSchedule.objects.create(minute="0", hour="3")
    page = open_page("/admin/", user=owner)
    for model in admin.site._registry:
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.first()
        for place in ("", "add/", *([f"{row.pk}/change/"] if row else [])):
            page.goto(address + place)
            page.wait_for_load_state("load")
            # What is only looked at has no form to add one with.
            complaints[:] = [said for said in complaints if "403" not in said]
            assert not complaints, address + place


def test_a_job_in_the_admin_is_only_looked_at(open_page: OpenPage, owner: User, lived_in: Job) -> None:
    page = open_page(f"/admin/core/job/{lived_in.pk}/change/", user=owner)
    assert page.locator("#content form input:not([type=hidden])").count() == 0
    assert page.get_by_text("It is cut short").count() == 0


def test_the_api_s_own_pages_keep_to_the_policy(open_page: OpenPage, owner: User) -> None:
    page = open_page("/api/docs", user=owner)
    page.wait_for_load_state("networkidle")


def test_without_scripts_jobs_are_listed_and_forms_work(open_page: OpenPage, owner: User, lived_in: Job) -> None:
    page = open_page("/activity/", user=owner, java_script_enabled=False)
    expect(page.get_by_role("heading", name="Making the demo library")).to_be_visible()
    expect(page.get_by_role("button", name="Switch between dark and light")).to_be_hidden()
    page.locator(".jobs").get_by_role("button", name="Cancel").first.click()
    expect(page.locator(".messages")).to_contain_text("It stops at its next step")
    page.locator("#rail").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="API tokens", exact=True).click()
    page.get_by_label("What is it for?").fill("kitchen")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("#secret")).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()


def test_the_first_page_is_light(open_page: OpenPage, owner: User) -> None:
    """Without pictures at most 90 kB, as they would be sent compressed."""
    weights: dict[str, int] = {}
    kinds = {"document", "script", "stylesheet"}

    def weigh(response: Any) -> None:
        if response.request.resource_type in kinds:
            weights[response.url] = len(gzip.compress(response.body()))

    inside = open_page("/settings/about/", user=owner)
    inside.on("response", weigh)
    inside.goto("/activity/", wait_until="networkidle")
    assert len(weights) > 5
    assert sum(weights.values()) < 90_000, weights


SETTLED = """() => Promise.all(
    document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished.catch(() => {}))
)"""


def look_at(page: Page) -> None:
    page.wait_for_load_state("load")
    # A colour on its way to another one has a contrast that nobody reads by.
    page.evaluate(SETTLED)
    # Evaluated, not added as an element: the policy of the page lets no foreign script in.
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    grave = [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in found["violations"]
        if rule["impact"] in {"serious", "critical"}
    ]
    assert not grave, (page.url, grave)
    width, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width <= room, f"{page.url} is {width} wide in {room}"
