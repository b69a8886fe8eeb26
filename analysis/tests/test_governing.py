"""When and how hard the analysis works."""

from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from analysis.jobs import ANALYZE, FIND_MISSING
from analysis.schemas.governor import GovernorSettings
from analysis.selectors.doctor import analysis as doctor
from analysis.selectors.governor import governor, governor_settings, within_hours
from analysis.services.governing import change_governor
from analysis.services.maintenance import find_missing
from analysis.services.starting import start_outstanding
from analysis.worker.machine import processors, temperature_c
from analysis.worker.speed import Speed
from core.database_jobs import next_waiting
from core.errors import InvalidInput
from core.jobs import kind_named
from core.models import Job
from core.services.jobs import start_job
from library.tests.factories import make_root, make_track, scanned_track
from library.tests.scans import Scan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_delivery")]


@pytest.mark.parametrize(
    ("begin", "end", "inside", "outside"),
    [
        ("01:00", "07:30", ("01:00", "07:29"), ("00:59", "07:30")),
        ("23:00", "07:00", ("23:00", "00:00", "06:59"), ("07:00", "22:59")),
        ("05:00", "05:00", ("04:59", "05:00"), ()),
        (None, None, ("00:00", "12:00"), ()),
    ],
)
def test_hours_may_go_over_midnight(
    begin: str | None, end: str | None, inside: tuple[str, ...], outside: tuple[str, ...]
) -> None:
    chosen = GovernorSettings(from_hour=begin, to_hour=end)
    assert all(within_hours(chosen, time.fromisoformat(clock)) for clock in inside)
    assert not any(within_hours(chosen, time.fromisoformat(clock)) for clock in outside)


def test_hours_are_those_of_the_house(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    chosen = GovernorSettings(from_hour="22:00", to_hour="23:00")
    here = ZoneInfo("America/New_York")
    with timezone.override(here):
        assert governor(chosen, now=datetime(2026, 7, 1, 22, 30, tzinfo=here)).pause is None
        assert governor(chosen, now=datetime(2026, 7, 1, 22, 30, tzinfo=ZoneInfo("UTC"))).pause == "hours"


def test_a_choice_that_cannot_be_leaves_the_last_one(db: None) -> None:
    change_governor(processes=2)
    with pytest.raises(InvalidInput):
        change_governor(processes=0)
    with pytest.raises(InvalidInput):
        change_governor(from_hour="08:00")
    assert governor_settings().processes == 2


def test_the_analysis_begins_by_itself_unless_it_is_switched_off() -> None:
    make_track(root=make_root())
    change_governor(enabled=False)
    assert start_outstanding() == []
    change_governor(enabled=True, paused=True)
    assert start_outstanding() == []
    change_governor(paused=False)
    assert [job.kind for job in start_outstanding()] == [ANALYZE.name]
    assert start_outstanding() == []


def test_after_a_scan_what_is_new_is_analysed(django_capture_on_commit_callbacks: Any) -> None:
    scan = Scan(make_root())
    scan.send(scanned_track(), scanned_track())
    with django_capture_on_commit_callbacks(execute=True):
        scan.finish()
    job = Job.objects.get(kind=ANALYZE.name)
    assert (job.subject, job.params["what"]) == ("part 1", "missing")


def test_control_finds_what_nobody_was_told_of() -> None:
    make_track(root=make_root())
    start_job(kind=FIND_MISSING.name)
    waiting = next_waiting()
    assert waiting
    find_missing(waiting)
    assert Job.objects.filter(kind=ANALYZE.name).exists()
    assert kind_named(FIND_MISSING.name).run is find_missing


def test_the_doctor_says_what_is_left_and_why() -> None:
    assert [finding.detail for finding in doctor()] == ["nothing left to do"]
    make_track(root=make_root())
    assert [finding.detail for finding in doctor()] == ["1 tracks left"]
    change_governor(paused=True)
    assert [(finding.level, finding.detail) for finding in doctor()] == [("warning", "paused, 1 tracks are left")]


@pytest.mark.parametrize("params", [{"what": "x"}, {"what": "some"}, {"track_ids": [1]}, {"since": "x", "what": "all"}])
def test_a_job_that_cannot_be_is_refused(params: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        start_job(kind=ANALYZE.name, params=params)


def zone(folder: Path, number: int, kind: str, temperature: str) -> None:
    place = folder / f"thermal_zone{number}"
    place.mkdir(parents=True)
    (place / "type").write_text(kind)
    (place / "temp").write_text(temperature)


def test_the_warmest_processor_counts(tmp_path: Path) -> None:
    assert temperature_c(tmp_path / "none") is None
    zone(tmp_path, 0, "iwlwifi_1", "93000")
    assert temperature_c(tmp_path) == 93
    zone(tmp_path, 1, "cpu-thermal", "61250")
    zone(tmp_path, 2, "x86_pkg_temp", "64000")
    zone(tmp_path, 3, "cpu-thermal", "-274000")
    assert temperature_c(tmp_path) == 64


def test_a_container_is_believed_about_its_processors(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("100000 100000")
    assert processors(tmp_path / "cpu.max") == 1
    (tmp_path / "cpu.max").write_text("max 100000")
    assert processors(tmp_path / "cpu.max") == processors(tmp_path / "none") >= 1


def test_time_in_which_it_stood_still_is_no_slowness() -> None:
    now = [0.0]
    speed = Speed(clock=lambda: now[0])
    speed.note(0, 0.0)
    now[0] = 10.0
    speed.stand(True)
    now[0] = 1_000.0
    speed.stand(False)
    speed.note(5, 1_200.0)
    assert speed.figures(left=10) == {"tracks_per_min": 30.0, "speed": 120.0, "left_s": 20}
