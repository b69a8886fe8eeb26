"""What GraphQL knows of the library: its types, whose fields are the columns of rows, and how one leads to another.

Resolvers answer with rows; fields without a resolver are columns of the same name. Apps above add fields to `Track`.
"""

from datetime import datetime
from typing import Any, NewType

import strawberry
from django.db.models import F
from strawberry.types.scalar import ScalarDefinition

from library import models
from library.graphql.peers import first_of_each, looked_up, related, related_rows
from library.selectors.covers import covers_of
from library.selectors.outs import SHOWN_SIZE
from library.selectors.rows import numbers_by

BigInt = NewType("BigInt", int)
SCALARS: dict[object, ScalarDefinition] = {
    BigInt: strawberry.scalar(
        name="BigInt", description="A whole number of up to 63 bits.", serialize=int, parse_value=int
    )
}
SIZES = (96, 320, 800)


@strawberry.type
class Cover:
    """A picture, kept once whatever it belongs to."""

    digest: str
    mime_type: str
    size: int
    width: int | None
    height: int | None
    color_1: str
    color_2: str

    @strawberry.field
    def url(parent: strawberry.Parent[models.CoverImage], pixels: int = SHOWN_SIZE) -> str:
        """Where its thumbnail lies: 96, 320 or 800 pixels, the next larger one."""
        fitting = next((size for size in SIZES if size >= pixels), SIZES[-1])
        return f"/covers/{parent.digest}/{fitting}.webp"


@strawberry.type
class Genre:
    id: int
    name: str
    date_added: datetime
    date_modified: datetime

    @strawberry.field
    def track_count(parent: strawberry.Parent[models.Genre]) -> int:
        return _count(parent, "tracks", models.Track.genres.through.objects.all(), "genre")

    @strawberry.field
    def album_count(parent: strawberry.Parent[models.Genre]) -> int:
        return _count(parent, "albums", models.Album.genres.through.objects.all(), "genre")


@strawberry.type
class Credit:
    """A part that somebody had in something: at which place, and what stands between this name and the next."""

    position: int
    join_phrase: str

    @strawberry.field
    def artist(parent: strawberry.Parent[Any]) -> "Artist":
        return related(parent, "artist")

    @strawberry.field
    def role(parent: strawberry.Parent[Any]) -> str:
        return getattr(parent, "role", "artist")

    @strawberry.field
    def detail(parent: strawberry.Parent[Any]) -> str:
        """The instrument of a performer."""
        return getattr(parent, "detail", "")


@strawberry.type
class Artist:
    id: int
    name: str
    sort_name: str
    musicbrainz_artistid: str | None
    spotify_id: str | None
    lastfm_url: str | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime

    @strawberry.field
    def genres(parent: strawberry.Parent[models.Artist]) -> list[Genre]:
        return related_rows(parent, "genres")

    @strawberry.field
    def cover(parent: strawberry.Parent[models.Artist]) -> Cover | None:
        return _cover(parent, "artist")

    @strawberry.field
    def album_count(parent: strawberry.Parent[models.Artist]) -> int:
        return _count(parent, "albums", models.Album.objects.all(), "album_artist")

    @strawberry.field
    def track_count(parent: strawberry.Parent[models.Artist]) -> int:
        return _count(parent, "tracks", models.Track.objects.all(), "track_artist")

    @strawberry.field
    def albums(parent: strawberry.Parent[models.Artist], size: int = 50) -> list["Album"]:
        """Those that bear this name first, the oldest first."""
        order = [F("year").asc(nulls_last=True), F("id").asc()]
        return _first(parent, "albums", models.Album.objects.all(), "album_artist", order, size)

    @strawberry.field
    def tracks(parent: strawberry.Parent[models.Artist], size: int = 50) -> list["Track"]:
        """Those that bear this name first, A to Z."""
        order = [F("sort_title").asc(), F("id").asc()]
        return _first(parent, "tracks", models.Track.objects.all(), "track_artist", order, size)


@strawberry.type
class Album:
    id: int
    title: str
    sort_title: str
    album_artist_id: int
    artist_credit: str
    version: str
    release_year: str | None
    year: int | None
    original_year: int | None
    compilation: bool
    support: str
    release_type: str
    label: str
    catalog_number: str
    barcode: str
    musicbrainz_albumid: str | None
    musicbrainz_releasegroupid: str | None
    discogs_id: str | None
    spotify_url: str | None
    discogs_url: str | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime

    @strawberry.field
    def album_artist(parent: strawberry.Parent[models.Album]) -> Artist:
        """The first of its artists."""
        return related(parent, "album_artist")

    @strawberry.field
    def artists(parent: strawberry.Parent[models.Album]) -> list[Credit]:
        """All of them, in order."""
        return sorted(related_rows(parent, "album_artists"), key=lambda credit: credit.position)

    @strawberry.field
    def genres(parent: strawberry.Parent[models.Album]) -> list[Genre]:
        return related_rows(parent, "genres")

    @strawberry.field
    def cover(parent: strawberry.Parent[models.Album]) -> Cover | None:
        return _cover(parent, "album")

    @strawberry.field
    def track_count(parent: strawberry.Parent[models.Album]) -> int:
        return _count(parent, "tracks", models.Track.objects.all(), "album")

    @strawberry.field
    def tracks(parent: strawberry.Parent[models.Album], size: int = 100) -> list["Track"]:
        """In order of discs and places."""
        order = [F(column).asc(nulls_last=True) for column in ("disc_position", "track_position", "id")]
        return _first(parent, "tracks", models.Track.objects.all(), "album", order, size)


@strawberry.type
class Lyrics:
    text: str
    synced: bool
    language: str
    source: str


@strawberry.type
class Track:
    id: int
    title: str
    sort_title: str
    path: str | None
    root_id: int | None
    file_type: str | None
    bitrate: int | None
    sample_rate: int | None
    bit_depth: int | None
    channels: int | None
    duration: int | None
    duration_ms: int | None
    file_mtime: float | None
    file_size: BigInt | None
    available: bool
    missing_since: datetime | None
    track_artist_id: int
    artist_credit: str
    featured_artists: str | None
    album_id: int | None
    track_number: str | None
    disc_number: str | None
    track_position: int | None
    disc_position: int | None
    disc_subtitle: str
    year: str | None
    recording_date: str
    original_date: str
    release_date: str
    musicbrainz_id: str | None
    musicbrainz_trackid: str | None
    musicbrainz_albumid: str | None
    musicbrainz_artistid: str | None
    musicbrainz_albumartistid: str | None
    acoustid_fingerprint: str | None
    isrc: str
    language: str
    comment: str
    replaygain_track_gain: float | None
    replaygain_track_peak: float | None
    replaygain_album_gain: float | None
    replaygain_album_peak: float | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime

    @strawberry.field
    def track_artist(parent: strawberry.Parent[models.Track]) -> Artist:
        """The first of its artists."""
        return related(parent, "track_artist")

    @strawberry.field
    def artists(parent: strawberry.Parent[models.Track], role: str = "artist") -> list[Credit]:
        """Those who had a part in it, in order; `role` may be composer, conductor, performer …"""
        credits = [credit for credit in related_rows(parent, "track_artists") if credit.role == role]
        return sorted(credits, key=lambda credit: credit.position)

    @strawberry.field
    def album(parent: strawberry.Parent[models.Track]) -> Album | None:
        return related(parent, "album")

    @strawberry.field
    def genres(parent: strawberry.Parent[models.Track]) -> list[Genre]:
        return related_rows(parent, "genres")

    @strawberry.field
    def cover(parent: strawberry.Parent[models.Track]) -> Cover | None:
        """Its own, else its album's."""
        return _cover(parent, "track")

    @strawberry.field
    def lyrics(parent: strawberry.Parent[models.Track]) -> Lyrics | None:
        return looked_up(parent, "lyrics", models.Lyrics.objects.in_bulk).get(parent.pk)  # type: ignore[return-value]


def _cover(row: models.Artist | models.Album | models.Track, kind: str) -> Any:
    return looked_up(row, "cover", lambda ids: covers_of(kind, ids)).get(row.pk)


def _count(row: Any, name: str, rows: Any, column: str) -> int:
    return looked_up(row, f"count:{name}", lambda ids: numbers_by(rows, column, ids)).get(row.pk, 0)


def _first(row: Any, name: str, rows: Any, column: str, order: list[Any], size: int) -> Any:
    return first_of_each(row, f"first:{name}", rows, column=column, order=order, size=max(1, min(size, 200)))
