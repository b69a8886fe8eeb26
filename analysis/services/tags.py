"""What files themselves say of their sound: tempo and key, and how loud they are meant to be played."""

from collections.abc import Sequence
from typing import Any

from analysis.engine.keys import parsed_key
from analysis.models import TrackAudioFeatures
from analysis.schemas.fields import REPLAYGAIN, SPANS
from analysis.services.claims import claim, settle, withdraw
from analysis.services.rows import held_rows, note_changes, write_rows
from library.models import Track
from library.signals import ImportedTrack

SLOWEST, FASTEST = 20.0, 400.0
TAGS = TrackAudioFeatures.Source.TAGS


def keep_tag_features(*, tracks: Sequence[ImportedTrack]) -> None:
    """Notes what these files say; a tag that was taken away takes its word with it."""
    gains = _gains([track.track_id for track in tracks])
    said = {track.track_id: _said(track) | gains.get(track.track_id, {}) for track in tracks}
    telling = {number for number, values in said.items() if values}
    silent = {track.track_id for track in tracks if not track.created} - telling
    rows = held_rows(telling) | (_with_tags(silent) if silent else {})
    changed = {}
    for number, row in rows.items():
        withdraw(row, TAGS, [field for field in row.claims.copy() if field not in said[number]])
        claim(row, TAGS, said[number])
        changed[number] = settle(row)
    write_rows(rows.values())
    note_changes(changed)


def _with_tags(track_ids: set[int]) -> dict[int, TrackAudioFeatures]:
    """Those of which tags once said something: nobody else need be looked at."""
    rows = TrackAudioFeatures.objects.filter(track__in=track_ids).only("track_id", "analysis_source", "claims")
    had = {row.track_id for row in rows if row.analysis_source == TAGS or _is_in(row.claims)}
    return held_rows(had, make=False) if had else {}


def _is_in(claims: dict[str, dict[str, Any]]) -> bool:
    return any(TAGS in said for said in claims.values())


def _said(track: ImportedTrack) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if track.bpm is not None and SLOWEST <= track.bpm <= FASTEST:
        found["bpm"] = track.bpm
    key = parsed_key(track.key) if track.key else None
    if key is not None:
        found |= {"key": key.key, "scale": key.scale, "camelot_key": key.camelot}
    return found


def _gains(track_ids: Sequence[int]) -> dict[int, dict[str, float]]:
    """ReplayGain stands in columns of the track's own."""
    rows = Track.objects.filter(pk__in=track_ids).exclude(**dict.fromkeys(REPLAYGAIN)).order_by()
    return {
        number: {
            field: value
            for field, value in zip(REPLAYGAIN, values, strict=True)
            if value is not None and SPANS[field].least <= value <= SPANS[field].most
        }
        for number, *values in rows.values_list("pk", *REPLAYGAIN)
    }
