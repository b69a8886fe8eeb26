"""The library as a tree: artists, their albums, the tracks of those; each branch a page of its own."""

from library.schemas.tree import AlbumBranch, AlbumBranches, ArtistBranch, ArtistBranches, TrackLeaf, TrackLeaves
from library.selectors.albums import album_page
from library.selectors.artists import artist_by_id, artist_page
from library.selectors.covers import covers_of
from library.selectors.tracks import track_page


def tree_of_artists(*, cursor: str | None, size: int, letter: str = "") -> ArtistBranches:
    """Those who have albums; whoever is only named on tracks hangs from the albums of others."""
    asked = {"has_albums": "1", **({"letter": letter} if letter else {})}
    page = artist_page(asked=asked, sort="name", cursor=cursor, size=size)
    branches = [ArtistBranch.model_validate(row, from_attributes=True) for row in page.items]
    return ArtistBranches(items=branches, next_cursor=page.next_cursor)


def tree_of_albums(artist_id: int, *, cursor: str | None, size: int) -> AlbumBranches:
    artist = artist_by_id(artist_id)
    page = album_page(asked={"artist": str(artist.pk)}, sort="oldest", cursor=cursor, size=size)
    pictures = covers_of("album", [row.pk for row in page.items])
    branches = [
        AlbumBranch(
            id=row.pk,
            title=row.title,
            year=row.year,
            track_count=row.track_count,  # type: ignore[attr-defined]
            cover=pictures[row.pk].digest if row.pk in pictures else None,
        )
        for row in page.items
    ]
    return AlbumBranches(items=branches, next_cursor=page.next_cursor)


def tree_of_tracks(album_id: int, *, cursor: str | None, size: int) -> TrackLeaves:
    page = track_page(asked={"album": str(album_id)}, sort="album", cursor=cursor, size=size)
    leaves = [TrackLeaf.model_validate(row, from_attributes=True) for row in page.items]
    return TrackLeaves(items=leaves, next_cursor=page.next_cursor)
