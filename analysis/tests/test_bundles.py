"""Analyses that travel from one installation to another."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures, TrackWaveform
from analysis.selectors.features import get_by_track_id
from analysis.services.correcting import correct_feature, lock_feature
from analysis.services.exporting import export_bundle
from analysis.services.features import create_or_update
from analysis.services.importing import import_bundle
from core.errors import InvalidInput
from library.models import Track
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db


def analysed(name: str, **values: Any) -> Track:
    track = make_track(name, root=make_root(), audio_hash=f"hash-of-{name}")
    create_or_update(track_id=track.pk, values={"bpm": 120, "energy": 0.5, "key": "Am", **values}, source="librosa")
    TrackAudioFeatures.objects.filter(track=track).update(
        analyzer_version=ANALYZER_VERSION, duration_ms=180_000, candidates={"bpm": [], "key": []}
    )
    TrackWaveform.objects.create(track=track, peaks=bytes(range(200)), channels=2, version=1)
    return track


def moved(track: Track) -> Track:
    """The same recording in a new installation, where nothing is known of it."""
    return make_track(f"{track.title} again", root=make_root(), audio_hash=track.audio_hash)


def facts(row: TrackAudioFeatures) -> dict[str, Any]:
    left_out = {"id", "track", "date_added", "date_modified"}
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name not in left_out}


def test_everything_arrives_with_locks_and_corrections_and_a_second_time_changes_nothing(tmp_path: Path) -> None:
    one, other = analysed("one"), analysed("other")
    correct_feature(track_id=one.pk, field="bpm", value=60)
    lock_feature(track_id=one.pk, field="key")
    create_or_update(track_id=one.pk, values={"key": "C"}, source="librosa")
    bundle = tmp_path / "analyses.jsonl.gz"
    assert export_bundle(path=bundle) == 2
    before = {track.title: facts(get_by_track_id(track.pk)) for track in (one, other)}
    Track.objects.filter(pk__in=[one.pk, other.pk]).update(audio_hash="")
    new = {name: make_track(name, root=make_root(), audio_hash=f"hash-of-{name}") for name in before}
    found = import_bundle(path=bundle)
    assert (found.recordings, found.matched, found.unknown, found.changed, found.unchanged) == (2, 2, 0, 2, 0)
    for name, track in new.items():
        assert facts(get_by_track_id(track.pk)) == before[name]
        assert bytes(TrackWaveform.objects.get(track=track).peaks) == bytes(range(200))
    modified = get_by_track_id(new["one"].pk).date_modified
    again = import_bundle(path=bundle)
    assert (again.changed, again.unchanged) == (0, 2)
    assert facts(get_by_track_id(new["one"].pk)) == before["one"]
    assert get_by_track_id(new["one"].pk).date_modified == modified
    create_or_update(track_id=new["one"].pk, values={"bpm": 99, "key": "G"}, source="librosa")
    assert (get_by_track_id(new["one"].pk).bpm, get_by_track_id(new["one"].pk).camelot_key) == (60, "8A")


def test_what_a_person_said_here_comes_first(tmp_path: Path) -> None:
    there = analysed("song")
    correct_feature(track_id=there.pk, field="bpm", value=60)
    correct_feature(track_id=there.pk, field="valence", value=0.9)
    export_bundle(path=tmp_path / "b.gz")
    here = moved(there)
    correct_feature(track_id=here.pk, field="bpm", value=61)
    import_bundle(path=tmp_path / "b.gz")
    row = get_by_track_id(here.pk)
    assert (row.bpm, row.valence, row.energy) == (61, 0.9, 0.5)


def test_an_older_or_a_future_analysis_replaces_none(tmp_path: Path) -> None:
    there = analysed("song", energy=0.1)
    for version in (ANALYZER_VERSION, ANALYZER_VERSION + 1):
        TrackAudioFeatures.objects.filter(track=there).update(analyzer_version=version)
        export_bundle(path=tmp_path / "b.gz")
        here = moved(there)
        create_or_update(track_id=here.pk, values={"energy": 0.7}, source="librosa")
        TrackAudioFeatures.objects.filter(track=here).update(analyzer_version=ANALYZER_VERSION)
        import_bundle(path=tmp_path / "b.gz")
        assert get_by_track_id(here.pk).energy == 0.7


def test_what_is_unknown_or_unreadable_is_counted_and_loses_nothing_else(tmp_path: Path) -> None:
    analysed("song")
    bundle = tmp_path / "b.gz"
    export_bundle(path=bundle)
    head, line = gzip.decompress(bundle.read_bytes()).splitlines()
    told = json.loads(line)
    odd = [
        b"{", b"null", b"[]", b'{"audio_hash": 7}', b'{"audio_hash": "\\u0000abcdefgh", "claims": {"bpm": 1}}',
        json.dumps({**told, "claims": {"bpm": {"librosa": {"value": -5}}, "x": {"manual": {"value": 1}}}}).encode(),
        json.dumps({**told, "audio_hash": "somebody-elses"}).encode(),
    ]  # fmt: skip
    bundle.write_bytes(gzip.compress(b"\n".join([head, *odd, line])))
    found = import_bundle(path=bundle)
    assert (found.unreadable, found.recordings, found.unknown) == (5, 3, 1)
    assert get_by_track_id(Track.objects.get(title="song").pk).bpm == 120


@pytest.mark.parametrize(
    "content",
    [b"", b"no gzip", gzip.compress(b""), gzip.compress(b'{"format": "x"}\n')],
    ids=["empty", "no gzip", "nothing inside", "another format"],
)
def test_what_is_no_bundle_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.gz").write_bytes(content)
    with pytest.raises(InvalidInput):
        import_bundle(path=tmp_path / "b.gz")


def test_a_bundle_that_breaks_off_keeps_what_came_before(tmp_path: Path) -> None:
    analysed("song")
    export_bundle(path=tmp_path / "b.gz")
    (tmp_path / "b.gz").write_bytes((tmp_path / "b.gz").read_bytes()[:-12])
    with pytest.raises(InvalidInput, match="to its end"):
        import_bundle(path=tmp_path / "b.gz")


def test_the_command_says_what_matched(tmp_path: Path) -> None:
    analysed("song")
    out = io.StringIO()
    call_command("analysis", "export", str(tmp_path / "b.gz"), stdout=out)
    call_command("analysis", "import", str(tmp_path / "b.gz"), "--json", stdout=out)
    first, last = out.getvalue().strip().splitlines()
    assert first == f"1 recordings are in {tmp_path}/b.gz."
    assert json.loads(last)["matched"] == 1
    with pytest.raises(CommandError, match="no file"):
        call_command("analysis", "import", str(tmp_path / "none.gz"))
    with pytest.raises(CommandError):
        call_command("analysis", "export", str(tmp_path / "no" / "folder.gz"))
