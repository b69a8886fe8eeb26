"""Tracks as they are sent and answered."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, FiniteFloat

from core.schemas import Strict
from library.schemas.artists import ArtistRef
from library.schemas.pictures import PictureOut
from library.schemas.texts import MOST_AT_ONCE, Bytes, Count, Fingerprint, Line, Name, Path, RowId, Small, Words

Names = Annotated[list[Name], Field(max_length=100)]


class TrackCreate(Strict):
    """A track with a file (then `path` tells it from others) or without one; bpm, key, scale and rating go to the apps
    that keep them.
    """

    title: Name
    path: Path | None = None
    track_artist_id: RowId | None = None
    artists: Names = Field(default_factory=list)
    album_id: RowId | None = None
    featured_artists: Line | None = None
    duration: Annotated[int, Field(ge=0, le=2_000_000)] | None = None
    """seconds"""
    duration_ms: Count | None = None
    track_number: Line | None = None
    disc_number: Line | None = None
    year: Line | None = None
    file_type: Line | None = None
    bitrate: Count | None = None
    sample_rate: Count | None = None
    bit_depth: Small | None = None
    channels: Small | None = None
    file_mtime: Annotated[FiniteFloat, Field(ge=-1e10, le=1e10)] | None = None
    file_size: Bytes | None = None
    musicbrainz_id: Line | None = None
    musicbrainz_trackid: Line | None = None
    musicbrainz_albumid: Line | None = None
    musicbrainz_artistid: Line | None = None
    musicbrainz_albumartistid: Line | None = None
    acoustid_fingerprint: Fingerprint | None = None
    isrc: Line = ""
    genre: Line | None = None
    """one genre, as the older documents name it"""
    genres: Names = Field(default_factory=list)
    bpm: Annotated[FiniteFloat, Field(gt=0, le=1_000)] | None = None
    key: Line | None = None
    scale: Line | None = None
    rating: Annotated[int, Field(ge=1, le=10)] | None = None


class TrackUpdate(Strict):
    """What is sent is changed, and no scan changes it back; `unlock` names fields that scans may change again."""

    title: Name = ""
    sort_title: Line = ""
    track_artist_id: RowId = 0
    artists: Annotated[list[Name], Field(min_length=1, max_length=100)] = Field(default_factory=list)
    album_id: RowId | None = None
    featured_artists: Line | None = None
    track_number: Line | None = None
    disc_number: Line | None = None
    disc_subtitle: Line = ""
    year: Line | None = None
    recording_date: Line = ""
    original_date: Line = ""
    release_date: Line = ""
    musicbrainz_id: Line | None = None
    musicbrainz_trackid: Line | None = None
    musicbrainz_albumid: Line | None = None
    musicbrainz_artistid: Line | None = None
    musicbrainz_albumartistid: Line | None = None
    isrc: Line = ""
    language: Line = ""
    comment: Words = ""
    genres: Names = Field(default_factory=list)
    unlock: Annotated[list[Line], Field(max_length=100)] = Field(default_factory=list)


class TrackCreateBatch(Strict):
    tracks: Annotated[list[TrackCreate], Field(max_length=MOST_AT_ONCE)]


class AlbumRef(BaseModel):
    id: int
    title: str


class TrackOut(BaseModel):
    id: int
    title: str
    sort_title: str
    path: str | None
    root_id: int | None
    track_artist_id: int
    artist_credit: str
    artists: list[ArtistRef]
    featured_artists: str | None
    album_id: int | None
    album: AlbumRef | None
    track_number: str | None
    disc_number: str | None
    track_position: int | None
    disc_position: int | None
    disc_subtitle: str
    year: str | None
    duration: int | None
    duration_ms: int | None
    file_type: str | None
    bitrate: int | None
    sample_rate: int | None
    bit_depth: int | None
    channels: int | None
    file_mtime: float | None
    file_size: int | None
    musicbrainz_id: str | None
    musicbrainz_trackid: str | None
    musicbrainz_albumid: str | None
    musicbrainz_artistid: str | None
    musicbrainz_albumartistid: str | None
    acoustid_fingerprint: str | None
    isrc: str
    language: str
    comment: str
    recording_date: str
    original_date: str
    release_date: str
    replaygain_track_gain: float | None
    replaygain_track_peak: float | None
    replaygain_album_gain: float | None
    replaygain_album_peak: float | None
    genres: list[str]
    available: bool
    missing_since: datetime | None
    cover: PictureOut | None
    locked_fields: list[str]
    date_added: datetime
    date_modified: datetime


class TrackPage(BaseModel):
    items: list[TrackOut]
    next_cursor: str | None
    total: int | None = None
