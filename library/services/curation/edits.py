"""Corrected tags: written into our data and locked against scans; files are left alone."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import models, transaction

from core.cache import invalidate
from core.errors import InvalidInput
from library.engine.names import sort_key
from library.models import Album, Artist, Track
from library.services.curation.artists import tracks_with
from library.services.curation.journal import Journal
from library.signals import tracks_changed

Row = type[Track] | type[Album] | type[Artist]
EDITABLE: dict[Any, frozenset[str]] = {
    Track: frozenset(
        {"title", "artist_credit", "track_number", "track_position", "disc_number", "disc_position", "disc_subtitle",
         "year", "year_number", "original_date", "recording_date", "release_date", "isrc", "language", "comment",
         "musicbrainz_id", "genres"}
    ),
    Album: frozenset(
        {"title", "artist_credit", "version", "year", "original_year", "release_year", "compilation", "support",
         "release_type", "label", "catalog_number", "barcode", "musicbrainz_albumid", "genres"}
    ),
    Artist: frozenset({"name", "sort_name", "musicbrainz_artistid", "genres"}),
}  # fmt: skip
# What follows from another field, and is corrected and locked with it.
FOLLOWS = {(Track, "title"): "sort_title", (Album, "title"): "sort_title", (Artist, "name"): "sort_name"}


@transaction.atomic
def edit_tags(*, model: Row, ids: Collection[int], changes: Mapping[str, Any], user_id: int | None) -> int:
    """Gives all of these rows the same new values; answers how many there were."""
    unknown = changes.keys() - EDITABLE[model]
    if unknown or not changes:
        raise InvalidInput(f"These fields cannot be corrected: {', '.join(sorted(unknown)) or 'none given'}.")
    rows = model._default_manager.filter(pk__in=ids)
    ids = list(rows.select_for_update().values_list("pk", flat=True))
    values = {name: value for name, value in changes.items() if name != "genres"}
    for (owner, name), follower in FOLLOWS.items():
        if owner is model and name in values and follower not in values:
            values[follower] = sort_key(str(values[name]))
    journal = Journal()
    journal.changing(rows, *values, *(["genres"] if "genres" in changes else []), "locked_fields")
    _lock(rows, {*changes, *values})
    if values:
        rows.update(**values)
    if "genres" in changes:
        _set_genres(model, ids, changes["genres"])
    names = ", ".join(sorted(changes))
    journal.keep(kind=f"edit {model._meta.model_name}", title=f"{names}: {_titles(rows, len(ids))}", user_id=user_id)
    touched = ids if model is Track else _tracks_of(model, ids)
    tracks_changed.send(sender=model, track_ids=touched)
    invalidate("library")
    return len(ids)


def _lock(rows: "models.QuerySet[Any]", names: Collection[str]) -> None:
    for name in sorted(names):
        rows.exclude(locked_fields__contains=[name]).update(
            locked_fields=models.Func(models.F("locked_fields"), models.Value(name), function="array_append")
        )


def _set_genres(model: Any, ids: Collection[int], genres: Collection[Any]) -> None:
    through = model.genres.through
    owner = f"{model._meta.model_name}_id"
    through.objects.filter(**{f"{owner}__in": ids}).delete()
    through.objects.bulk_create([through(**{owner: pk, "genre_id": genre.pk}) for pk in ids for genre in genres])


def _tracks_of(model: Row, ids: Collection[int]) -> list[int]:
    if model is Artist:
        return tracks_with(ids)
    return list(Track.objects.filter(album__in=ids).values_list("pk", flat=True))


def _titles(rows: "models.QuerySet[Any]", number: int) -> str:
    first = rows.order_by("pk").first()
    return f"{first}" if number == 1 else f"{first} and {number - 1} more"
