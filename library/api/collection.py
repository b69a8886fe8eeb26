"""REST of the collection, version 1: albums on shelf or disk, artists and tracks, in numbered pages."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from core.doors import Needs
from core.pagination import LAST_PAGE, MOST, NumberedPage
from library.api.asking import FAULTS, Number
from library.schemas.albums import AlbumCreate, AlbumUpdate
from library.schemas.collection import (
    AlbumToChange,
    AlbumToCollect,
    CollectedAlbum,
    CollectedArtist,
    CollectedTrack,
    CollectionStats,
    NumberedOut,
)
from library.selectors.albums import album_by_id
from library.selectors.artists import artist_by_id
from library.selectors.collection import (
    collected_album_outs,
    collected_albums,
    collected_artist_outs,
    collected_artists,
    collected_track_outs,
    collected_tracks,
    collection_stats,
)
from library.selectors.tracks import track_by_id
from library.services.albums import create_album, delete_album, update_album

collection = Router(tags=["collection"])
Text = Annotated[str, Field(max_length=500)]


class NumberedAsk(BaseModel):
    page: Annotated[int, Field(ge=1, le=LAST_PAGE)] = 1
    page_size: Annotated[int, Field(ge=1, le=MOST)] = 30
    search: Text = ""


class AlbumsAsk(NumberedAsk):
    support: Text = ""
    year: Text = ""
    is_soundtrack: bool | None = None

    @property
    def filters(self) -> dict[str, str]:
        found = {"support": self.support, "year": self.year}
        if self.is_soundtrack is not None:
            found["soundtrack"] = str(int(self.is_soundtrack))
        return {name: value for name, value in found.items() if value}


class TracksAsk(NumberedAsk):
    artist: Text = ""
    album: Text = ""

    @property
    def filters(self) -> dict[str, str]:
        found = {"artist": self.artist, "album": self.album}
        return {name: value for name, value in found.items() if value}


def _paged(page: NumberedPage, items: list) -> dict[str, object]:  # type: ignore[type-arg]
    counted = {"total": page.total, "page": page.page, "page_size": page.page_size, "pages": page.pages}
    return {"items": items, **counted}


@collection.get("/albums", response={200: NumberedOut[CollectedAlbum], **FAULTS}, auth=Needs("read"))
def list_collected_albums(request: HttpRequest, asked: Annotated[AlbumsAsk, Query()]) -> dict[str, object]:
    """Albums by artist; `search` looks into titles and names, `year` may be a span (1990-1999)."""
    page = collected_albums(asked=asked.filters, search=asked.search, page=asked.page, page_size=asked.page_size)
    return _paged(page, collected_album_outs(page.items))


@collection.post("/albums", response={201: CollectedAlbum, **FAULTS}, auth=Needs("write"))
def collect_album(request: HttpRequest, data: AlbumToCollect) -> Status[CollectedAlbum]:
    """Adds an album, with files or without."""
    album = create_album(data=AlbumCreate.model_validate(data.model_dump()))
    return Status(201, _album(album.pk))


@collection.get("/albums/{int:album_id}", response={200: CollectedAlbum, **FAULTS}, auth=Needs("read"))
def get_collected_album(request: HttpRequest, album_id: Number) -> CollectedAlbum:
    return _album(album_id)


@collection.put("/albums/{int:album_id}", response={200: CollectedAlbum, **FAULTS}, auth=Needs("write"))
def put_collected_album(request: HttpRequest, album_id: Number, data: AlbumToChange) -> CollectedAlbum:
    """What is left out stays as it was."""
    update_album(album_id=album_id, data=AlbumUpdate.model_validate(data.model_dump(exclude_unset=True)))
    return _album(album_id)


@collection.patch("/albums/{int:album_id}", response={200: CollectedAlbum, **FAULTS}, auth=Needs("write"))
def patch_collected_album(request: HttpRequest, album_id: Number, data: AlbumToChange) -> CollectedAlbum:
    """The same as PUT."""
    update_album(album_id=album_id, data=AlbumUpdate.model_validate(data.model_dump(exclude_unset=True)))
    return _album(album_id)


@collection.delete("/albums/{int:album_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_collected_album(request: HttpRequest, album_id: Number) -> Status[None]:
    """Only one without tracks; 409 otherwise."""
    delete_album(album_id=album_id)
    return Status(204, None)


@collection.get("/artists", response={200: NumberedOut[CollectedArtist], **FAULTS}, auth=Needs("read"))
def list_collected_artists(request: HttpRequest, asked: Annotated[NumberedAsk, Query()]) -> dict[str, object]:
    page = collected_artists(search=asked.search, page=asked.page, page_size=asked.page_size)
    return _paged(page, collected_artist_outs(page.items))


@collection.get("/artists/{int:artist_id}", response={200: CollectedArtist, **FAULTS}, auth=Needs("read"))
def get_collected_artist(request: HttpRequest, artist_id: Number) -> CollectedArtist:
    return collected_artist_outs([artist_by_id(artist_id)])[0]


@collection.get("/tracks", response={200: NumberedOut[CollectedTrack], **FAULTS}, auth=Needs("read"))
def list_collected_tracks(request: HttpRequest, asked: Annotated[TracksAsk, Query()]) -> dict[str, object]:
    page = collected_tracks(asked=asked.filters, search=asked.search, page=asked.page, page_size=asked.page_size)
    return _paged(page, collected_track_outs(page.items))


@collection.get("/tracks/{int:track_id}", response={200: CollectedTrack, **FAULTS}, auth=Needs("read"))
def get_collected_track(request: HttpRequest, track_id: Number) -> CollectedTrack:
    return collected_track_outs([track_by_id(track_id)])[0]


@collection.get("/stats", response={200: CollectionStats, **FAULTS}, auth=Needs("read"))
def get_collection_stats(request: HttpRequest) -> CollectionStats:
    """What the collection consists of."""
    return collection_stats()


def _album(album_id: int) -> CollectedAlbum:
    return collected_album_outs([album_by_id(album_id)])[0]
