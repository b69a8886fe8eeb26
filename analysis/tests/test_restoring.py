"""What people and the analysis have said of tracks is in every backup, and comes back as it was."""

import pytest

from core.tests.backups.conftest import filled, library
from core.tests.backups.library import Library

__all__ = ["filled", "library"]
FILL = """
import django; django.setup()
from analysis.models import TrackWaveform, TrackDescriptors, TrackLoudness, AnalysisError
from analysis.services.correcting import correct_feature, lock_feature
from analysis.services.features import create_or_update
from library.tests.factories import make_root, make_track
track = make_track("Song", root=make_root("/music"), audio_hash="a hash of it")
create_or_update(track_id=track.pk, values={"bpm": 124, "key": "Am", "energy": 0.5}, source="librosa")
correct_feature(track_id=track.pk, field="bpm", value=62)
lock_feature(track_id=track.pk, field="key")
TrackWaveform.objects.create(track=track, peaks=bytes(range(256)), version=1)
TrackDescriptors.objects.create(track=track, vector=bytes(range(256)), version=1)
TrackLoudness.objects.create(track=track, histogram=b"blocks", version=1)
AnalysisError.objects.create(track=make_track("Noise", root=track.root), reason="It is noise.", version=1)
"""
MEASURE_AGAIN = """
import django; django.setup()
from analysis.services.features import create_or_update
from library.models import Track
song = Track.objects.get(title="Song").pk
create_or_update(track_id=song, values={"bpm": 99, "key": "G", "energy": 0.9}, source="librosa")
"""
TABLES = (
    "track_audio_features", "track_waveforms", "track_descriptors", "track_loudness", "analysis_errors",
    "feature_changes",
)  # fmt: skip


def run(library: Library, code: str) -> None:
    done = library.python("-c", code)
    assert done.returncode == 0, done.stderr


def test_locks_and_all_that_was_measured_come_back(library: Library) -> None:
    run(library, FILL)
    before = {table: library.rows()[table] for table in TABLES}
    assert all(before.values())
    backup = library.back_up()
    for table in TABLES:
        library.ask(f"DELETE FROM {table}")
    library.restore(backup.path)
    assert {table: library.rows()[table] for table in TABLES} == before
    run(library, MEASURE_AGAIN)
    row = library.ask("SELECT bpm, camelot_key, energy, locked_fields FROM track_audio_features")
    assert row == [(62, "8A", pytest.approx(0.9), ["bpm", "key"])]
