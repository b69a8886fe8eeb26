"""What all edits by hand have in common: which columns a request names, and that scans keep off them from then on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Model
from pydantic import BaseModel

from core.errors import InvalidInput

# What a scan knows by another name than the column.
LOCKS = {"track_artist_id": "artists", "album_artist_id": "artists", "album_id": "album"}


def asked_changes(data: BaseModel) -> dict[str, Any]:
    """What was sent, and nothing of what was left out."""
    return {name: getattr(data, name) for name in data.model_fields_set if name != "unlock"}


def locks_of(changes: Iterable[str]) -> set[str]:
    return {LOCKS.get(name, name) for name in changes}


def lock_fields(row: Any, *, changed: Iterable[str], unlocked: Iterable[str]) -> None:
    """Remembers what a person has said, on the row; it is not saved here."""
    row.locked_fields = sorted((set(row.locked_fields) | locks_of(changed)) - locks_of(unlocked))


def set_columns(row: Model, changes: Mapping[str, Any], names: Iterable[str]) -> None:
    for name in names:
        if name in changes:
            setattr(row, name, changes[name])


def refuse_unknown(found: Iterable[int], wanted: Iterable[int], *, what: str, field: str) -> None:
    missing = sorted(set(wanted) - set(found))
    if missing:
        raise InvalidInput(f"There is no {what} with the number {missing[0]}.", field=field)
