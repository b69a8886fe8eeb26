"""Settings → Analysis and Activity: how things stand, how hard it may work, pause and resume, what failed and why."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError
from analysis.schemas.governor import GovernorSettings
from analysis.selectors.governor import governor_settings
from analysis.services.governing import change_governor, pause_analysis
from analysis.tests.sounding import analysed
from core.models import Job, User
from library.tests.factories import make_root, make_track

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_delivery")]
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
CHOSEN = {
    "enabled": "on",
    "processes": "2",
    "workers": "",
    "nice": "19",
    "max_temperature_c": "",
    "from_hour": "23:00",
    "to_hour": "07:30",
}


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:400]
    return str(response.content.decode())


def broken(count: int) -> None:
    root = make_root()
    for number in range(count):
        track = make_track(f"Broken {number}", root=root)
        AnalysisError.objects.create(track=track, reason=HOSTILE, version=ANALYZER_VERSION)


def figures(page: str) -> dict[str, str]:
    found = re.findall(r"<dt[^>]*>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.split("</dl>")[0])
    return {re.sub(r"<[^>]*>", "", name): value for name, value in found}


def test_how_things_stand_and_what_can_be_started(signed_in: Client) -> None:
    root = make_root()
    analysed(make_track(root=root))
    make_track(root=root)
    page = text_of(signed_in.get("/settings/analysis/"))
    assert figures(page) == {"analysed of 2": "1", "not yet": "1", "of an older analyser": "0", "not readable": "0"}
    assert "Analyse what is missing" in page
    answer = signed_in.post("/settings/analysis/start/", {"what": "missing"}, follow=True)
    assert "The analysis has begun." in text_of(answer)
    assert Job.objects.get().params["what"] == "missing"
    assert 'aria-label="Analysing how tracks sound"' in text_of(answer)
    assert "Analyse what is missing" not in text_of(answer)
    assert "already waiting or running" in text_of(
        signed_in.post("/settings/analysis/start/", {"what": "missing"}, follow=True)
    )


def test_the_owner_chooses_how_hard_it_works(signed_in: Client) -> None:
    answer = signed_in.post("/settings/analysis/", CHOSEN, follow=True)
    page = text_of(answer)
    assert "Saved; what runs keeps to it within seconds." in page
    assert governor_settings() == GovernorSettings(
        processes=2, nice=19, max_temperature_c=None, from_hour="23:00", to_hour="07:30", yield_to_listening=False
    )
    assert 'value="23:00"' in page
    assert 'value="2"' in page


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("processes", "65", "less than or equal to 64"),
        ("nice", "", "required"),
        ("max_temperature_c", "hot", "whole number"),
        ("to_hour", "", "Give both hours, or neither."),
        ("from_hour", "25:00", "valid time"),
    ],
)
def test_what_cannot_be_chosen_is_said_beside_its_field(signed_in: Client, name: str, value: str, said: str) -> None:
    answer = signed_in.post("/settings/analysis/", {**CHOSEN, name: value})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert governor_settings() == GovernorSettings()


def test_a_listener_pauses_and_chooses_nothing_else(client: Client, listener: User) -> None:
    client.force_login(listener)
    assert "How hard it may work" not in text_of(client.get("/settings/analysis/"))
    assert client.post("/settings/analysis/", CHOSEN).status_code == 403
    page = text_of(client.post("/settings/analysis/pause/", follow=True))
    assert "It is paused" in page
    assert governor_settings().paused
    page = text_of(client.post("/settings/analysis/resume/", follow=True))
    assert "It is paused" not in page
    assert not governor_settings().paused


def test_why_it_waits_is_said(signed_in: Client) -> None:
    hour = timezone.localtime().hour
    begin, end = (f"{(hour + by) % 24:02}:00" for by in (2, 3))
    change_governor(from_hour=begin, to_hour=end)
    assert f"From {begin} to {end} it goes on by itself." in text_of(signed_in.get("/settings/analysis/"))
    change_governor(from_hour=None, to_hour=None, enabled=False)
    assert "It is switched off" in text_of(signed_in.get("/settings/analysis/"))


def test_files_that_failed_stand_with_their_reason_and_are_tried_again(signed_in: Client) -> None:
    broken(9)
    page = text_of(signed_in.get("/settings/analysis/"))
    assert page.count('<li class="err">') == 8
    assert "All 9" in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "<img src=x" not in page
    assert text_of(signed_in.get("/settings/analysis/errors/")).count('<li class="err">') == 9
    one = AnalysisError.objects.first()
    assert one
    page = text_of(signed_in.post("/settings/analysis/again/", {"track": str(one.track_id)}, follow=True))
    assert "1 file is tried again." in page
    assert Job.objects.get().params["track_ids"] == [one.track_id]
    page = text_of(signed_in.post("/settings/analysis/again/", follow=True))
    assert "9 files are tried again." in page


def test_a_listener_does_not_see_where_files_lie(client: Client, listener: User) -> None:
    broken(1)
    client.force_login(listener)
    path = AnalysisError.objects.get().track.path or ""
    page = text_of(client.get("/settings/analysis/errors/"))
    assert path.rsplit("/", 1)[-1] in page
    assert path not in page


def test_more_files_that_failed_ask_no_more(signed_in: Client) -> None:
    def asked() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            signed_in.get("/settings/analysis/errors/")
        return len(queries)

    broken(1)
    signed_in.get("/settings/analysis/errors/")
    few = asked()
    broken(20)
    assert asked() == few


def running() -> Job:
    now = timezone.now()
    return Job.objects.create(
        kind="analysis.analyze", subject="part 1", queue="compute", state="running", step="Listening", current=214,
        total=1208, figures={"rate_per_s": 0.87, "left_s": 1140}, params={"what": "missing"}, started_at=now,
        heartbeat_at=now, attempt=1,
    )  # fmt: skip


def test_activity_pauses_and_resumes_with_its_figures_and_the_time_left(signed_in: Client) -> None:
    job = running()
    page = text_of(signed_in.get("/activity/"))
    assert "52 tracks/min" in page
    assert "19\u00a0min" in page
    assert f'id="pause-{job.pk}">Pause<' in page
    board = {"HX-Request": "true", "HX-Target": "jobs"}
    answer = signed_in.post("/settings/analysis/pause/", headers=board, follow=True)
    assert "<html" not in text_of(answer)
    assert ">Resume<" in text_of(answer)
    assert "It pauses within seconds; nothing is lost." in text_of(answer)
    answer = signed_in.post("/settings/analysis/resume/", {"next": "/activity/"})
    assert answer["Location"] == "/activity/"


def test_other_jobs_have_no_pause_and_strangers_no_way_elsewhere(signed_in: Client) -> None:
    Job.objects.create(kind="library.scan", queue="files", state="running", started_at=timezone.now())
    assert ">Pause<" not in text_of(signed_in.get("/activity/"))
    pause_analysis()
    answer = signed_in.post("/settings/analysis/resume/", {"next": "https://elsewhere.example/"})
    assert answer["Location"] == "/settings/analysis/"
    assert signed_in.post("/settings/analysis/start/", {"what": "some"}).status_code == 422
