"""The gain of an album: how loud all of its tracks are together, once every one of them was listened to."""

import struct
import zlib
from collections.abc import Iterable

from django.db.models import Count, F, Q

from analysis.engine.album import joint_loudness
from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures, TrackLoudness
from analysis.services.claims import claim, settle, withdraw
from analysis.services.rows import held_rows, write_rows
from core.logs import get_logger
from library.models import Album, Track

log = get_logger(__name__)
OF_THE_ALBUM = ("replaygain_album_gain", "replaygain_album_peak")
REFERENCE_LUFS = -18.0
LIBROSA = TrackAudioFeatures.Source.LIBROSA
# A row more than an album has is a folder of everything that is nothing's.
LONGEST_ALBUM = 1_000


def settle_album_gains(*, track_ids: Iterable[int]) -> None:
    """Of the albums that these tracks are on, as far as they are complete."""
    albums = Track.objects.filter(pk__in=list(track_ids), album__isnull=False).order_by().values("album").distinct()
    _settle([album for (album,) in albums.values_list("album")])


def settle_forgotten_gains(*, most: int = 200) -> int:
    """Albums whose tracks have come, gone or changed their album since: control asks for them now and then."""
    here = Q(tracks__available=True)
    with_gain = Q(tracks__audio_features__claims__replaygain_album_gain__librosa__isnull=False)
    rows = Album.objects.annotate(
        here=Count("tracks", filter=here),
        heard=Count("tracks", filter=here & Q(tracks__loudness_blocks__isnull=False)),
        told=Count("tracks", filter=here & with_gain),
    )
    found = rows.filter(here__gt=0, heard=F("here")).exclude(told=F("here")).order_by("pk")
    albums = list(found.values_list("pk", flat=True)[:most])
    _settle(albums)
    return len(albums)


def _settle(album_ids: list[int]) -> None:
    for album_id in album_ids:
        tracks = list(
            Track.objects.filter(album=album_id, available=True)
            .order_by()
            .values_list("pk", flat=True)[: LONGEST_ALBUM + 1]
        )
        if tracks and len(tracks) <= LONGEST_ALBUM:
            _settle_album(tracks)


def _settle_album(track_ids: list[int]) -> None:
    blocks = dict(TrackLoudness.objects.filter(track__in=track_ids).values_list("track", "histogram"))
    rows = held_rows(track_ids, make=False)
    heard = [row for row in rows.values() if row.analyzer_version]
    complete = len(heard) == len(track_ids)
    loudness = _joint_lufs(blocks.values()) if complete and blocks else None
    peaks = [said["value"] for row in heard if (said := row.claims.get("replaygain_track_peak", {}).get(LIBROSA))]
    changed = []
    for row in heard:
        before = [row.claims.get(field, {}).get(LIBROSA) for field in OF_THE_ALBUM]
        if loudness is None:
            withdraw(row, LIBROSA, OF_THE_ALBUM)
        else:
            gain = round(REFERENCE_LUFS - loudness, 2)
            said = {"replaygain_album_gain": gain} | ({"replaygain_album_peak": max(peaks)} if peaks else {})
            claim(row, LIBROSA, said, version=ANALYZER_VERSION)
        if before != [row.claims.get(field, {}).get(LIBROSA) for field in OF_THE_ALBUM]:
            settle(row)
            changed.append(row)
    write_rows(changed)


def _joint_lufs(blocks: Iterable[bytes | memoryview]) -> float | None:
    """What somebody else has made, and is no histogram, costs the album its gain and nothing more."""
    try:
        return joint_loudness([bytes(one) for one in blocks])
    except (zlib.error, struct.error) as error:
        log.warning("no_histogram_of_loudness", reason=str(error))
        return None
