"""What scans tell the apps above the library: tempo and key of tags, and tracks that turn out to be one."""

from typing import Any

import pytest

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures
from analysis.schemas.work import AnalyzeParams
from analysis.selectors.features import feature_out, get_by_track_id, is_stale
from analysis.selectors.work import to_do
from analysis.services.features import create_or_update
from core import queue
from embeddings.models import DIMENSIONS, TrackEmbeddings
from enrichment.models import TrackMetadata
from library.models import LibraryRoot, Track
from library.services.settling import merge_tracks
from library.tests.factories import make_root, make_track, scanned_track
from library.tests.scans import Scan


@pytest.fixture
def scan(monkeypatch: pytest.MonkeyPatch, db: None) -> Scan:
    monkeypatch.setattr(queue, "send", lambda job: True)
    return Scan(make_root())


def features() -> list[tuple[Any, ...]]:
    return list(
        TrackAudioFeatures.objects.order_by("track").values_list(
            "bpm", "key", "scale", "camelot_key", "analysis_source"
        )
    )


def test_tempo_and_key_of_tags_become_features(scan: Scan) -> None:
    scan.send(
        scanned_track(bpm=141.7, key="F#m"), scanned_track(key="8B"), scanned_track(bpm=0, key="o"), scanned_track()
    )
    assert features() == [(141.7, "F#", "minor", "11A", "tags"), (None, "C", "major", "8B", "tags")]


def test_they_follow_the_tag_and_go_with_it(scan: Scan) -> None:
    row = scanned_track(bpm=120)
    scan.send(row)
    scan.send(row | {"bpm": 121, "mtime_ns": 5})
    assert [bpm for bpm, *_ in features()] == [121]
    scan.send(row | {"bpm": None, "mtime_ns": 6})
    assert features() == []


def test_tags_never_overwrite_what_was_put_right_and_contradict_what_was_measured(scan: Scan) -> None:
    rows = [scanned_track(bpm=120), scanned_track(bpm=120)]
    scan.send(*rows)
    one, other = Track.objects.order_by("pk")
    create_or_update(track_id=one.pk, values={"bpm": 60})
    create_or_update(track_id=other.pk, values={"bpm": 61}, source="librosa")
    scan.send(*(row | {"bpm": 99, "mtime_ns": 5} for row in rows))
    assert [bpm for bpm, *_ in features()] == [60, 99]
    told = feature_out(get_by_track_id(other.pk), "bpm")
    assert (told.source, told.contradicted) == ("tags", True)
    assert [(claim.source, claim.value) for claim in told.others] == [("librosa", 61)]


def test_the_analysis_of_another_recording_serves_until_the_new_one_is_there(scan: Scan) -> None:
    rows = [scanned_track(), scanned_track()]
    scan.send(*rows)
    one, other = Track.objects.order_by("pk")
    create_or_update(track_id=one.pk, values={"bpm": 60})
    create_or_update(track_id=other.pk, values={"bpm": 61}, source="librosa")
    TrackAudioFeatures.objects.filter(track=other).update(analyzer_version=ANALYZER_VERSION)
    scan.send(*(row | {"audio_hash": f"another {row['name']}", "mtime_ns": 5} for row in rows))
    assert [bpm for bpm, *_ in features()] == [60, 61]
    assert is_stale(get_by_track_id(other.pk))
    assert list(to_do(AnalyzeParams(what="stale"))) == [other]


def test_a_merged_track_keeps_its_own_and_gets_what_it_lacks(db: None) -> None:
    root: LibraryRoot = make_root()
    kept, gone = make_track(root=root), make_track(root=root)
    TrackAudioFeatures.objects.create(track=kept, bpm=1, analysis_source="tags")
    TrackAudioFeatures.objects.create(track=gone, bpm=2, analysis_source="tags")
    for track, word in ((kept, "mine"), (gone, "theirs")):
        TrackMetadata.objects.create(track=track, metadata_key="mood", metadata_value=word, metadata_source="lastfm")
    TrackMetadata.objects.create(track=gone, metadata_key="tempo", metadata_value="slow", metadata_source="lastfm")
    TrackEmbeddings.objects.create(track=gone, vector=[1.0] * DIMENSIONS)
    merge_tracks(kept_id=kept.pk, gone_id=gone.pk)
    assert TrackAudioFeatures.objects.get(track=kept).bpm == 2, "what the file says now"
    words = dict(TrackMetadata.objects.filter(track=kept).values_list("metadata_key", "metadata_value"))
    assert words == {"mood": "mine", "tempo": "slow"}
    assert TrackEmbeddings.objects.get().track_id == kept.pk
