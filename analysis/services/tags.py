"""Features that come from tags; whatever was measured, or put right by hand, is never overwritten by them."""

from collections.abc import Sequence

from analysis.engine.keys import parsed_key
from analysis.models import TrackAudioFeatures
from library.services.statements import execute, record, rows_as_json
from library.signals import ImportedTrack, Merged

SLOWEST, FASTEST = 20.0, 400.0
FEATURE = {"track": "bigint", "bpm": "float8", "key": "text", "scale": "text", "camelot": "text"}
INSERT = f"""
    INSERT INTO track_audio_features
        (track_id, bpm, key, scale, camelot_key, analysis_source, analyzed_at, date_added, date_modified)
    SELECT track, bpm, key, scale, camelot, 'tags', now(), now(), now() FROM {record("r", FEATURE)}
    ON CONFLICT (track_id) DO UPDATE SET bpm = excluded.bpm, key = excluded.key, scale = excluded.scale,
        camelot_key = excluded.camelot_key, analysis_source = 'tags', analyzed_at = now(), date_modified = now()
    WHERE track_audio_features.analysis_source IN ('tags', '')
      AND (track_audio_features.bpm, track_audio_features.key, track_audio_features.scale)
        IS DISTINCT FROM (excluded.bpm, excluded.key, excluded.scale)
"""  # noqa: S608
PAIR = record("p", {"kept": "bigint", "gone": "bigint"})
# What a file says now comes before what it once said.
FORGET_TAGS = f"""
    DELETE FROM track_audio_features k USING {PAIR}, track_audio_features g
    WHERE k.track_id = p.kept AND g.track_id = p.gone AND k.analysis_source IN ('tags', '')
"""  # noqa: S608
MOVE = f"""
    UPDATE track_audio_features f SET track_id = p.kept FROM {PAIR} WHERE f.track_id = p.gone
      AND NOT EXISTS (SELECT 1 FROM track_audio_features k WHERE k.track_id = p.kept)
"""  # noqa: S608


def keep_tag_features(*, tracks: Sequence[ImportedTrack]) -> None:
    """Writes what these files say of their tempo and key; a tag that was taken away takes its feature with it."""
    rows = [row for track in tracks if (row := _feature(track))]
    said = {row["track"] for row in rows}
    silent = [track.track_id for track in tracks if not track.created and track.track_id not in said]
    if silent:
        source = TrackAudioFeatures.Source.TAGS
        TrackAudioFeatures.objects.filter(track__in=silent, analysis_source=source).delete()
    if rows:
        execute(INSERT, {"rows": rows_as_json(rows)})


def _feature(track: ImportedTrack) -> dict[str, object] | None:
    bpm = track.bpm if track.bpm is not None and SLOWEST <= track.bpm <= FASTEST else None
    key = parsed_key(track.key) if track.key else None
    if bpm is None and key is None:
        return None
    return {
        "track": track.track_id,
        "bpm": bpm,
        "key": key.key if key else None,
        "scale": key.scale if key else None,
        "camelot": key.camelot if key else None,
    }


def forget_other_audio(*, track_ids: Sequence[int]) -> None:
    """What was measured of another recording says nothing of this one; a person's word stays."""
    if track_ids:
        measured = [TrackAudioFeatures.Source.LIBROSA, TrackAudioFeatures.Source.ACOUSTID]
        TrackAudioFeatures.objects.filter(track__in=track_ids, analysis_source__in=measured).delete()


def keep_features(*, merges: Sequence[Merged]) -> None:
    """The track that stays has its own, or gets those of the one that goes."""
    rows = rows_as_json([{"kept": merge.kept_id, "gone": merge.gone_id} for merge in merges])
    execute(FORGET_TAGS, {"rows": rows})
    execute(MOVE, {"rows": rows})
