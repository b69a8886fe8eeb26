"""The pages of the foundation: what they show, refuse, say and escape, in both languages."""

import gettext
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core import navigation, queue
from core.backups.settling import REASON
from core.context import Frame
from core.models import ApiToken, Job, JobError, User
from core.navigation import NavItem
from core.services.jobs import start_job
from core.services.tokens import create_token

PASSWORD = "correct horse battery"
KIND = "library.demo_library"
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
FRENCH = {"Accept-Language": "fr"}
PAGES = ("home", "activity", "settings", "tokens", "invitations", "about")


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody takes jobs."""
    monkeypatch.setattr(queue, "send", lambda job: True)


@pytest.fixture
def a_job(db: None) -> Callable[..., Job]:
    def make(state: str = "running", kind: str = KIND, **fields: Any) -> Job:
        now = timezone.now()
        ended = {"finished_at": now} if state in {"done", "failed", "cancelled"} else {}
        begun = {} if state == "queued" else {"started_at": now, "heartbeat_at": now, "attempt": 1}
        return Job.objects.create(kind=kind, queue="compute", state=state, **{**ended, **begun, **fields})

    return make


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- the frame --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_in_the_frame_and_says_where_it_is(signed_in: Client, name: str) -> None:
    page = text_of(signed_in.get(reverse(name)))
    assert page.count("<main ") == 1
    assert 'id="player"' in page
    assert "<title>" in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert page.count('aria-current="page"') >= 2  # in the rail and in the phone's bar


@pytest.mark.parametrize("name", [*PAGES, "login"])
def test_pages_hold_no_script_and_no_style_of_their_own(signed_in: Client, name: str) -> None:
    page = text_of(signed_in.get(reverse(name), follow=True))
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert not re.search(r"<[^>]+\son\w+=", page)


def test_the_theme_of_the_account_is_in_the_page_before_any_script(signed_in: Client, owner: User) -> None:
    signed_in.post(reverse("theme"), {"theme": "light"})
    assert 'data-theme="light"' in text_of(signed_in.get(reverse("home")))[:300]
    signed_in.post(reverse("theme"), {"theme": "purple"})
    owner.refresh_from_db()
    assert owner.theme == "light"


def test_what_does_not_fit_the_phone_waits_under_more(monkeypatch: pytest.MonkeyPatch) -> None:
    few = {name: item for name, item in navigation._items.items() if name in {"home", "activity"}}
    monkeypatch.setattr(navigation, "_items", few)
    assert navigation.phone_items()[1] == []
    navigation.register(*(NavItem(f"page{n}", "home", "home", f"Page {n}", order=n) for n in range(1, 6)))
    shown, waiting = navigation.phone_items()
    assert len(shown) == navigation.PHONE_PLACES - 1
    assert [item.name for item in waiting][-1] == "settings"


@pytest.mark.parametrize(
    ("path", "section"), [("/", "home"), ("/activity/x/", "activity"), ("/settings/tokens/", "settings"), ("/odd/", "")]
)
def test_an_address_belongs_to_one_section(path: str, section: str) -> None:
    assert Frame(path=path).section == section


# --- home and activity ------------------------------------------------------------------------------------------------


def test_home_offers_the_demo_until_it_is_being_made(signed_in: Client) -> None:
    offer = reverse("start_job", args=[KIND])
    assert offer in text_of(signed_in.get("/"))
    response = signed_in.post(offer, {"next": "/"})
    assert response["Location"] == "/"
    page = text_of(signed_in.get("/"))
    assert offer not in page
    assert f'data-task="{Job.objects.get().pk}"' in page


def test_activity_shows_what_runs_what_failed_and_what_could_not_be_read(
    signed_in: Client, a_job: Callable[..., Job]
) -> None:
    a_job(current=4412, total=11920, step="batch 9", figures={"rate_per_s": 10.2, "left_s": 720, "memory_mb": 184})
    failed = a_job("failed", kind="clean_up", message="The tide went out")
    JobError.objects.create(job=failed, item="07 Flywheel.flac", item_digest="x", reason="It is cut short.")
    page = text_of(signed_in.get(reverse("activity")))
    for shown in (
        "4,412 of 11,920",
        "612 pieces/min",
        "12\u00a0min",
        "184 MB",
        "The tide went out",
        "It is cut short.",
    ):
        assert shown in page, shown
    assert 'aria-valuenow="37"' in page


def test_jobs_that_nobody_can_take_say_so(signed_in: Client, a_job: Callable[..., Job]) -> None:
    a_job("queued")
    page = text_of(signed_in.get(reverse("activity")))
    assert "No worker can come in" in page
    assert "Waits for a worker" in page
    row, _ = create_token(name="worker", scope="worker", user=None)
    page = text_of(signed_in.get(reverse("activity")))
    assert "Waits for its turn" in page
    assert "No worker" not in page
    ApiToken.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(hours=1))
    assert "No worker is here" in text_of(signed_in.get(reverse("activity")))


def test_the_lists_alone_are_for_the_page_that_shows_them(signed_in: Client, a_job: Callable[..., Job]) -> None:
    a_job()
    fragment = signed_in.get(reverse("job_board"), headers={"HX-Request": "true"})
    assert text_of(fragment).startswith("<div")
    assert "<html" not in text_of(fragment)
    assert signed_in.get(reverse("job_board"))["Location"] == reverse("activity")
    for name in ("now_line", "first_steps"):
        assert signed_in.get(reverse(name))["Location"] == reverse("home")


def test_the_memory_is_named_and_can_be_asked_for_alone(signed_in: Client) -> None:
    words = re.compile(r"memory [\d.,]+ of [\d.,]+ GB")
    assert words.search(text_of(signed_in.get(reverse("activity"))))
    alone = signed_in.get(reverse("memory"))
    assert words.fullmatch(text_of(alone).strip())
    assert alone["Content-Type"] == "text/plain"


def test_cancelling_answers_htmx_with_the_lists_and_a_plain_form_with_the_page(
    signed_in: Client, a_job: Callable[..., Job]
) -> None:
    one, other = a_job("queued"), a_job("queued", kind="clean_up")
    answer = signed_in.post(reverse("cancel_job", args=[one.pk]), headers={"HX-Request": "true", "HX-Target": "jobs"})
    assert 'id="jobs"' in text_of(answer)
    assert "Cancelled" in text_of(answer)
    answer = signed_in.post(reverse("cancel_job", args=[other.pk]))
    assert answer["Location"] == reverse("activity")
    assert set(Job.objects.values_list("state", flat=True)) == {"cancelled"}


def test_a_job_that_cannot_be_cancelled_says_why(signed_in: Client, a_job: Callable[..., Job]) -> None:
    page = text_of(signed_in.post(reverse("cancel_job", args=[a_job("done").pk]), follow=True))
    assert 'data-message="error"' in page


def test_retry_starts_the_job_again_and_go_back_never_leads_outside(
    signed_in: Client, a_job: Callable[..., Job]
) -> None:
    ended = a_job("failed")
    answer = signed_in.post(reverse("retry_job", args=[ended.pk]), {"next": "https://evil.example"})
    assert answer["Location"] == reverse("activity")
    assert Job.objects.filter(state="queued").count() == 1


def test_a_listener_may_not_start_what_is_the_owner_s(client: Client, listener: User) -> None:
    client.force_login(listener)
    page = text_of(client.post(reverse("start_job", args=["clean_up"]), follow=True))
    assert 'data-message="error"' in page
    assert not Job.objects.exists()
    assert client.get(reverse("invitations")).status_code == 403


def test_a_job_s_page_turns_through_all_its_errors(signed_in: Client, a_job: Callable[..., Job]) -> None:
    job = a_job("done", error_count=130)
    JobError.objects.bulk_create(
        JobError(job=job, item=f"file {n}", item_digest=str(n), reason="cut short") for n in range(130)
    )
    first = text_of(signed_in.get(reverse("job", args=[job.pk])))
    assert first.count('class="err"') == 100
    cursor = re.search(r'href="(\?cursor=[^"]+)"', first)
    assert cursor
    assert text_of(signed_in.get(reverse("job", args=[job.pk]) + cursor[1])).count('class="err"') == 30
    assert signed_in.get(reverse("job", args=[job.pk]) + "?cursor=nonsense").status_code == 422


def test_a_job_s_figures_have_names_and_units_and_empty_ones_are_hidden(
    signed_in: Client, a_job: Callable[..., Job]
) -> None:
    figures = {"item": "", "left_s": 0, "rate_per_s": 0.4, "memory_mb": 106, "music_s": 4205, "new_thing": 3}
    job = a_job("done", current=24, total=24, figures=figures)
    page = text_of(signed_in.get(reverse("job", args=[job.pk])))
    facts = dict(re.findall(r"<dt><bdi>([^<]+)</bdi></dt><dd><bdi>([^<]*)</bdi></dd>", page))
    assert list(facts.items()) == [("Music", "1\u00a0h\u00a010"), ("Memory", "106 MB"), ("new thing", "3")]
    assert "24 of 24\u00a0pieces" in page


@pytest.mark.parametrize(
    ("state", "errors", "offered"), [("done", 0, False), ("done", 2, True), ("failed", 0, True), ("cancelled", 0, True)]
)
def test_only_what_is_not_whole_can_be_tried_again(
    signed_in: Client, a_job: Callable[..., Job], state: str, errors: int, offered: bool
) -> None:
    job = a_job(state, error_count=errors)
    page = text_of(signed_in.get(reverse("job", args=[job.pk])))
    assert (reverse("retry_job", args=[job.pk]) in page) is offered
    assert "Could not be read" not in page, "there is nothing to list"


def test_why_a_restore_has_closed_a_job_is_said_in_the_reader_s_language(
    signed_in: Client, a_job: Callable[..., Job]
) -> None:
    a_job("failed", message=REASON)
    assert "relancez-la si elle est encore voulue" in text_of(signed_in.get(reverse("activity"), headers=FRENCH))


def test_what_was_done_earlier_is_told_in_its_units(signed_in: Client, a_job: Callable[..., Job]) -> None:
    assert "Could not be read" not in text_of(signed_in.get(reverse("activity")))
    a_job("done", current=24, total=24)
    a_job("done", kind="backup_database", current=1, total=1, figures={"mb": 1.2, "file": "x.tar"})
    a_job("done", kind="clean_up", current=4, total=4, figures={"deleted": 12})
    a_job("cancelled", kind="clean_up")
    page = text_of(signed_in.get(reverse("activity")))
    shown = re.findall(r'<td class="num muted">([^<]*)</td><td class="num muted">([^<]*)</td>', page)
    assert [amount for amount, _took in shown] == ["–", "12\u00a0rows", "1.2 MB", "24\u00a0pieces"]
    assert {took for _amount, took in shown} == {"&lt;\u00a01\u00a0s"}


def test_a_job_whose_kind_has_gone_is_still_shown(signed_in: Client, a_job: Callable[..., Job]) -> None:
    job = a_job("done", kind="gone.kind")
    assert "gone.kind" in text_of(signed_in.get(reverse("activity")))
    assert signed_in.get(reverse("job", args=[job.pk])).status_code == 200


@pytest.mark.parametrize("state", ["running", "queued", "failed", "done"])
def test_hostile_names_are_only_text(signed_in: Client, owner: User, a_job: Callable[..., Job], state: str) -> None:
    owner.username = HOSTILE[:60]
    owner.save()
    params = {"root": HOSTILE, "long": "x" * 5000}
    job = a_job(state, step=HOSTILE, message=HOSTILE, params=params, figures={HOSTILE: HOSTILE}, worker=HOSTILE)
    JobError.objects.create(job=job, item=HOSTILE + "x" * 4000, item_digest="x", reason=HOSTILE)
    for address in ("/", reverse("activity"), reverse("job", args=[job.pk]), reverse("settings")):
        page = text_of(signed_in.get(address))
        assert "<img src=x" not in page
        # The right-to-left override stays inside of its own <bdi>, or of an attribute.
        for place in re.finditer("\u202e", page):
            before = page[max(0, place.start() - 80) : place.start()]
            assert "<bdi" in before or '="' in before, before


# --- the whole --------------------------------------------------------------------------------------------------------


def test_an_address_that_leads_nowhere_is_said_in_the_reader_s_language(signed_in: Client) -> None:
    assert "Nothing here but water" in text_of(signed_in.get("/nowhere/"))
    response = signed_in.get("/nowhere/", headers=FRENCH)
    assert response.status_code == 404
    assert "Rien ici que de l’eau" in text_of(response)


def test_numbers_and_times_are_those_of_the_language(signed_in: Client, a_job: Callable[..., Job]) -> None:
    job = a_job("done", current=12048, total=12048)
    job.started_at = job.finished_at and job.finished_at - timedelta(seconds=64)
    job.save()
    page = text_of(signed_in.get(reverse("activity"), headers=FRENCH))
    assert "12\u202f048" in page
    assert "1\u00a0min\u00a004" in page
    assert "Plus tôt aujourd’hui" in page
    assert "12,048" in text_of(signed_in.get(reverse("activity")))


@pytest.mark.parametrize(("name", "most"), [("home", 7), ("activity", 8), ("tokens", 5)])
def test_pages_ask_the_database_a_bounded_number_of_times(
    signed_in: Client,
    owner: User,
    a_job: Callable[..., Job],
    django_assert_max_num_queries: Any,
    name: str,
    most: int,
) -> None:
    for n in range(20):
        job = a_job("done", subject=str(n))
        a_job("running", subject=str(n))
        JobError.objects.create(job=job, item="x", item_digest="x", reason="y")
        ApiToken.objects.create(name=str(n), user=owner, scope="read", digest=str(n), beginning="x")
    signed_in.get(reverse(name))
    with django_assert_max_num_queries(most):
        signed_in.get(reverse(name))


def test_the_catalogues_are_those_of_their_sources(tmp_path: Path) -> None:
    """Compiled ones are kept beside their sources, so that nobody needs gettext to run this."""
    for language in ("en", "fr"):
        folder = Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES"
        fresh = tmp_path / f"{language}.mo"
        try:
            subprocess.run(["msgfmt", "-o", fresh, folder / "django.po"], check=True)
        except FileNotFoundError:
            pytest.skip("msgfmt is not installed")
        with fresh.open("rb") as made, (folder / "django.mo").open("rb") as kept:
            assert gettext.GNUTranslations(made)._catalog == gettext.GNUTranslations(kept)._catalog  # type: ignore[attr-defined]


def test_french_keeps_its_spaces() -> None:
    source = (Path(settings.LOCALE_PATHS[0]) / "fr/LC_MESSAGES/django.po").read_text()
    said = re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', source, re.MULTILINE)
    assert len(said) > 200
    for sentence in said:
        assert not re.search(r" [:;!?»]|« ", sentence), sentence
    assert not re.findall(r'^msgstr ""\n\n', source, re.MULTILINE)


def test_a_started_job_is_named_in_the_answer(signed_in: Client) -> None:
    start_job(kind=KIND)
    page = text_of(signed_in.post(reverse("start_job", args=[KIND]), follow=True))
    assert 'data-message="error"' in page
