"""What several sources say of one row, and which of them is shown: arithmetic on a row in memory, no writing.

A fact may have several columns (key, scale and Camelot's key are one); it is claimed, locked and shown as a whole. The
highest source that says anything is shown, unless a person holds the fact fast.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from analysis.models import TrackAudioFeatures
from analysis.schemas.fields import FIELDS, RANKS, units

# Of two measurements of one thing the second is hardly ever the same to the last digit.
NEAR = 1e-6


@dataclass(frozen=True)
class Difference:
    """A fact that is shown otherwise than before."""

    unit: tuple[str, ...]
    old: dict[str, Any]
    new: dict[str, Any]
    source: str

    @property
    def field(self) -> str:
        return self.unit[0]

    @property
    def was_known(self) -> bool:
        return any(value is not None for value in self.old.values())


def lift(row: TrackAudioFeatures) -> None:
    """A row of an older installation has values without claims: they get that of the source that the row names."""
    if row.claims:
        return
    source = row.analysis_source if row.analysis_source in RANKS else "imported"
    said = {name: value for name in FIELDS if (value := getattr(row, name)) is not None}
    if said:
        claim(row, source, said, at=row.analyzed_at or row.date_modified)
        for unit in units(list(said)):
            row.provenance[unit[0]] = _origin(row, unit, source)


def claim(
    row: TrackAudioFeatures,
    source: str,
    values: Mapping[str, Any],
    *,
    confidence: Mapping[str, float] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> None:
    """Notes what a source says; saying the same again leaves the time at which it was first said."""
    said_at = (at or timezone.now()).isoformat()
    for field, value in values.items():
        sure = (confidence or {}).get(field)
        told = {"value": value, "confidence": None if sure is None else round(sure, 4), "version": version}
        known = row.claims.setdefault(field, {}).get(source)
        if known is None or {name: known.get(name) for name in told} != told:
            row.claims[field][source] = _known({**told, "at": said_at})


def withdraw(row: TrackAudioFeatures, source: str, fields: Iterable[str] = FIELDS) -> None:
    """The source says nothing of these any more."""
    for field in fields:
        said = row.claims.get(field)
        if said is not None:
            said.pop(source, None)
            if not said:
                del row.claims[field]


UNITS = tuple(units())


def settle(row: TrackAudioFeatures, within: Iterable[tuple[str, ...]] = UNITS) -> list[Difference]:
    """Shows what is to be believed now; answers with what that has changed."""
    found = []
    for unit in within:
        if unit[0] in row.locked_fields:
            continue
        source = _believed(row, unit)
        new = {field: _said(row, field, source) for field in unit}
        old = {field: getattr(row, field) for field in unit}
        for field, value in new.items():
            setattr(row, field, value)
        if source:
            row.provenance[unit[0]] = _origin(row, unit, source)
        else:
            row.provenance.pop(unit[0], None)
        if not same(old, new):
            found.append(Difference(unit, old, new, source))
    row.analysis_source = _source_of_all(row)
    return found


def is_empty(row: TrackAudioFeatures) -> bool:
    """Nobody says anything of it, and nobody holds anything fast."""
    return not row.claims and not row.locked_fields and row.analyzer_version is None


def same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(_equal(value, other.get(name)) for name, value in one.items())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return bool(one == other)


def _believed(row: TrackAudioFeatures, unit: tuple[str, ...]) -> str:
    return next((source for source in RANKS if any(source in row.claims.get(field, {}) for field in unit)), "")


def _said(row: TrackAudioFeatures, field: str, source: str) -> Any:
    return row.claims.get(field, {}).get(source, {}).get("value")


def _origin(row: TrackAudioFeatures, unit: tuple[str, ...], source: str) -> dict[str, Any]:
    said: dict[str, Any] = next(
        (row.claims[field][source] for field in unit if source in row.claims.get(field, {})), {}
    )
    return _known({"source": source, **{name: said.get(name) for name in ("confidence", "version", "at")}})


def _known(said: dict[str, Any]) -> dict[str, Any]:
    """Thousands of rows repeat what is written here: what is not known is left out."""
    return {name: value for name, value in said.items() if value is not None}


def _source_of_all(row: TrackAudioFeatures) -> str:
    """What has said most of it: a measurement where there is one, else the tags, else a person."""
    there = {source for said in row.claims.values() for source in said}
    return next((name for name in ("librosa", "acoustid", "tags", "manual", "imported") if name in there), "")
