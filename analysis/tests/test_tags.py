"""What the tags of a new file say is written at once, and reads as if it had been weighed like anything else."""

import pytest

from analysis.models import TrackAudioFeatures
from analysis.services.tags import FIELDS, keep_tag_features
from library.signals import ImportedTrack
from library.tests.factories import make_root, make_track

pytestmark = pytest.mark.django_db
GAINS = (-6.5, 0.98, -7.25, 1.0)


@pytest.mark.parametrize("bpm", [None, 128.0])
@pytest.mark.parametrize("key", [None, "Am", "8B", "nonsense"])
@pytest.mark.parametrize("gains", [(None,) * 4, GAINS, (*GAINS[:2], None, None), (-1e6, 0.5, None, None)])
def test_what_a_new_file_says_is_kept_as_a_claim_that_won(
    bpm: float | None, key: str | None, gains: tuple[float | None, ...]
) -> None:
    root = make_root()
    made, known = make_track(root=root), make_track(root=root)
    for track in (made, known):
        told = ImportedTrack(track_id=track.pk, bpm=bpm, key=key, replaygain=gains, created=track == made)
        keep_tag_features(tracks=[told])
    rows = TrackAudioFeatures.objects.in_bulk(field_name="track_id")
    row, weighed = rows.get(made.pk), rows.get(known.pk)
    if row is None or weighed is None:
        assert (row, weighed) == (None, None)
        assert (bpm, key in {None, "nonsense"}, gains[1]) == (None, True, None)
        return
    assert (row.bpm, row.replaygain_track_peak, row.key is None) == (bpm, gains[1], key in {None, "nonsense"})
    for field in (*FIELDS, "analysis_source"):
        assert getattr(row, field) == getattr(weighed, field)
    assert _without_times(row) == _without_times(weighed)


def _without_times(row: TrackAudioFeatures) -> tuple[object, object]:
    claims = {field: {source: {**one, "at": 0} for source, one in said.items()} for field, said in row.claims.items()}
    return claims, {field: {**origin, "at": 0} for field, origin in row.provenance.items()}


def test_what_is_not_told_beside_a_file_stands_in_the_columns_of_its_track() -> None:
    track = make_track(root=make_root(), replaygain_track_gain=-3.5)
    keep_tag_features(tracks=[ImportedTrack(track_id=track.pk, created=True)])
    assert TrackAudioFeatures.objects.get(track=track).replaygain_track_gain == -3.5
