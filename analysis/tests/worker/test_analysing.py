"""A whole analysis: real files, the real engine in forked children, the real API."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.models import (
    AnalysisError,
    AnalysisLease,
    TrackAudioFeatures,
    TrackDescriptors,
    TrackLoudness,
    TrackWaveform,
)
from analysis.services.governing import change_governor
from analysis.services.starting import start_analysis
from analysis.tests.material import C_MAJOR, track_of, write_music
from analysis.worker.pool import Pool
from core.models import Job
from library.tests.factories import make_album, make_root

pytestmark = [pytest.mark.django_db(transaction=True)]


def start() -> Job:
    (job,) = start_analysis()
    return job


def test_tracks_are_analysed_and_everything_is_kept(tmp_path: Path, analysed: Callable[..., Job]) -> None:
    change_governor(processes=2)
    root, album = make_root(str(tmp_path)), make_album()
    one = track_of(write_music(tmp_path / "one.wav", bpm=120), root, album=album)
    other = track_of(write_music(tmp_path / "other.wav", bpm=100, chord=C_MAJOR, level=0.25), root, album=album)
    job = analysed(start())
    assert (job.state, job.current, job.total) == (Job.State.DONE, 2, 2), job.message
    assert (job.figures["analysed"], job.figures["errors"], job.error_count) == (2, 0, 0)
    assert job.figures["music_s"] == 16
    row = TrackAudioFeatures.objects.get(track=one)
    assert row.bpm == pytest.approx(120, rel=0.04) or row.bpm == pytest.approx(60, rel=0.04)
    assert (row.camelot_key, row.analysis_source, row.partial) == ("8A", "librosa", "")
    assert row.provenance["bpm"]["source"] == "librosa"
    assert row.provenance["bpm"]["version"] == row.analyzer_version
    assert 0 <= row.provenance["key"]["confidence"] <= 1
    assert row.candidates["bpm"]
    assert row.candidates["key"]
    quieter = TrackAudioFeatures.objects.get(track=other)
    assert row.loudness is not None
    assert quieter.loudness == pytest.approx(row.loudness - 6, abs=0.5)
    for model in (TrackWaveform, TrackDescriptors, TrackLoudness):
        assert set(model._default_manager.values_list("track", flat=True)) == {one.pk, other.pk}
    gains = set(TrackAudioFeatures.objects.values_list("replaygain_album_gain", flat=True))
    assert len(gains) == 1
    assert quieter.replaygain_track_gain > gains.pop() > row.replaygain_track_gain  # type: ignore[operator]
    assert not AnalysisLease.objects.exists()


def test_a_file_that_cannot_be_decoded_costs_itself_alone(tmp_path: Path, analysed: Callable[..., Job]) -> None:
    change_governor(processes=1)
    root = make_root(str(tmp_path))
    good = track_of(write_music(tmp_path / "good.wav", seconds=3), root)
    bad = tmp_path / "bad.flac"
    bad.write_bytes(b"fLaC" + b"\0" * 500)
    broken = track_of(bad, root)
    job = analysed(start())
    assert (job.state, job.figures["analysed"], job.figures["errors"]) == (Job.State.DONE, 1, 1)
    assert AnalysisError.objects.get().track == broken
    assert job.errors.get().item == str(bad)
    assert TrackAudioFeatures.objects.get().track == good
    assert start_analysis() == [], "it is not tried again until it changes"
    bad.write_bytes(write_music(tmp_path / "x.wav", seconds=3).read_bytes())
    stat = bad.stat()
    type(broken).objects.filter(pk=broken.pk).update(file_size=stat.st_size, file_mtime_ns=stat.st_mtime_ns)
    assert analysed(start()).figures["analysed"] == 1
    assert not AnalysisError.objects.exists()


def test_a_part_of_a_file_is_analysed_as_that_part(tmp_path: Path, analysed: Callable[..., Job]) -> None:
    change_governor(processes=1)
    root = make_root(str(tmp_path))
    music = write_music(tmp_path / "whole.wav", seconds=8)
    track = track_of(music, root, cue_index=2, cue_start_ms=3_000, cue_end_ms=7_000)
    assert analysed(start()).state == Job.State.DONE
    found = TrackAudioFeatures.objects.get(track=track)
    assert found.duration_ms == pytest.approx(4_000, abs=250)


def crashing(pipe: Any, beat: Any, nice: int, *rest: Any) -> None:
    while True:
        track = pipe.recv()
        if track.title == "poison":
            os.kill(os.getpid(), 9)
        if track.title == "endless":
            beat.value = 1.5
            while True:
                pass
        pipe.send({"skipped": f"heard by {os.getpid()}"})


def test_a_child_that_crashes_or_hangs_costs_its_track_alone(tmp_path: Path, analysed: Callable[..., Job]) -> None:
    change_governor(processes=2)
    root = make_root(str(tmp_path))
    for name in ("poison", "endless", "harmless", "mild"):
        track_of(write_music(tmp_path / f"{name}.wav", seconds=0.1), root)
    job = analysed(start(), make_pool=lambda: Pool(crashing, silent_for_s=0.5))
    assert job.state == Job.State.DONE, job.message
    reasons = {error.track.title: error.reason for error in AnalysisError.objects.select_related("track")}
    assert set(reasons) == {"poison", "endless"}
    assert "SIGKILL" in reasons["poison"]
    assert "stuck after" in reasons["endless"]


def test_a_pause_ends_the_children_and_gives_the_job_back(tmp_path: Path, analysed: Callable[..., Job]) -> None:
    change_governor(processes=1)
    root = make_root(str(tmp_path))
    for number in range(3):
        track_of(write_music(tmp_path / f"{number}.wav", seconds=0.5), root)
    warm = iter([60.0, 60.0, *[90.0] * 10_000])
    job = start()
    back = analysed(job, temperature=lambda: next(warm), stand_for_s=0.5, make_pool=lambda: Pool(crashing))
    assert (back.state, back.setbacks) == (Job.State.QUEUED, 0)
    assert "given its memory back" in back.message
    assert analysed(job).state == Job.State.DONE
    assert TrackAudioFeatures.objects.count() == 3


def test_a_worker_that_is_too_old_gives_the_job_back(
    tmp_path: Path, analysed: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    track_of(write_music(tmp_path / "one.wav", seconds=0.5))
    monkeypatch.setattr("analysis.services.leasing.ANALYZER_VERSION", 10**6)
    back = analysed(start(), stand_for_s=0.3)
    assert (back.state, back.setbacks) == (Job.State.QUEUED, 0)
    assert "update that worker" in back.message
