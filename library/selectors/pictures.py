"""Pictures for the rows of a list, in as many queries for one row as for a hundred."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from library.models import Album, Cover, CoverImage
from library.selectors.counts import Kind
from library.selectors.covers import covers_of

STRATA = 4


def give_covers(kind: Kind, rows: Sequence[Any]) -> None:
    """Each row gets what it shows as `cover`; a track shows its album's, a genre four as `covers`."""
    if kind == "genres":
        return give_strata(rows)
    entity = Cover.Entity.ARTIST if kind == "artists" else Cover.Entity.ALBUM
    keys = [row.album_id or 0 if kind == "tracks" else row.pk for row in rows]
    found = covers_of(entity, keys)
    for row, key in zip(rows, keys, strict=True):
        row.cover = found.get(key)
    return None


def give_strata(genres: Sequence[Any]) -> None:
    """The covers of up to four albums of each genre, the newest first."""
    ids = [genre.pk for genre in genres]
    pictured = Cover.objects.filter(entity_type=Cover.Entity.ALBUM, shown=True, image__isnull=False)
    place = Window(RowNumber(), partition_by=F("genre_id"), order_by=F("album_id").desc())
    links = Album.genres.through.objects.filter(genre__in=ids, album__in=pictured.values("entity_id"))
    newest = links.annotate(place=place).filter(place__lte=STRATA)  # type: ignore[misc]
    pairs = sorted(newest.values_list("genre_id", "album_id"), reverse=True)
    found = covers_of(Cover.Entity.ALBUM, {album for _genre, album in pairs})
    strata: dict[int, list[CoverImage]] = {}
    for genre_id, album_id in pairs:
        if album_id in found:
            strata.setdefault(genre_id, []).append(found[album_id])
    for genre in genres:
        genre.covers = strata.get(genre.pk, [])
