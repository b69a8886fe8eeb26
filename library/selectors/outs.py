"""Rows of lists as the API answers them, with their genres and pictures: a few queries whatever their number."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import prefetch_related_objects
from pydantic import BaseModel

from library.models import Album, Artist, CoverImage, Genre, Track
from library.schemas.albums import AlbumOut
from library.schemas.artists import ArtistOut, ArtistRef
from library.schemas.genres import GenreOut
from library.schemas.pictures import PictureOut
from library.schemas.tracks import AlbumRef, TrackOut
from library.selectors.covers import covers_of

Out = TypeVar("Out", bound=BaseModel)
SHOWN_SIZE = 320


def artist_outs(rows: Sequence[Artist]) -> list[ArtistOut]:
    pictures = _prepared("artist", rows)
    return [_out(ArtistOut, row, genres=_genres(row), cover=picture_out(pictures.get(row.pk))) for row in rows]


def album_outs(rows: Sequence[Album]) -> list[AlbumOut]:
    pictures = _prepared("album", rows)
    return [
        _out(
            AlbumOut,
            row,
            artists=credited(row.album_artists.all()),
            genres=_genres(row),
            duration_ms=getattr(row, "total_ms", 0),
            cover=picture_out(pictures.get(row.pk)),
        )
        for row in rows
    ]


def track_outs(rows: Sequence[Track]) -> list[TrackOut]:
    pictures = _prepared("track", rows)
    return [
        _out(
            TrackOut,
            row,
            artists=credited(row.named_artists),  # type: ignore[attr-defined]
            album=AlbumRef(id=row.album.pk, title=row.album.title) if row.album else None,
            genres=_genres(row),
            cover=picture_out(pictures.get(row.pk)),
        )
        for row in rows
    ]


def genre_outs(rows: Sequence[Genre]) -> list[GenreOut]:
    return [_out(GenreOut, row) for row in rows]


def credited(credits: Any) -> list[ArtistRef]:
    return [
        ArtistRef(id=credit.artist_id, name=credit.artist.name, join_phrase=credit.join_phrase) for credit in credits
    ]


def picture_out(image: CoverImage | None) -> PictureOut | None:
    if image is None:
        return None
    return PictureOut(
        digest=image.digest,
        url=f"/covers/{image.digest}/{SHOWN_SIZE}.webp",
        width=image.width,
        height=image.height,
        color_1=image.color_1,
        color_2=image.color_2,
    )


def _prepared(kind: str, rows: Sequence[Any]) -> dict[int, CoverImage]:
    prefetch_related_objects(rows, "genres")
    return covers_of(kind, [row.pk for row in rows])


def _genres(row: Any) -> list[str]:
    return sorted(genre.name for genre in row.genres.all())


def _out(kind: type[Out], row: Any, **more: Any) -> Out:
    """Columns by their names, and what is given; nothing is looked at twice."""
    columns = {name: getattr(row, name) for name in kind.model_fields if name not in more}
    return kind.model_validate({**columns, **more})
