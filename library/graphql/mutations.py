"""GraphQL's writes of the library: batches that get or make, corrections, removals."""

from collections.abc import Sequence
from typing import Any, TypeVar

import strawberry
from django.db.models import Model
from strawberry.types import Info

from core.errors import InvalidInput
from core.graphql import identity_in
from library.graphql import inputs
from library.graphql.peers import together
from library.graphql.types import Album, Artist, Genre, Track
from library.schemas.albums import AlbumCreate, AlbumUpdate
from library.schemas.artists import ArtistCreate, ArtistUpdate
from library.schemas.genres import GenreCreate
from library.schemas.texts import MOST_AT_ONCE
from library.schemas.tracks import TrackCreate, TrackUpdate
from library.services.albums import delete_album, get_or_create_albums, update_album
from library.services.artists import delete_artist, get_or_create_artists, update_artist
from library.services.genres import delete_genre, get_or_create_genres, rename_genre
from library.services.new_tracks import get_or_create_tracks
from library.services.tracks import delete_track, update_track

Row = TypeVar("Row", bound=Model)


@strawberry.type
class LibraryMutation:
    @strawberry.mutation
    def create_artists(self, info: Info, data: list[inputs.ArtistCreateInput]) -> list[Artist]:
        """Makes those that are not there yet; answers with all of them, in the order of the request."""
        rows = get_or_create_artists(entries=[inputs.new(ArtistCreate, entry) for entry in _batch(info, data)])
        return _answered(rows)

    @strawberry.mutation
    def create_albums(self, info: Info, data: list[inputs.AlbumCreateInput]) -> list[Album]:
        """Makes those that are not there yet; answers with all of them, in the order of the request."""
        rows = get_or_create_albums(entries=[inputs.new(AlbumCreate, entry) for entry in _batch(info, data)])
        return _answered(rows)

    @strawberry.mutation
    def create_tracks(self, info: Info, data: list[inputs.TrackCreateInput]) -> list[Track]:
        """Makes those that are not there yet; answers with all of them, in the order of the request."""
        rows = get_or_create_tracks(entries=[inputs.new(TrackCreate, entry) for entry in _batch(info, data)])
        return _answered(rows)

    @strawberry.mutation
    def create_genres(self, info: Info, names: list[str]) -> list[Genre]:
        """Makes those that are not there yet; answers with all of them, in the order of the request."""
        read = [inputs.understood(GenreCreate, {"name": name}) for name in _batch(info, names)]
        return _answered(get_or_create_genres(names=[genre.name for genre in read]))

    @strawberry.mutation
    def update_artist(self, info: Info, id: int, data: inputs.ArtistUpdateInput) -> Artist:
        """What is sent is changed, and no scan changes it back."""
        identity_in(info).require("write")
        return _answered([update_artist(artist_id=id, data=inputs.change(ArtistUpdate, data))])[0]

    @strawberry.mutation
    def update_album(self, info: Info, id: int, data: inputs.AlbumUpdateInput) -> Album:
        """What is sent is changed, and no scan changes it back."""
        identity_in(info).require("write")
        return _answered([update_album(album_id=id, data=inputs.change(AlbumUpdate, data))])[0]

    @strawberry.mutation
    def update_track(self, info: Info, id: int, data: inputs.TrackUpdateInput) -> Track:
        """What is sent is changed, and no scan changes it back."""
        identity_in(info).require("write")
        return _answered([update_track(track_id=id, data=inputs.change(TrackUpdate, data))])[0]

    @strawberry.mutation
    def update_genre(self, info: Info, id: int, name: str) -> Genre:
        identity_in(info).require("write")
        read = inputs.understood(GenreCreate, {"name": name})
        return _answered([rename_genre(genre_id=id, name=read.name)])[0]

    @strawberry.mutation
    def delete_artist(self, info: Info, id: int) -> bool:
        """Only one whose name stands nowhere any more."""
        identity_in(info).require("write")
        delete_artist(artist_id=id)
        return True

    @strawberry.mutation
    def delete_album(self, info: Info, id: int) -> bool:
        """Only one without tracks."""
        identity_in(info).require("write")
        delete_album(album_id=id)
        return True

    @strawberry.mutation
    def delete_track(self, info: Info, id: int) -> bool:
        """Only one that nobody has used."""
        identity_in(info).require("write")
        delete_track(track_id=id)
        return True

    @strawberry.mutation
    def delete_genre(self, info: Info, id: int) -> bool:
        """Only one that nothing is of."""
        identity_in(info).require("write")
        delete_genre(genre_id=id)
        return True


Given = TypeVar("Given")


def _batch(info: Info, data: Sequence[Given]) -> Sequence[Given]:
    identity_in(info).require("write")
    if len(data) > MOST_AT_ONCE:
        raise InvalidInput(f"A batch holds {MOST_AT_ONCE} entries.", hint="Send several.", field="data")
    return data


def _answered(rows: Sequence[Row]) -> Any:
    """In their order; one that was named twice is one row."""
    one_each = {row.pk: row for row in rows}
    together(one_each.values())
    return [one_each[row.pk] for row in rows]
