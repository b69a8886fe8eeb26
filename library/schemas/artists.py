"""Artists as they are sent and answered."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from core.schemas import Strict
from library.schemas.pictures import PictureOut
from library.schemas.texts import MOST_AT_ONCE, Line, Name


class ArtistCreate(Strict):
    name: Name
    sort_name: Line = ""
    musicbrainz_artistid: Line | None = None
    spotify_id: Line | None = None
    lastfm_url: Line | None = None


class ArtistUpdate(Strict):
    """What is sent is changed, and no scan changes it back; `unlock` names fields that scans may change again."""

    name: Name = ""
    sort_name: Line = ""
    musicbrainz_artistid: Line | None = None
    spotify_id: Line | None = None
    lastfm_url: Line | None = None
    genres: Annotated[list[Name], Field(max_length=100)] = Field(default_factory=list)
    unlock: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)


class ArtistBatch(Strict):
    artists: Annotated[list[ArtistCreate], Field(max_length=MOST_AT_ONCE)]


class ArtistOut(BaseModel):
    id: int
    name: str
    sort_name: str
    musicbrainz_artistid: str | None
    spotify_id: str | None
    lastfm_url: str | None
    genres: list[str]
    album_count: int
    track_count: int
    cover: PictureOut | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime


class ArtistPage(BaseModel):
    items: list[ArtistOut]
    next_cursor: str | None
    total: int | None = None
    """only where `count` asks for it"""


class ArtistRef(BaseModel):
    """One of those who made something, in order, and what stands between this name and the next."""

    id: int
    name: str
    join_phrase: str
