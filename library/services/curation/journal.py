"""Keeps what a correction changes, row by row, so that it can be taken back."""

import json
from collections.abc import Iterable
from typing import Any

from django.core import serializers
from django.db.models import Model, QuerySet

from library.models import Correction


class Journal:
    """What was there before, and what was made; written down with `keep`."""

    def __init__(self) -> None:
        self.changed: list[dict[str, Any]] = []
        self.deleted: list[dict[str, Any]] = []
        self.made: list[dict[str, Any]] = []

    def changing(self, rows: "QuerySet[Any]", *fields: str) -> None:
        """To be called before these fields of these rows are written."""
        self.changed.extend(_as_data(rows, fields))

    def deleting(self, rows: "QuerySet[Any]") -> None:
        self.deleted.extend(_as_data(rows))

    def making(self, rows: Iterable[Model]) -> None:
        self.made.extend({"model": row._meta.label_lower, "pk": row.pk} for row in rows)

    def keep(self, *, kind: str, title: str, user_id: int | None) -> Correction:
        before = {"changed": self.changed, "deleted": self.deleted, "made": self.made}
        return Correction.objects.create(kind=kind, title=title[:500], before=before, done_by_id=user_id)


def _as_data(rows: "QuerySet[Any]", fields: Iterable[str] | None = None) -> list[dict[str, Any]]:
    own = [field.name for field in rows.model._meta.many_to_many if field.remote_field.through._meta.auto_created]
    wanted = own if fields is None else [name for name in own if name in set(fields)]
    return list(json.loads(serializers.serialize("json", rows.prefetch_related(*wanted), fields=fields)))
