"""What GraphQL's mutations take: the fields of the API's own bodies, checked by the same rules."""

from typing import Any, TypeVar

import strawberry
from pydantic import BaseModel, ValidationError

from core.errors import InvalidInput
from library.graphql.types import BigInt

Body = TypeVar("Body", bound=BaseModel)
UNSET: Any = strawberry.UNSET


def new(body: type[Body], data: Any) -> Body:
    """To make something: nothing is the same as left out."""
    return understood(body, {name: value for name, value in vars(data).items() if value not in (UNSET, None)})


def change(body: type[Body], data: Any) -> Body:
    """To change something: nothing empties a field."""
    return understood(body, {name: value for name, value in vars(data).items() if value is not UNSET})


def understood(body: type[Body], values: dict[str, Any]) -> Body:
    try:
        return body.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{place}: {first['msg']}", field=place) from None


@strawberry.input
class ArtistCreateInput:
    name: str
    sort_name: str | None = UNSET
    musicbrainz_artistid: str | None = UNSET
    spotify_id: str | None = UNSET
    lastfm_url: str | None = UNSET


@strawberry.input
class ArtistUpdateInput:
    name: str | None = UNSET
    sort_name: str | None = UNSET
    musicbrainz_artistid: str | None = UNSET
    spotify_id: str | None = UNSET
    lastfm_url: str | None = UNSET
    genres: list[str] | None = UNSET
    unlock: list[str] | None = UNSET


@strawberry.input
class AlbumCreateInput:
    title: str
    album_artist_id: int | None = UNSET
    artists: list[str] | None = UNSET
    sort_title: str | None = UNSET
    version: str | None = UNSET
    release_year: str | None = UNSET
    year: int | None = UNSET
    original_year: int | None = UNSET
    compilation: bool | None = UNSET
    support: str | None = UNSET
    release_type: str | None = UNSET
    label: str | None = UNSET
    catalog_number: str | None = UNSET
    barcode: str | None = UNSET
    musicbrainz_albumid: str | None = UNSET
    musicbrainz_releasegroupid: str | None = UNSET
    discogs_id: str | None = UNSET
    spotify_url: str | None = UNSET
    discogs_url: str | None = UNSET
    genres: list[str] | None = UNSET


@strawberry.input
class AlbumUpdateInput:
    title: str | None = UNSET
    album_artist_id: int | None = UNSET
    artists: list[str] | None = UNSET
    sort_title: str | None = UNSET
    version: str | None = UNSET
    release_year: str | None = UNSET
    year: int | None = UNSET
    original_year: int | None = UNSET
    compilation: bool | None = UNSET
    support: str | None = UNSET
    release_type: str | None = UNSET
    label: str | None = UNSET
    catalog_number: str | None = UNSET
    barcode: str | None = UNSET
    musicbrainz_albumid: str | None = UNSET
    musicbrainz_releasegroupid: str | None = UNSET
    discogs_id: str | None = UNSET
    spotify_url: str | None = UNSET
    discogs_url: str | None = UNSET
    genres: list[str] | None = UNSET
    unlock: list[str] | None = UNSET


@strawberry.input
class TrackCreateInput:
    title: str
    path: str | None = UNSET
    track_artist_id: int | None = UNSET
    artists: list[str] | None = UNSET
    album_id: int | None = UNSET
    featured_artists: str | None = UNSET
    duration: int | None = UNSET
    duration_ms: int | None = UNSET
    track_number: str | None = UNSET
    disc_number: str | None = UNSET
    year: str | None = UNSET
    file_type: str | None = UNSET
    bitrate: int | None = UNSET
    sample_rate: int | None = UNSET
    bit_depth: int | None = UNSET
    channels: int | None = UNSET
    file_mtime: float | None = UNSET
    file_size: BigInt | None = UNSET
    musicbrainz_id: str | None = UNSET
    musicbrainz_trackid: str | None = UNSET
    musicbrainz_albumid: str | None = UNSET
    musicbrainz_artistid: str | None = UNSET
    musicbrainz_albumartistid: str | None = UNSET
    acoustid_fingerprint: str | None = UNSET
    isrc: str | None = UNSET
    genre: str | None = UNSET
    genres: list[str] | None = UNSET
    bpm: float | None = UNSET
    key: str | None = UNSET
    scale: str | None = UNSET
    rating: int | None = UNSET


@strawberry.input
class TrackUpdateInput:
    title: str | None = UNSET
    sort_title: str | None = UNSET
    track_artist_id: int | None = UNSET
    artists: list[str] | None = UNSET
    album_id: int | None = UNSET
    featured_artists: str | None = UNSET
    track_number: str | None = UNSET
    disc_number: str | None = UNSET
    disc_subtitle: str | None = UNSET
    year: str | None = UNSET
    recording_date: str | None = UNSET
    original_date: str | None = UNSET
    release_date: str | None = UNSET
    musicbrainz_id: str | None = UNSET
    musicbrainz_trackid: str | None = UNSET
    musicbrainz_albumid: str | None = UNSET
    musicbrainz_artistid: str | None = UNSET
    musicbrainz_albumartistid: str | None = UNSET
    isrc: str | None = UNSET
    language: str | None = UNSET
    comment: str | None = UNSET
    genres: list[str] | None = UNSET
    unlock: list[str] | None = UNSET
