"""Albums and artists that their last file has left go, unless anything else refers to them or a person touched them."""

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from library.models import Album, AlbumArtist, AlbumKey, Artist, ArtistKey, Cover

Row = TypeVar("Row", Album, Artist)
# What a scan has written by itself is no reason to stay.
OWN: dict[type[Model], tuple[type[Model], ...]] = {Album: (AlbumKey, AlbumArtist), Artist: (ArtistKey,)}


def remove_orphans(*, albums: Collection[int], artists: Collection[int]) -> None:
    """Of those that files have left; what nobody has ever left, such as a record of a collection, is not looked at."""
    gone = _without_anything(Album, albums) if albums else []
    if gone:
        credited = AlbumArtist.objects.filter(album__in=gone).values_list("artist_id", flat=True)
        artists = {*artists, *credited}
        _remove(Album, gone)
    lonely = _without_anything(Artist, artists) if artists else []
    if lonely:
        _remove(Artist, lonely)


def _without_anything(model: type[Row], ids: Collection[int]) -> list[int]:
    rows: QuerySet[Any] = model._default_manager.filter(pk__in=ids, locked_fields=[])
    if model is Album:
        rows = rows.filter(discogs_id=None, spotify_url=None, discogs_url=None)
    for relation in model._meta.related_objects:
        if relation.related_model not in OWN[model]:
            refers: QuerySet[Any] = relation.related_model._base_manager.all()
            rows = rows.filter(~Exists(refers.filter(**{relation.field.name: OuterRef("pk")})))
    chosen = Cover.objects.filter(_of(model), entity_id=OuterRef("pk"), source=Cover.Source.MANUAL)
    return list(rows.filter(~Exists(chosen)).values_list("pk", flat=True))


def _remove(model: type[Row], ids: list[int]) -> None:
    Cover.objects.filter(_of(model), entity_id__in=ids).delete()
    model._default_manager.filter(pk__in=ids).delete()


def _of(model: type[Model]) -> Q:
    return Q(entity_type=Cover.Entity.ALBUM if model is Album else Cover.Entity.ARTIST)
