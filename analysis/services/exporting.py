"""Writes what is known of recordings into a bundle, for another installation or another person."""

import base64
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import TrackAudioFeatures, TrackDescriptors, TrackLoudness, TrackWaveform
from analysis.schemas.bundle import FORMAT, Head, Held, Recording
from analysis.schemas.fields import unit_of
from analysis.services.claims import lift

AT_ONCE = 500
# Tags are the file's own: whoever has the file has them, and may have changed them.
LEFT_OUT = ("tags",)


def export_bundle(*, path: Path) -> int:
    """How many recordings it holds. The file is there when it is whole, and not before."""
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            count = _write(file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _write(file: IO[bytes]) -> int:
    count = 0
    # Without a time of its own in the head of gzip: the same library makes the same bundle but for `made_at`.
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed:
        head = Head(format=FORMAT, version=1, analyzer_version=ANALYZER_VERSION, made_at=timezone.now())
        packed.write(head.model_dump_json().encode() + b"\n")
        for recording in _recordings():
            packed.write(recording.model_dump_json(exclude_defaults=True).encode() + b"\n")
            count += 1
    return count


def _recordings() -> Iterator[Recording]:
    """Each once, the best known of those that are alike; in pieces, however large the library is."""
    rows = TrackAudioFeatures.objects.exclude(track__audio_hash="").select_related("track")
    last = 0
    told: set[str] = set()
    while True:
        some = list(rows.filter(pk__gt=last).order_by("pk")[:AT_ONCE])
        if not some:
            return
        last = some[-1].pk
        beside = _beside([row.track_id for row in some])
        for row in some:
            if row.track.audio_hash not in told and (found := _recording(row, beside)):
                told.add(row.track.audio_hash)
                yield found


def _beside(track_ids: list[int]) -> dict[str, dict[int, Any]]:
    return {
        name: {row.track_id: row for row in model.objects.filter(track__in=track_ids)}
        for name, model in (("waveform", TrackWaveform), ("descriptors", TrackDescriptors), ("loudness", TrackLoudness))
    }


def _recording(row: TrackAudioFeatures, beside: dict[str, dict[int, Any]]) -> Recording | None:
    lift(row)
    claims = {
        field: kept
        for field, said in row.claims.items()
        if (kept := {source: one for source, one in said.items() if source not in LEFT_OUT})
    }
    if not claims and not row.locked_fields and not row.analyzer_version:
        return None
    wave, vector, loudness = (beside[name].get(row.track_id) for name in ("waveform", "descriptors", "loudness"))
    return Recording.model_validate(
        {
            "audio_hash": row.track.audio_hash,
            "title": f"{row.track.artist_credit} – {row.track.title}",
            # Of a recording that has been replaced, the analysis is none.
            "analyzer_version": row.analyzer_version or None,
            "analyzed_at": row.analyzed_at,
            "duration_ms": row.duration_ms,
            "partial": row.partial,
            "claims": claims if row.analyzer_version != 0 else _of_people(claims),
            "locked": {field: _held(row, field) for field in row.locked_fields},
            "tempo_candidates": row.candidates.get("bpm", []),
            "key_candidates": row.candidates.get("key", []),
            "waveform": _text(wave and wave.peaks),
            "waveform_channels": wave.channels if wave else 1,
            "descriptors": _text(vector and vector.vector),
            "descriptors_version": vector.version if vector else 0,
            "loudness_histogram": _text(loudness and loudness.histogram),
        }
    )


def _of_people(claims: dict[str, Any]) -> dict[str, Any]:
    return {field: {"manual": said["manual"]} for field, said in claims.items() if "manual" in said}


def _held(row: TrackAudioFeatures, field: str) -> Held:
    values = {name: getattr(row, name) for name in unit_of(field)}
    return Held(values=values, provenance=row.provenance.get(field))


def _text(content: Any) -> bytes:
    return base64.b64encode(bytes(content or b""))
