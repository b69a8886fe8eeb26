"""What files themselves say of their sound: tempo and key, and how loud they are meant to be played."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.utils import timezone

from analysis.engine.keys import parsed_key
from analysis.models import TrackAudioFeatures
from analysis.schemas.fields import KEY, REPLAYGAIN, SPANS, units
from analysis.services.claims import Difference, claim, is_empty, settle, withdraw
from analysis.services.rows import held_rows, note_changes, write_rows
from library.models import Track
from library.services.statements import Record, execute
from library.signals import ImportedTrack

SLOWEST, FASTEST = 20.0, 400.0
TAGS = TrackAudioFeatures.Source.TAGS
FIELDS = ("bpm", *KEY, *REPLAYGAIN)
WITHIN = tuple(units(FIELDS))
LEADERS = tuple(unit[0] for unit in WITHIN)
# Thousands of files say something with every scan: only the columns that they can change are written.
KINDS = {
    **{field: "text" if field in KEY else "float8" for field in FIELDS},
    "analysis_source": "text",
    "provenance": "jsonb",
    "claims": "jsonb",
}
ROWS = Record("r", {"track_id": "bigint", **KINDS})
WRITE = f"""
    INSERT INTO track_audio_features (track_id, {", ".join(KINDS)}, date_added, date_modified)
    SELECT track_id, {", ".join(KINDS)}, now(), now() FROM {ROWS}
    ON CONFLICT (track_id) DO UPDATE
    SET {", ".join(f"{column} = excluded.{column}" for column in KINDS)}, date_modified = now()
"""  # noqa: S608


def keep_tag_features(*, tracks: Sequence[ImportedTrack]) -> None:
    """Notes what these files say; a tag that was taken away takes its word with it."""
    gains = _gains(tracks)
    said = {track.track_id: _said(track) | gains.get(track.track_id, {}) for track in tracks}
    created = {track.track_id for track in tracks if track.created}
    telling = {number for number, values in said.items() if values}
    new = _new_rows({number: said[number] for number in telling & created})
    rows: dict[int, TrackAudioFeatures] = {}
    if news := _not_told_before(telling - created, said):
        rows |= held_rows(news)
    if silent := said.keys() - telling - created:
        rows |= _with_tags(silent)
    changed = {number: row for number, row in rows.items() if _told_before(row) != said[number]}
    differences = {number: _hear(row, said[number]) for number, row in changed.items()}
    _write(changed.values(), new)
    note_changes(differences)


def _new_rows(said: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """Of tracks that have just been made nobody else has said anything: as claiming and settling would fill them."""
    at = timezone.now().isoformat()
    return [
        {
            "track_id": number,
            **values,
            "analysis_source": TAGS,
            "provenance": {leader: {"source": TAGS, "at": at} for leader in LEADERS if leader in values},
            "claims": {field: {TAGS: {"value": value, "at": at}} for field, value in values.items()},
        }
        for number, values in said.items()
    ]


def _not_told_before(track_ids: Collection[int], said: dict[int, dict[str, Any]]) -> set[int]:
    """A file that was written again mostly says what it said: its row need not be held."""
    rows = TrackAudioFeatures.objects.filter(track__in=track_ids).only("track_id", "claims") if track_ids else ()
    return set(track_ids) - {row.track_id for row in rows if _told_before(row) == said[row.track_id]}


def _told_before(row: TrackAudioFeatures) -> dict[str, Any]:
    return {field: said[TAGS]["value"] for field, said in row.claims.items() if TAGS in said}


def _hear(row: TrackAudioFeatures, said: dict[str, Any]) -> list[Difference]:
    withdraw(row, TAGS, [field for field in _told_before(row) if field not in said])
    claim(row, TAGS, said)
    return settle(row, WITHIN)


def _write(rows: Iterable[TrackAudioFeatures], new: Iterable[dict[str, Any]]) -> None:
    empty, told = [], [*new]
    for row in rows:
        if is_empty(row):
            empty.append(row)
        else:
            told.append({"track_id": row.track_id, **{column: getattr(row, column) for column in KINDS}})
    if told:
        execute(WRITE, ROWS.of(told))
    write_rows(empty)


def _with_tags(track_ids: Collection[int]) -> dict[int, TrackAudioFeatures]:
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


def _gains(tracks: Sequence[ImportedTrack]) -> dict[int, dict[str, float]]:
    """ReplayGain stands in columns of the track's own."""
    found = {track.track_id: track.replaygain for track in tracks if track.replaygain is not None}
    if len(found) < len(tracks):
        asked = [track.track_id for track in tracks if track.replaygain is None]
        rows = Track.objects.filter(pk__in=asked).exclude(**dict.fromkeys(REPLAYGAIN)).order_by()
        found |= {number: values for number, *values in rows.values_list("pk", *REPLAYGAIN)}
    return {number: _within_spans(values) for number, values in found.items()}


def _within_spans(values: Sequence[float | None]) -> dict[str, float]:
    return {
        field: value
        for field, value in zip(REPLAYGAIN, values, strict=True)
        if value is not None and SPANS[field].least <= value <= SPANS[field].most
    }
