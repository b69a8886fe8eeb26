"""How loud an album is as a whole, and what its files say of that."""

import random
import zlib

import pytest

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures, TrackLoudness
from analysis.selectors.features import feature_out, get_by_track_id
from analysis.services.album_gain import settle_album_gains, settle_forgotten_gains
from analysis.services.features import create_or_update
from library.models import Album, Track
from library.tests.factories import make_album, make_root, make_track, scanned_track
from library.tests.scans import Scan


def histogram(lufs: float, blocks: int = 400) -> bytes:
    chance = random.Random(lufs)
    counts = [0] * 1_000
    for _ in range(blocks):
        counts[min(999, max(0, round((70 + chance.gauss(lufs, 3)) * 10)))] += 1
    return zlib.compress(b"".join(count.to_bytes(4, "little") for count in counts), 9)


def heard(album: Album, lufs: float) -> Track:
    track = make_track(album=album, root=make_root())
    values = {"loudness": lufs, "replaygain_track_gain": -18 - lufs, "replaygain_track_peak": 0.5 - lufs / 100}
    create_or_update(track_id=track.pk, values=values, source="librosa")
    TrackAudioFeatures.objects.filter(track=track).update(analyzer_version=ANALYZER_VERSION)
    TrackLoudness.objects.create(track=track, histogram=histogram(lufs), version=1)
    return track


@pytest.mark.django_db
def test_an_album_has_a_gain_once_all_of_it_was_heard() -> None:
    album = make_album()
    one, other = heard(album, -10), heard(album, -20)
    late = make_track(album=album, root=make_root())
    settle_album_gains(track_ids=[one.pk])
    assert get_by_track_id(one.pk).replaygain_album_gain is None
    late.delete()
    assert settle_forgotten_gains() == 1
    rows = [get_by_track_id(track.pk) for track in (one, other)]
    assert rows[0].replaygain_album_gain == rows[1].replaygain_album_gain
    assert -8 < (rows[0].replaygain_album_gain or 0) < 2
    assert [row.replaygain_album_peak for row in rows] == [0.7, 0.7]
    assert settle_forgotten_gains() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [b"x", zlib.compress(b"short")])
def test_what_is_no_histogram_costs_the_albums_gain_alone(packed: bytes) -> None:
    album = make_album()
    one = heard(album, -10)
    TrackLoudness.objects.filter(track=heard(album, -12)).update(histogram=packed)
    settle_album_gains(track_ids=[one.pk])
    row = get_by_track_id(one.pk)
    assert (row.replaygain_track_gain, row.replaygain_album_gain) == (-8, None)


@pytest.mark.django_db
@pytest.mark.usefixtures("no_delivery")
def test_gains_that_the_file_names_are_respected_and_the_measured_stay_visible() -> None:
    scan = Scan(make_root())
    scan.send(scanned_track(replaygain_track_gain=-7.5, replaygain_track_peak=0.98))
    track = Track.objects.get()
    create_or_update(track_id=track.pk, values={"replaygain_track_gain": -3.2}, source="librosa")
    told = feature_out(get_by_track_id(track.pk), "replaygain_track_gain")
    assert (told.value, told.source, told.contradicted) == (-7.5, "tags", True)
    assert told.others[0].value == -3.2
