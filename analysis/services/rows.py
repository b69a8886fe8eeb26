"""Rows of features held for a change and written together, with the history of what changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from django.utils import timezone

from analysis.models import FeatureChange, TrackAudioFeatures
from analysis.selectors.features import ANALYSIS
from analysis.services.claims import Difference, is_empty, lift
from core.cache import invalidate
from core.models import User

# Of a job only what people look at is remembered, and only where something else was known before.
REMEMBERED = frozenset({"bpm", "key"})
COLUMNS = [
    field.name
    for field in TrackAudioFeatures._meta.concrete_fields
    if field.name not in {"id", "track", "date_added", "camelot_place"}
]


def held_rows(track_ids: Collection[int], *, make: bool = True) -> dict[int, TrackAudioFeatures]:
    """By track, locked until the transaction ends; those that are not there yet are made where `make` says so."""
    if make:
        rows = [TrackAudioFeatures(track_id=number) for number in sorted(track_ids)]
        TrackAudioFeatures.objects.bulk_create(rows, ignore_conflicts=True)
    found = TrackAudioFeatures.objects.select_for_update().filter(track__in=track_ids).order_by("track")
    held = {row.track_id: row for row in found}
    for row in held.values():
        lift(row)
    return held


def write_rows(rows: Iterable[TrackAudioFeatures]) -> None:
    """Writes those that say something, and removes those that say nothing any more."""
    told: list[TrackAudioFeatures] = []
    empty: list[TrackAudioFeatures] = []
    for row in rows:
        (empty if is_empty(row) else told).append(row)
    if empty:
        TrackAudioFeatures.objects.filter(pk__in=[row.pk for row in empty]).delete()
    if told:
        for row in told:
            row.date_modified = timezone.now()
        TrackAudioFeatures.objects.bulk_create(
            told, update_conflicts=True, unique_fields=["track"], update_fields=COLUMNS
        )
    if told or empty:
        invalidate(ANALYSIS)


def note_changes(changed: Mapping[int, Sequence[Difference]]) -> None:
    """What jobs, scans and imports have changed, by track."""
    rows = [
        FeatureChange(track_id=track, field=one.field, old=one.old, new=one.new, source=one.source or "none")
        for track, differences in changed.items()
        for one in differences
        if one.field in REMEMBERED and one.was_known
    ]
    FeatureChange.objects.bulk_create(rows)


def note_of_person(
    row: TrackAudioFeatures, *, action: FeatureChange.Action, unit: tuple[str, ...], before: "Before", user: User | None
) -> FeatureChange:
    """What a person did, with what it takes to put it back."""
    return FeatureChange.objects.create(
        track_id=row.track_id,
        field=unit[0],
        action=action,
        old=before.values,
        new={field: getattr(row, field) for field in unit},
        source=row.provenance.get(unit[0], {}).get("source") or "none",
        before=before.as_json(),
        user=user,
    )


class Before:
    """How a fact stood: its values, where they came from, what a person had said, whether it was locked."""

    def __init__(self, row: TrackAudioFeatures, unit: tuple[str, ...]) -> None:
        self.unit = unit
        self.values = {field: getattr(row, field) for field in unit}
        self.provenance = row.provenance.get(unit[0])
        said = {field: row.claims.get(field, {}).get("manual") for field in unit}
        self.manual = {field: one for field, one in said.items() if one}
        self.locked = unit[0] in row.locked_fields

    def as_json(self) -> dict[str, object]:
        return {"provenance": self.provenance, "manual": self.manual, "locked": self.locked}
