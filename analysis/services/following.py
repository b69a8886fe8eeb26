"""Follows what becomes of tracks: another recording under the same name, two rows that turn out to be one."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from analysis.models import AnalysisError, TrackAudioFeatures
from analysis.schemas.fields import RANKS, unit_of
from analysis.selectors.features import ANALYSIS
from analysis.services.claims import settle
from analysis.services.rows import held_rows, write_rows
from core.cache import invalidate
from library.services.handing_over import PAIRS, pairs_of
from library.services.statements import execute
from library.signals import Merged

REPLACED = 0
"""the version of an analysis whose recording is there no more"""
BESIDE = ("track_waveforms", "track_descriptors", "track_loudness")


def note_other_audio(*, track_ids: Sequence[int]) -> None:
    """Their analysis is stale: it serves until the new one is complete. What once failed is tried again."""
    if track_ids:
        rows = TrackAudioFeatures.objects.filter(track__in=track_ids, analyzer_version__isnull=False)
        rows.update(analyzer_version=REPLACED, date_modified=timezone.now())
        AnalysisError.objects.filter(track__in=track_ids).delete()
        invalidate(ANALYSIS)


def keep_features(*, merges: Sequence[Merged]) -> None:
    """The track that stays keeps what a person said and held; of the rest the one that goes has heard the file last."""
    held = held_rows([number for merge in merges for number in (merge.kept_id, merge.gone_id)], make=False)
    for merge in merges:
        kept, gone = held.get(merge.kept_id), held.get(merge.gone_id)
        if gone is None:
            continue
        if kept is None:
            kept = held_rows([merge.kept_id])[merge.kept_id]
        _take_over(kept, gone)
        write_rows([kept])
    pairs = pairs_of(merges)
    for table in BESIDE:
        execute(_replace(table), pairs)
        execute(_move(table), pairs)
    execute(_move("feature_changes"), pairs)


def _replace(table: str) -> str:
    return f"""
        DELETE FROM {table} k USING {PAIRS}, {table} g WHERE k.track_id = p.kept AND g.track_id = p.gone
    """  # noqa: S608


def _move(table: str) -> str:
    return f"UPDATE {table} f SET track_id = p.kept FROM {PAIRS} WHERE f.track_id = p.gone"  # noqa: S608


def _take_over(kept: TrackAudioFeatures, gone: TrackAudioFeatures) -> None:
    """The file is that of the row that goes: what it says and what was heard of it comes along, if there is any."""
    _take_over_claims(kept, gone)
    for leader in gone.locked_fields:
        if leader not in kept.locked_fields:
            _hold_as(kept, gone, leader)
    if gone.analyzer_version is not None:
        for name in ("analyzer_version", "analyzed_at", "duration_ms", "partial", "candidates"):
            setattr(kept, name, getattr(gone, name))
    settle(kept)


def _take_over_claims(kept: TrackAudioFeatures, gone: TrackAudioFeatures) -> None:
    theirs = _by_source(gone)
    for source, said in theirs.items():
        ours = _by_source(kept).get(source, {})
        for field, claimed in said.items():
            if source != "manual" or field not in ours:
                kept.claims.setdefault(field, {})[source] = claimed
    if "tags" not in theirs:
        for field in list(kept.claims):
            kept.claims[field].pop("tags", None)
            if not kept.claims[field]:
                del kept.claims[field]


def _by_source(row: TrackAudioFeatures) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {source: {} for source in RANKS}
    for field, said in row.claims.items():
        for source, claimed in said.items():
            found.setdefault(source, {})[field] = claimed
    return {source: said for source, said in found.items() if said}


def _hold_as(kept: TrackAudioFeatures, gone: TrackAudioFeatures, leader: str) -> None:
    for field in unit_of(leader):
        setattr(kept, field, getattr(gone, field))
    if leader in gone.provenance:
        kept.provenance[leader] = gone.provenance[leader]
    kept.locked_fields = sorted({*kept.locked_fields, leader})
