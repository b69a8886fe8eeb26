"""The library as a tree that is opened branch by branch."""

from pydantic import BaseModel


class ArtistBranch(BaseModel):
    id: int
    name: str
    album_count: int
    track_count: int


class AlbumBranch(BaseModel):
    id: int
    title: str
    year: int | None
    track_count: int
    cover: str | None
    """the picture's digest"""


class TrackLeaf(BaseModel):
    id: int
    title: str
    artist_credit: str
    disc_position: int | None
    track_position: int | None
    duration_ms: int | None
    available: bool


class ArtistBranches(BaseModel):
    items: list[ArtistBranch]
    next_cursor: str | None


class AlbumBranches(BaseModel):
    items: list[AlbumBranch]
    next_cursor: str | None


class TrackLeaves(BaseModel):
    items: list[TrackLeaf]
    next_cursor: str | None


class CountsOut(BaseModel):
    artists: int
    albums: int
    tracks: int
    genres: int
    available: int
    missing: int
    duration_ms: int
    size: int
    """bytes of all files"""
