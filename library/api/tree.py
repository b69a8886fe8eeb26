"""REST of the library as a whole: a tree to open branch by branch, counts, letters."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from core.api import PageSize
from core.cache import cached
from core.doors import Needs
from library.api.asking import FAULTS, Number
from library.schemas.tree import AlbumBranches, ArtistBranches, CountsOut, TrackLeaves
from library.selectors.albums import album_by_id
from library.selectors.counts import LIBRARY, Kind, Way, digest_of, letters, library_counts
from library.selectors.tree import tree_of_albums, tree_of_artists, tree_of_tracks

tree = Router(tags=["library"])
Letter = Annotated[str, Query(pattern="^[A-Za-z#]?$"), Field(max_length=1)]


@tree.get("/tree", response={200: ArtistBranches, **FAULTS}, auth=Needs("read"))
def get_tree(
    request: HttpRequest, letter: Letter = "", cursor: str | None = None, size: PageSize = 50
) -> ArtistBranches:
    """Artists, A to Z; open one with /api/library/tree/artists/{id}."""

    def look() -> ArtistBranches:
        return tree_of_artists(cursor=cursor, size=size, letter=letter)

    key = digest_of({"letter": letter, "size": str(size)})
    return look() if cursor else cached(LIBRARY, f"tree:{key}", look)


@tree.get("/tree/artists/{int:artist_id}", response={200: AlbumBranches, **FAULTS}, auth=Needs("read"))
def get_tree_of_artist(
    request: HttpRequest, artist_id: Number, cursor: str | None = None, size: PageSize = 50
) -> AlbumBranches:
    """The albums of an artist, the oldest first; open one with /api/library/tree/albums/{id}."""
    return tree_of_albums(artist_id, cursor=cursor, size=size)


@tree.get("/tree/albums/{int:album_id}", response={200: TrackLeaves, **FAULTS}, auth=Needs("read"))
def get_tree_of_album(
    request: HttpRequest, album_id: Number, cursor: str | None = None, size: PageSize = 50
) -> TrackLeaves:
    """The tracks of an album, in order."""
    return tree_of_tracks(album_by_id(album_id).pk, cursor=cursor, size=size)


@tree.get("/counts", response={200: CountsOut, **FAULTS}, auth=Needs("read"))
def get_counts(request: HttpRequest) -> CountsOut:
    """How much of everything there is."""
    return CountsOut(**library_counts())


@tree.get("/letters/{of}", response={200: list[str], **FAULTS}, auth=Needs("read"))
def get_letters(request: HttpRequest, of: Kind, by: Way = "name") -> list[str]:
    """The letters under which a list has something: a to z, and # for whatever begins otherwise."""
    return letters(of=of, by=by)
