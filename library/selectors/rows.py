"""What a row of a list needs besides its own columns, for the same number of queries whatever the number of rows."""

from typing import Any

from django.db.models import BigIntegerField, Count, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from library.models import AlbumArtist, TrackArtist


def counted(rows: "QuerySet[Any]", column: str) -> Coalesce:
    """How many of `rows` name the outer row in `column`; looked up for the rows of a page alone."""
    mine = rows.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(mine.annotate(n=Count("*")).values("n")), 0, output_field=BigIntegerField())


def summed(rows: "QuerySet[Any]", column: str, what: str) -> Coalesce:
    mine = rows.filter(**{column: OuterRef("pk")}).order_by().values(column)
    return Coalesce(Subquery(mine.annotate(n=Sum(what)).values("n")), 0, output_field=BigIntegerField())


def named_artists() -> "Prefetch[Any]":
    """Of tracks: those who are named as their artists, in order, as `named_artists`."""
    named = TrackArtist.objects.filter(role=TrackArtist.Role.ARTIST).select_related("artist").order_by("position", "pk")
    return Prefetch("track_artists", named, to_attr="named_artists")


def album_artists() -> "Prefetch[Any]":
    """Of albums: their artists, in order, as `album_artists`."""
    return Prefetch("album_artists", AlbumArtist.objects.select_related("artist").order_by("position", "pk"))


def numbers_by(rows: "QuerySet[Any]", column: str, ids: list[int]) -> dict[int, int]:
    """How many of `rows` name each of these numbers in `column`."""
    mine = rows.filter(**{f"{column}__in": ids}).order_by().values_list(column)
    return dict(mine.annotate(n=Count("*")))
