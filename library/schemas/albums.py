"""Albums as they are sent and answered."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from core.schemas import Strict
from library.schemas.artists import ArtistRef
from library.schemas.pictures import PictureOut
from library.schemas.texts import MOST_AT_ONCE, Line, Name, RowId, Year


class Support(StrEnum):
    VINYL = "Vinyl"
    CD = "CD"
    DIGITAL = "Digital"
    CASSETTE = "Cassette"
    UNKNOWN = "Unknown"


Names = Annotated[list[Name], Field(max_length=100)]


class AlbumCreate(Strict):
    """Its artists are named, or one is given by its number; whoever is not known yet is made."""

    title: Name
    album_artist_id: RowId | None = None
    artists: Names = Field(default_factory=list)
    sort_title: Line = ""
    version: Line = ""
    release_year: Line | None = None
    """as it is written; its year is read from it"""
    year: Year | None = None
    original_year: Year | None = None
    compilation: bool = False
    support: Support = Support.UNKNOWN
    release_type: Line = ""
    label: Line = ""
    catalog_number: Line = ""
    barcode: Line = ""
    musicbrainz_albumid: Line | None = None
    musicbrainz_releasegroupid: Line | None = None
    discogs_id: Line | None = None
    spotify_url: Line | None = None
    discogs_url: Line | None = None
    genres: Names = Field(default_factory=list)


class AlbumUpdate(Strict):
    """What is sent is changed, and no scan changes it back; `unlock` names fields that scans may change again."""

    title: Name = ""
    album_artist_id: RowId = 0
    artists: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(default_factory=list)
    sort_title: Line = ""
    version: Line = ""
    release_year: Line | None = None
    year: Year | None = None
    original_year: Year | None = None
    compilation: bool = False
    support: Support = Support.UNKNOWN
    release_type: Line = ""
    label: Line = ""
    catalog_number: Line = ""
    barcode: Line = ""
    musicbrainz_albumid: Line | None = None
    musicbrainz_releasegroupid: Line | None = None
    discogs_id: Line | None = None
    spotify_url: Line | None = None
    discogs_url: Line | None = None
    genres: Names = Field(default_factory=list)
    unlock: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)


class AlbumBatch(Strict):
    albums: Annotated[list[AlbumCreate], Field(max_length=MOST_AT_ONCE)]


class AlbumOut(BaseModel):
    id: int
    title: str
    sort_title: str
    album_artist_id: int
    artist_credit: str
    artists: list[ArtistRef]
    version: str
    release_year: str | None
    year: int | None
    original_year: int | None
    compilation: bool
    support: Support
    release_type: str
    label: str
    catalog_number: str
    barcode: str
    musicbrainz_albumid: str | None
    musicbrainz_releasegroupid: str | None
    discogs_id: str | None
    spotify_url: str | None
    discogs_url: str | None
    genres: list[str]
    track_count: int
    duration_ms: int
    cover: PictureOut | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime


class AlbumPage(BaseModel):
    items: list[AlbumOut]
    next_cursor: str | None
    total: int | None = None
