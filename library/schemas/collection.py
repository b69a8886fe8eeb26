"""The collection as version 1 of the API counts and names it: pages by number, `created_at`, `duration_seconds`."""

from datetime import datetime
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, Field

from core.schemas import Strict
from library.schemas.albums import Names, Support
from library.schemas.texts import Line, Name, Year

Item = TypeVar("Item")


class NumberedOut(BaseModel, Generic[Item]):
    items: list[Item]
    total: int
    page: int
    page_size: int
    pages: int


class CollectedAlbum(BaseModel):
    id: int
    title: str
    artists: list[str]
    year: int | None
    support: Support
    discogs_id: str | None
    spotify_url: str | None
    discogs_url: str | None
    images: list[str]
    genres: list[str]
    track_count: int
    created_at: datetime
    updated_at: datetime


class CollectedArtist(BaseModel):
    id: int
    name: str
    spotify_id: str | None
    lastfm_url: str | None
    images: list[str]
    album_count: int
    created_at: datetime
    updated_at: datetime


class CollectedTrack(BaseModel):
    id: int
    title: str
    album_id: int | None
    album: str | None
    artists: list[str]
    track_number: int | None
    duration_seconds: int | None
    created_at: datetime
    updated_at: datetime


class AlbumToCollect(Strict):
    title: Name
    artists: Names = Field(default_factory=list)
    year: Year | None = None
    support: Support = Support.UNKNOWN
    discogs_id: Line | None = None
    spotify_url: Line | None = None
    discogs_url: Line | None = None


class AlbumToChange(Strict):
    title: Name = ""
    artists: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(default_factory=list)
    year: Year | None = None
    support: Support = Support.UNKNOWN
    discogs_id: Line | None = None
    spotify_url: Line | None = None
    discogs_url: Line | None = None


class CollectionStats(BaseModel):
    albums: int
    artists: int
    tracks: int
    genres: int
    soundtracks: int
    by_support: dict[str, int]
    by_decade: dict[str, int]
