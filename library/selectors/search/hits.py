"""What was found, as it is shown: ids become artists, albums, tracks and genres, in the order of their ranks."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from library.engine.asked import Asked
from library.engine.words import words_of
from library.models import Album, AlbumArtist, Artist, Cover, CoverImage, Genre, SearchName, Track
from library.schemas.search import AlbumHit, ArtistHit, GenreHit, TrackHit
from library.selectors.covers import covers_of

Hit = TypeVar("Hit")
SOURCES = ("title", "artists", "album", "genres", "tags")


def _in_order(ids: Sequence[int], rows: Iterable[Any], make: Callable[[dict[str, Any]], Hit]) -> list[Hit]:
    """What has gone since it was ranked is left out."""
    found: dict[int, dict[str, Any]] = {row["id"]: row for row in rows}
    return [make(found[pk]) for pk in ids if pk in found]


def _cover(kind: str, entity: str = "pk") -> Subquery:
    shown = Cover.objects.filter(entity_type=kind, entity_id=OuterRef(entity), shown=True)
    return Subquery(shown.values("image_id")[:1])


def _tracks(kind: str) -> Coalesce:
    """How many, as they were last counted."""
    counted = SearchName.objects.filter(kind=kind, entity_id=OuterRef("pk"))
    return Coalesce(Subquery(counted.values("tracks")[:1]), Value(0))


def artist_hits(ids: Sequence[int]) -> list[ArtistHit]:
    credits = AlbumArtist.objects.filter(artist=OuterRef("pk")).order_by().values("artist")
    albums = Coalesce(Subquery(credits.annotate(n=Count("album")).values("n")), Value(0))
    rows = Artist.objects.filter(pk__in=ids).values("id", "name", album_count=albums, track_count=_tracks("artist"))
    pictures = covers_of(Cover.Entity.ARTIST, ids)
    return _in_order(ids, rows, lambda row: _artist_hit(row, pictures.get(row["id"])))


def _artist_hit(row: dict[str, Any], picture: CoverImage | None) -> ArtistHit:
    cover = picture.digest if picture else None
    return ArtistHit(albums=row["album_count"], tracks=row["track_count"], cover=cover, **row)


def album_hits(ids: Sequence[int]) -> list[AlbumHit]:
    rows = Album.objects.filter(pk__in=ids).values(
        "id",
        "title",
        "year",
        "support",
        "artist_credit",
        name=F("album_artist__name"),
        artist_id=F("album_artist_id"),
        track_count=_tracks("album"),
        cover=_cover("album"),
    )
    return _in_order(
        ids, rows, lambda row: AlbumHit(artist=row["artist_credit"] or row["name"], tracks=row["track_count"], **row)
    )


def genre_hits(ids: Sequence[int]) -> list[GenreHit]:
    rows = Genre.objects.filter(pk__in=ids).values("id", "name", track_count=_tracks("genre"))
    return _in_order(ids, rows, lambda row: GenreHit(tracks=row["track_count"], **row))


def track_rows(ids: Sequence[int]) -> "QuerySet[Track, Any]":
    return Track.objects.filter(pk__in=ids).values(
        "id",
        "title",
        "duration_ms",
        "available",
        "artist_credit",
        "album_id",
        artist_id=F("track_artist_id"),
        name=F("track_artist__name"),
        album_title=F("album__title"),
        released=Coalesce(F("year_number"), F("album__year")),
        own_cover=_cover("track"),
        album_cover=_cover("album", "album_id"),
        said=F("search_document__words"),
    )


def track_hits(ids: Sequence[int], asked: Asked) -> list[TrackHit]:
    return _in_order(ids, track_rows(ids), lambda row: _track_hit(row, asked))


def _track_hit(row: dict[str, Any], asked: Asked) -> TrackHit:
    return TrackHit(
        **row,
        artist=row["artist_credit"] or row["name"],
        album=row["album_title"],
        year=row["released"],
        cover=row["own_cover"] or row["album_cover"],
        found_in=found_in(row["said"] or {}, asked),
    )


def found_in(said: dict[str, Any], asked: Asked) -> list[str]:
    """In which of its sources a track has words that were asked for; in its lyrics, when in none of the others."""
    sources = [source for source in SOURCES if source in said and _has(str(said[source]), asked)]
    return sources or (["lyrics"] if said.get("lyrics") else [])


def _has(text: str, asked: Asked) -> bool:
    words = {word.text for word in words_of(text)}
    for place, piece in enumerate(asked.wanted):
        for way in (*piece.ways, *asked.others.get(place, ())):
            *first, last = way
            if words.issuperset(first) and (
                last in words or (piece.open and any(word.startswith(last) for word in words))
            ):
                return True
    return False
