"""What search answers: groups of what was found, where it can be narrowed, and what may have been meant."""

from typing import Literal

from pydantic import BaseModel, Field

from library.schemas.collection import NumberedOut

Group = Literal["artists", "albums", "tracks", "genres"]


class SearchFilters(BaseModel):
    """What narrows a search: the facets, each by its key."""

    artist: int | None = Field(None, ge=1, le=2**62)
    genre: int | None = Field(None, ge=1, le=2**62)
    decade: int | None = Field(None, ge=0, le=9990, multiple_of=10)
    support: Literal["Vinyl", "CD", "Digital", "Cassette", "Unknown"] | None = None

    def __bool__(self) -> bool:
        return any(value is not None for value in (self.artist, self.genre, self.decade, self.support))


class ArtistHit(BaseModel):
    id: int
    name: str
    albums: int
    tracks: int
    cover: str | None = None
    """digest of the picture that is shown"""


class AlbumHit(BaseModel):
    id: int
    title: str
    artist_id: int
    artist: str
    year: int | None
    support: str
    tracks: int
    cover: str | None = None


class TrackHit(BaseModel):
    id: int
    title: str
    artist_id: int
    artist: str
    album_id: int | None
    album: str | None
    year: int | None
    duration_ms: int | None
    available: bool
    cover: str | None = None
    found_in: list[str]
    """title, artists, album, genres, tags, lyrics"""


class GenreHit(BaseModel):
    id: int
    name: str
    tracks: int


class ArtistHits(BaseModel):
    items: list[ArtistHit] = []
    count: int = 0
    """how many were found, 100 at most"""
    next_cursor: str | None = None


class AlbumHits(BaseModel):
    items: list[AlbumHit] = []
    count: int = 0
    next_cursor: str | None = None


class TrackHits(BaseModel):
    items: list[TrackHit] = []
    count: int = 0
    """how many were found, 300 at most"""
    next_cursor: str | None = None


class GenreHits(BaseModel):
    items: list[GenreHit] = []
    count: int = 0
    next_cursor: str | None = None


class FacetValue(BaseModel):
    key: str
    """what to give as the filter of that name"""
    label: str
    count: int


class Facets(BaseModel):
    """Where the tracks that were found lie; counted among the tracks that can be paged through."""

    artist: list[FacetValue] = []
    genre: list[FacetValue] = []
    decade: list[FacetValue] = []
    support: list[FacetValue] = []


class SearchOut(BaseModel):
    query: str
    """as it was understood"""
    meant: str | None = None
    """what was looked for as well, because the query seems mistyped"""
    loosely: bool = False
    """nothing has all of the words: these have some"""
    more: bool = False
    """more tracks match than can be paged through: another word narrows it"""
    artists: ArtistHits = ArtistHits()
    albums: AlbumHits = AlbumHits()
    tracks: TrackHits = TrackHits()
    genres: GenreHits = GenreHits()
    facets: Facets = Facets()
    hint: str = ""


class Suggestion(BaseModel):
    kind: Literal["artist", "album", "genre", "track"]
    id: int
    text: str
    detail: str
    """who made it"""
    cover: str | None = None


class SuggestOut(BaseModel):
    query: str
    meant: str | None = None
    items: list[Suggestion] = []


class SearchV1Out(BaseModel):
    """What was not asked for is null."""

    query: str
    artists: NumberedOut[ArtistHit] | None = None
    albums: NumberedOut[AlbumHit] | None = None
    tracks: NumberedOut[TrackHit] | None = None
