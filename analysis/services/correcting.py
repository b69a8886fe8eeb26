"""What a person does to single features: puts right, holds fast, lets go, picks, takes back."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.utils import timezone

from analysis.models import FeatureChange, TrackAudioFeatures
from analysis.schemas.fields import FIELDS, KEY, unit_of
from analysis.services.claims import claim, settle, withdraw
from analysis.services.rows import Before, held_rows, note_of_person, write_rows
from analysis.services.values import checked
from core.errors import Conflict, InvalidInput, NotFound
from core.models import User
from library.models import Track

Action = FeatureChange.Action
MANUAL = TrackAudioFeatures.Source.MANUAL


def _held(track_id: int) -> TrackAudioFeatures:
    if not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
    return held_rows([track_id])[track_id]


def _unit(field: str) -> tuple[str, ...]:
    if field not in FIELDS:
        raise InvalidInput(f"There is no feature called {field[:40]!r}.", field="field")
    return unit_of(field)


@transaction.atomic
def correct_feature(*, track_id: int, field: str, value: Any, user: User | None = None) -> FeatureChange:
    """A person's word: shown and held fast from now on; None says that there is none."""
    unit = _unit(field)
    row = _held(track_id)
    said = checked({field: value}, row)
    change = correct_held(row, {name: said.get(name) for name in unit}, user=user)
    write_rows([row])
    return change


def correct_held(row: TrackAudioFeatures, values: Mapping[str, Any], *, user: User | None) -> FeatureChange:
    """The same to a row that is held; `values` are all columns of one fact."""
    unit = unit_of(next(iter(values)))
    before = Before(row, unit)
    claim(row, MANUAL, values)
    _let_go(row, unit)
    settle(row)
    _hold(row, unit)
    return note_of_person(row, action=Action.VALUE, unit=unit, before=before, user=user)


@transaction.atomic
def lock_feature(*, track_id: int, field: str, user: User | None = None) -> None:
    """Holds a value as it is shown now, whoever said it; locking what is locked changes nothing."""
    unit = _unit(field)
    row = _held(track_id)
    before = Before(row, unit)
    if before.locked:
        return
    _hold(row, unit)
    note_of_person(row, action=Action.LOCK, unit=unit, before=before, user=user)
    write_rows([row])


@transaction.atomic
def unlock_feature(*, track_id: int, field: str, user: User | None = None) -> None:
    """Lets it go: a person's word is withdrawn, and the best of the other sources is shown."""
    unit = _unit(field)
    row = _held(track_id)
    before = Before(row, unit)
    if not before.locked and not before.manual:
        write_rows([row])
        return
    withdraw(row, MANUAL, unit)
    _let_go(row, unit)
    settle(row)
    note_of_person(row, action=Action.UNLOCK, unit=unit, before=before, user=user)
    write_rows([row])


@transaction.atomic
def scale_tempo(*, track_id: int, factor: str | Fraction, user: User | None = None) -> FeatureChange:
    """×2, ÷2 and the like: "2", "1/2", "3/2" …"""
    bpm = _held(track_id).bpm
    if bpm is None:
        raise Conflict("This track has no tempo yet.", hint="Enter it instead.")
    return correct_feature(track_id=track_id, field="bpm", value=round(bpm * float(Fraction(factor)), 3), user=user)


@transaction.atomic
def pick_candidate(*, track_id: int, field: str, place: int, user: User | None = None) -> FeatureChange:
    """One of the other tempi or keys that the analysis found plausible, by its place in the list."""
    row = _held(track_id)
    there = row.candidates.get(unit_of(field)[0], [])
    if not 0 <= place < len(there):
        raise NotFound("There is no such candidate.", hint="They may have changed: load the track again.")
    found = there[place]
    value = found["camelot"] if unit_of(field) == KEY else found["bpm"]
    name = "camelot_key" if unit_of(field) == KEY else field
    return correct_feature(track_id=track_id, field=name, value=value, user=user)


@transaction.atomic
def take_back_change(*, change_id: int, user: User | None = None) -> FeatureChange:
    """As it stood before: what a person did is undone, what a job changed is put back and held fast."""
    change = FeatureChange.objects.select_for_update().filter(pk=change_id).first()
    if change is None:
        raise NotFound("There is no such change.")
    _refuse_if_over(change)
    unit = unit_of(change.field)
    row = _held(change.track_id)
    if change.before:
        _put_back(row, unit, change)
    else:
        correct_held(row, change.old or dict.fromkeys(unit), user=user)
    write_rows([row])
    change.taken_back_at = timezone.now()
    change.save(update_fields=["taken_back_at"])
    return change


def _refuse_if_over(change: FeatureChange) -> None:
    if change.taken_back_at:
        raise Conflict("This was taken back already.")
    later = FeatureChange.objects.filter(track=change.track_id, field=change.field, pk__gt=change.pk)
    if later.filter(taken_back_at=None).exists():
        raise Conflict("It has been changed again since.", hint="Take back the later change first.")


def _put_back(row: TrackAudioFeatures, unit: tuple[str, ...], change: FeatureChange) -> None:
    withdraw(row, MANUAL, unit)
    for field, said in change.before["manual"].items():
        row.claims.setdefault(field, {})[MANUAL] = said
    _let_go(row, unit)
    settle(row)
    if change.before["locked"]:
        _hold(row, unit)
        for field in unit:
            setattr(row, field, (change.old or {}).get(field))
        if change.before["provenance"]:
            row.provenance[unit[0]] = change.before["provenance"]
        else:
            row.provenance.pop(unit[0], None)


def _hold(row: TrackAudioFeatures, unit: tuple[str, ...]) -> None:
    row.locked_fields = sorted({*row.locked_fields, unit[0]})


def _let_go(row: TrackAudioFeatures, unit: tuple[str, ...]) -> None:
    row.locked_fields = [field for field in row.locked_fields if field != unit[0]]
