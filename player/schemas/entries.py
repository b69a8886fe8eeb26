"""Entries of a queue with what a row of it shows."""

from typing import Any

from pydantic import BaseModel

from library.schemas.artists import ArtistRef
from library.schemas.pictures import PictureOut
from library.schemas.tracks import AlbumRef


class TrackBrief(BaseModel):
    """What is shown of a track that waits or plays."""

    id: int
    title: str
    artist_credit: str
    artists: list[ArtistRef]
    album: AlbumRef | None
    cover: PictureOut | None
    duration_ms: int | None
    available: bool
    bpm: float | None
    camelot: str | None
    loved: bool
    rating: int | None


class EntryOut(BaseModel):
    entry: int
    track: TrackBrief
    origin: dict[str, Any] | None


class EntryPage(BaseModel):
    version: int
    """of the queue when they were read"""
    items: list[EntryOut]
    next: int | None
    """send it as `after` for those that follow"""
