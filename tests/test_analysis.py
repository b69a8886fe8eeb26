"""The analysis in processes of its own: a real worker, the real server, and what happens when one of them is killed."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from analysis.models import AnalysisError, AnalysisLease, TrackAudioFeatures
from analysis.schemas.work import ANALYZE_KIND
from analysis.services.governing import change_governor, pause_analysis, resume_analysis
from analysis.services.starting import analyze_tracks, start_analysis
from analysis.tests.material import track_of, write_music
from core.models import Job
from core.services.jobs import cancel_job, revive_jobs
from library.tests.factories import make_root
from tests.house import job_process
from tests.processes import Process, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Process]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    return tmp_path / "music"


def tracks(music: Path, count: int, *, seconds: float = 3) -> list[int]:
    """The same sound under many names."""
    root = make_root(str(music))
    first = write_music(music / "0.wav", seconds=seconds)
    for number in range(1, count):
        os.link(first, music / f"{number}.wav")
    return [track_of(music / f"{number}.wav", root).pk for number in range(count)]


def done(job: Job, worker: Process, seconds: float = 90) -> Job:
    def ended() -> bool:
        assert worker.is_alive(), worker.said[-3000:]
        return Job.objects.get(pk=job.pk).finished_at is not None

    wait_until(ended, "the job ends", seconds)
    return Job.objects.get(pk=job.pk)


def await_second_attempt(job: Job) -> None:
    """As control would see to it."""

    def begun() -> bool:
        revive_jobs()
        return Job.objects.get(pk=job.pk).attempt == 2

    wait_until(begun, "another attempt begins", 60)


def analysed() -> dict[int, object]:
    rows = TrackAudioFeatures.objects.filter(analyzer_version__isnull=False)
    return dict(rows.values_list("track", "analyzed_at"))


def test_a_worker_analyses_what_is_missing(music: Path, start_worker: Start) -> None:
    change_governor(processes=2)
    numbers = tracks(music, 5)
    worker = start_worker()
    (asked,) = start_analysis()
    job = done(asked, worker)
    assert (job.state, job.current, job.total, job.figures["errors"]) == ("done", 5, 5, 0), job.message
    assert set(analysed()) == set(numbers)
    assert not AnalysisLease.objects.exists()


def test_a_file_that_is_away_is_left_for_another_day(music: Path, start_worker: Start) -> None:
    change_governor(processes=1)
    (number,) = tracks(music, 1)
    (music / "0.wav").rename(music / "elsewhere.wav")
    worker = start_worker()
    (asked,) = start_analysis()
    job = done(asked, worker)
    assert (job.state, job.error_count, job.current) == ("done", 1, 0)
    assert not AnalysisError.objects.exists()
    (music / "elsewhere.wav").rename(music / "0.wav")
    job = done(analyze_tracks(track_ids=[number]), worker)
    assert (job.state, job.current) == ("done", 1)


def test_killed_in_mid_run_it_goes_on_and_analyses_nothing_twice(music: Path, start_worker: Start) -> None:
    change_governor(processes=1)
    numbers = tracks(music, 12, seconds=6)
    worker = start_worker()
    (asked,) = start_analysis()
    wait_until(lambda: len(analysed()) >= 3, "a few are analysed", 90)
    child = job_process(worker, ANALYZE_KIND)
    children = child.children(recursive=True)
    child.send_signal(signal.SIGKILL)
    psutil.wait_procs(children, timeout=10)
    assert not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in children)
    before = analysed()
    assert len(before) < len(numbers)

    await_second_attempt(asked)
    job = done(asked, worker)
    assert (job.state, job.current, job.figures["analysed"]) == ("done", 12, 12)
    after = analysed()
    assert set(after) == set(numbers)
    assert {number: after[number] for number in before} == before, "none of them was analysed again"


def test_a_worker_that_is_told_to_end_gives_the_analysis_back_at_once(music: Path, start_worker: Start) -> None:
    change_governor(processes=1)
    tracks(music, 12, seconds=6)
    worker = start_worker()
    (asked,) = start_analysis()
    wait_until(analysed, "the first is analysed", 90)
    children = psutil.Process(worker.pid).children(recursive=True)
    worker.stop()
    job = Job.objects.get(pk=asked.pk)
    assert (job.state, job.setbacks) == ("queued", 0), worker.said[-2000:]
    assert not any(child.is_running() for child in children)
    another = start_worker("another")
    await_second_attempt(asked)
    done(asked, another)
    assert len(analysed()) == 12


def test_a_pause_stops_it_and_resuming_goes_on(music: Path, start_worker: Start) -> None:
    change_governor(processes=1)
    tracks(music, 8, seconds=6)
    worker = start_worker()
    (asked,) = start_analysis()
    wait_until(analysed, "the first is analysed", 90)
    pause_analysis()
    wait_until(lambda: Job.objects.get(pk=asked.pk).step == "Paused", "it stands still", 60)
    count = len(analysed())
    assert count < 8
    resume_analysis()
    job = done(asked, worker)
    assert (job.state, job.current) == ("done", 8)


def test_a_cancelled_analysis_stops_and_keeps_what_was_done(music: Path, start_worker: Start) -> None:
    change_governor(processes=1)
    tracks(music, 8, seconds=6)
    worker = start_worker()
    (asked,) = start_analysis()
    wait_until(analysed, "the first is analysed", 90)
    cancel_job(job_id=asked.pk)
    job = done(asked, worker)
    assert job.state == "cancelled"
    assert 0 < len(analysed()) < 8
    assert not AnalysisLease.objects.exists()
