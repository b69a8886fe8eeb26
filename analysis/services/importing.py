"""Reads a bundle of analyses: what it knows of recordings that this library has too; a second time changes nothing.

A person's word here comes before a person's word there, a newer analysis before an older one.
"""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError, TrackAudioFeatures, TrackDescriptors, TrackLoudness, TrackWaveform
from analysis.schemas.bundle import LONGEST_LINE, Head, ImportReport, Recording
from analysis.schemas.fields import FIELDS, MEASURED, Source, unit_of
from analysis.services.album_gain import OF_THE_ALBUM, settle_album_gains
from analysis.services.claims import claim, is_empty, settle, withdraw
from analysis.services.rows import held_rows, note_changes, write_rows
from analysis.services.values import checked
from core.errors import InvalidInput
from library.models import Track

AT_ONCE = 200
WORDS: tuple[Source, ...] = ("manual", "acoustid", "imported")


def import_bundle(*, path: Path) -> ImportReport:
    """Piece by piece, each in a transaction of its own: what was read before a fault is kept."""
    report = ImportReport()
    try:
        with path.open("rb") as raw, gzip.open(raw) as file:
            _check_head(file)
            some: list[Recording] = []
            for recording in _read(file, report):
                some.append(recording)
                if len(some) >= AT_ONCE:
                    _take(some, report)
                    some = []
            _take(some, report)
    except (OSError, EOFError, zlib.error) as error:
        raise InvalidInput(
            f"The bundle cannot be read to its end: {error}", hint="What came before was kept."
        ) from None
    return report


def _check_head(file: gzip.GzipFile) -> None:
    try:
        Head.model_validate_json(file.readline(LONGEST_LINE))
    except ValidationError:
        raise InvalidInput("This is no bundle of analyses.", hint="manage.py analysis export makes one.") from None


def _read(file: gzip.GzipFile, report: ImportReport) -> Iterator[Recording]:
    while line := file.readline(LONGEST_LINE):
        if not line.strip():
            continue
        try:
            found = Recording.model_validate_json(line)
            report.recordings += 1
            yield found
        except ValidationError:
            report.unreadable += 1


@transaction.atomic
def _take(recordings: Sequence[Recording], report: ImportReport) -> None:
    by_hash = {recording.audio_hash: recording for recording in recordings}
    tracks: dict[str, list[int]] = defaultdict(list)
    for audio_hash, number in Track.objects.filter(audio_hash__in=by_hash).values_list("audio_hash", "pk"):
        tracks[audio_hash].append(number)
    report.matched += len(tracks)
    report.unknown += len(by_hash) - len(tracks)
    rows = held_rows([number for numbers in tracks.values() for number in numbers])
    changed: dict[int, Any] = {}
    for audio_hash, numbers in tracks.items():
        for number in numbers:
            before = _state(rows[number])
            differences = _merge(rows[number], by_hash[audio_hash])
            if _state(rows[number]) != before:
                changed[number] = differences
    write_rows(row for number, row in rows.items() if number in changed or is_empty(row))
    note_changes(changed)
    settle_album_gains(track_ids=changed)
    report.changed += len(changed)
    report.unchanged += len(rows) - len(changed)


def _state(row: TrackAudioFeatures) -> tuple[Any, ...]:
    """What an import could change, frozen."""
    return repr(row.claims), tuple(row.locked_fields), row.analyzer_version, row.analyzed_at


def _merge(row: TrackAudioFeatures, recording: Recording) -> list[Any]:
    newer = _is_newer(row, recording)
    if newer:
        _take_analysis(row, recording)
    _take_words(row, recording)
    differences = settle(row)
    _take_locks(row, recording)
    return differences


def _is_newer(row: TrackAudioFeatures, recording: Recording) -> bool:
    """An analysis by a future analyser is none that this one understands."""
    version = recording.analyzer_version
    if version is None or version > ANALYZER_VERSION:
        return False
    return version > (row.analyzer_version or 0)


def _take_analysis(row: TrackAudioFeatures, recording: Recording) -> None:
    for source in MEASURED:
        withdraw(row, source)
        # Their albums are not ours.
        _say(row, recording, source, unless=OF_THE_ALBUM)
    row.analyzer_version = recording.analyzer_version
    row.analyzed_at = recording.analyzed_at
    row.duration_ms, row.partial = recording.duration_ms, recording.partial
    row.candidates = {
        "bpm": [one.model_dump() for one in recording.tempo_candidates],
        "key": [one.model_dump() for one in recording.key_candidates],
    }
    _take_beside(row.track_id, recording)
    AnalysisError.objects.filter(track=row.track_id).delete()


def _take_beside(track_id: int, recording: Recording) -> None:
    version = recording.analyzer_version or 0
    if recording.waveform:
        TrackWaveform.objects.update_or_create(
            track_id=track_id,
            defaults={"channels": recording.waveform_channels, "peaks": recording.waveform, "version": version},
        )
    if recording.descriptors:
        TrackDescriptors.objects.update_or_create(
            track_id=track_id, defaults={"vector": recording.descriptors, "version": recording.descriptors_version}
        )
    if recording.loudness_histogram:
        TrackLoudness.objects.update_or_create(
            track_id=track_id, defaults={"histogram": recording.loudness_histogram, "version": version}
        )


def _take_words(row: TrackAudioFeatures, recording: Recording) -> None:
    """What people and other services said, where nothing of the kind is known here."""
    for source in WORDS:
        there = {field for field, said in row.claims.items() if source in said}
        _say(row, recording, source, unless=there)


def _say(row: TrackAudioFeatures, recording: Recording, source: Source, unless: Collection[str] = ()) -> None:
    for field, said in recording.claims.items():
        told = said.get(source)
        if told is None or field not in FIELDS or field in unless or not _can_be(field, told.value):
            continue
        sure = {} if told.confidence is None else {field: told.confidence}
        claim(row, source, {field: told.value}, confidence=sure, version=told.version, at=told.at)


def _can_be(field: str, value: float | str | None) -> bool:
    if field == "scale":
        return value in {"major", "minor", None}
    try:
        checked({field: value})
    except InvalidInput:
        return False
    return True


def _take_locks(row: TrackAudioFeatures, recording: Recording) -> None:
    """A lock holds what was shown there, whatever is said here; one that is here already stays as it is."""
    for leader, held in recording.locked.items():
        unit = unit_of(leader)
        if leader not in FIELDS or leader != unit[0] or leader in row.locked_fields:
            continue
        if set(held.values) != set(unit):
            continue
        try:
            values = checked({name: value for name, value in held.values.items() if value is not None})
        except InvalidInput:
            continue
        for name in unit:
            setattr(row, name, values.get(name))
        if held.provenance:
            row.provenance[leader] = held.provenance
        row.locked_fields = sorted({*row.locked_fields, leader})
