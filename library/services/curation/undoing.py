"""Takes a correction back: what it made goes, what it deleted returns, what it changed is as it was."""

from typing import Any

from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from core.cache import invalidate
from core.errors import Conflict, NotFound
from library.models import Album, Correction, Track
from library.signals import tracks_changed


@transaction.atomic
def undo_correction(*, correction_id: int) -> Correction:
    """Refused as a whole when something that it needs has gone since."""
    correction = Correction.objects.select_for_update().filter(pk=correction_id).first()
    if correction is None:
        raise NotFound("There is no such correction.")
    if correction.undone_at is not None:
        raise Conflict("This was taken back already.")
    try:
        with transaction.atomic():
            _restore(correction.before)
    except (IntegrityError, ProtectedError, serializers.base.DeserializationError):
        raise Conflict(
            "This cannot be taken back any more: what it needs has been changed since.",
            hint="Take back the corrections that came after it first.",
        ) from None
    correction.undone_at = timezone.now()
    correction.save(update_fields=["undone_at"])
    tracks_changed.send(sender=Correction, track_ids=sorted(_tracks_of(correction.before)))
    invalidate("library")
    return correction


def _restore(before: dict[str, Any]) -> None:
    _return_rows([row for row in before["deleted"] if not _may_collide(row)])
    for row in before["changed"]:
        _as_it_was(row)
    for row in reversed(before["made"]):
        _model(row).objects.filter(pk=row["pk"]).delete()
    # Keys and credits return once the rows that took their places have left them.
    _return_rows([row for row in before["deleted"] if _may_collide(row)])


def _may_collide(row: dict[str, Any]) -> bool:
    """Rows between two others, whose places something that was made may hold."""
    return row["model"] in {"library.trackartist", "library.albumartist", "library.cover", "library.artistsplit"}


def _return_rows(rows: list[dict[str, Any]]) -> None:
    for found in serializers.deserialize("python", rows):
        found.save()


def _as_it_was(row: dict[str, Any]) -> None:
    model = _model(row)
    values: dict[str, Any] = {}
    for name, value in row["fields"].items():
        field = model._meta.get_field(name)
        if isinstance(field, models.ManyToManyField):
            getattr(model.objects.get(pk=row["pk"]), name).set(value)
        elif isinstance(field, models.ForeignKey):
            values[field.attname] = value
        elif isinstance(field, models.Field):
            # Arrays are written as texts of JSON.
            is_text = isinstance(value, str)
            values[name] = field.to_python(value) if is_text else value
    if values:
        model.objects.filter(pk=row["pk"]).update(**values)


def _model(row: dict[str, Any]) -> Any:
    return apps.get_model(row["model"])


def _tracks_of(before: dict[str, Any]) -> set[int]:
    """The tracks whose words may be others now."""
    every = [*before["changed"], *before["deleted"]]
    own = {int(row["pk"]) for row in every if row["model"] == "library.track"}
    parts = {int(row["fields"]["track"]) for row in every if row["fields"].get("track")}
    albums = {int(row["pk"]) for row in every if row["model"] == "library.album"}
    artists = {int(row["pk"]) for row in every if row["model"] == "library.artist"}
    listed = Track.objects.filter(album__in=albums) | Track.objects.filter(track_artists__artist__in=artists)
    under = Track.objects.filter(album__in=Album.objects.filter(album_artist__in=artists))
    return own | parts | set(listed.values_list("pk", flat=True)) | set(under.values_list("pk", flat=True))
