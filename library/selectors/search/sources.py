"""What the documents of tracks and names are made of, read in a few queries for any number of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from library.models import Album, AlbumArtist, Artist, ArtistKey, Genre

KEY_OF_NAME = "name:"

# In plain SQL: a scan asks this of every track, and building the queries took longer than answering them.
TRACKS = """
    SELECT id, title, coalesce(featured_artists, ''), year_number, album_id, track_artist_id
    FROM tracks WHERE id = ANY(%s::bigint[])
"""
CREDITS = """
    SELECT track_id, artist_id, role = 'artist' FROM track_artists
    WHERE track_id = ANY(%s::bigint[]) ORDER BY track_id, position
"""
GENRES = "SELECT track_id, genre_id FROM track_genres WHERE track_id = ANY(%s::bigint[]) ORDER BY track_id, id"
TAGS = """
    SELECT link.track_id, tag.name FROM track_genre_tags link JOIN genre_tags tag ON tag.id = link.tag_id
    WHERE link.track_id = ANY(%s::bigint[])
    UNION ALL
    SELECT link.track_id, tag.name FROM track_mood_tags link JOIN mood_tags tag ON tag.id = link.tag_id
    WHERE link.track_id = ANY(%s::bigint[])
"""
LYRICS = "SELECT track_id, left(text, %s) FROM lyrics WHERE track_id = ANY(%s::bigint[])"
MOST_LYRICS = 20_000
NAMING = """
    SELECT track_id FROM track_artists WHERE artist_id = ANY(%s::bigint[])
    UNION SELECT id FROM tracks WHERE track_artist_id = ANY(%s::bigint[])
    UNION SELECT t.id FROM album_artist l JOIN tracks t USING (album_id) WHERE l.artist_id = ANY(%s::bigint[])
    UNION SELECT id FROM tracks WHERE album_id = ANY(%s::bigint[])
    UNION SELECT track_id FROM track_genres WHERE genre_id = ANY(%s::bigint[])
    ORDER BY 1
"""


@dataclass(slots=True)
class TrackSource:
    """What is said of one track, by where it is said; artists, album and genres by their ids."""

    title: str
    featured: str
    year: int | None
    album: int | None
    first_artist: int
    artists: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    """composers, performers, remixers …"""
    genres: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    lyrics: str = ""


@dataclass(slots=True)
class AlbumSource:
    title: str
    version: str
    year: int | None
    artists: list[int]


@dataclass(slots=True)
class Sources:
    """Some tracks, and all that they name."""

    tracks: dict[int, TrackSource]
    albums: dict[int, AlbumSource]
    artists: dict[int, str]
    genres: dict[int, str]
    other_names: dict[int, list[str]]
    """of artists: those that were merged into them"""


@dataclass(slots=True)
class Names:
    """Artists, albums and genres by their ids."""

    artists: set[int] = field(default_factory=set)
    albums: set[int] = field(default_factory=set)
    genres: set[int] = field(default_factory=set)

    def by_kind(self) -> dict[str, set[int]]:
        return {"artist": self.artists, "album": self.albums, "genre": self.genres}


def tracks_naming(names: Names) -> list[int]:
    """Tracks in whose documents one of these names stands."""
    artists, albums, genres = (_array(sorted(ids)) for ids in names.by_kind().values())
    return [row[0] for row in _rows(NAMING, artists, artists, artists, albums, genres)]


def sources_of(
    *, tracks: Collection[int] = (), albums: Iterable[int] = (), artists: Iterable[int] = (), genres: Iterable[int] = ()
) -> Sources:
    """Everything that goes into the documents of these, and into those of what these tracks name."""
    found = _tracks(tracks) if tracks else {}
    found_albums = _albums({track.album for track in found.values() if track.album} | set(albums))
    asked_artists = set(artists)
    asked_genres = set(genres)
    for track in found.values():
        asked_artists.update(track.artists, track.others)
        asked_genres.update(track.genres)
    for album in found_albums.values():
        asked_artists.update(album.artists)
    return Sources(
        tracks=found,
        albums=found_albums,
        artists=dict(Artist.objects.filter(pk__in=asked_artists).values_list("pk", "name")),
        genres=dict(Genre.objects.filter(pk__in=asked_genres).values_list("pk", "name")),
        other_names=_other_names(asked_artists),
    )


def _tracks(ids: Collection[int]) -> dict[int, TrackSource]:
    some = _array(ids)
    found = {row[0]: TrackSource(*row[1:]) for row in _rows(TRACKS, some)}
    for track, artist, is_artist in _rows(CREDITS, some):
        source = found[track]
        (source.artists if is_artist else source.others).append(artist)
    for source in found.values():
        if source.first_artist not in source.artists:
            source.artists.insert(0, source.first_artist)
    for track, genre in _rows(GENRES, some):
        found[track].genres.append(genre)
    for track, tag in _rows(TAGS, some, some):
        found[track].tags.append(tag)
    for track, text in _rows(LYRICS, MOST_LYRICS, some):
        found[track].lyrics = text
    return found


def _array(ids: Iterable[int]) -> str:
    """As PostgreSQL writes it: quicker than having each number adapted."""
    return "{" + ",".join(map(str, ids)) + "}"


def _rows(statement: str, *given: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        yield from cursor.fetchall()


def _albums(ids: Collection[int]) -> dict[int, AlbumSource]:
    columns = ("pk", "title", "version", "year", "album_artist_id")
    found: dict[int, AlbumSource] = {}
    for pk, title, version, year, artist in Album.objects.filter(pk__in=ids).values_list(*columns):
        found[pk] = AlbumSource(title, version, year, [artist])
    credits = AlbumArtist.objects.filter(album__in=ids).order_by("album_id", "position")
    for album, artist in credits.values_list("album_id", "artist_id"):
        if artist not in found[album].artists:
            found[album].artists.append(artist)
    return found


def _other_names(artists: Collection[int]) -> dict[int, list[str]]:
    """After a merge the keys of both names lead to the artist that stayed."""
    keys = ArtistKey.objects.filter(artist__in=artists, key__startswith=KEY_OF_NAME).order_by("key")
    found: defaultdict[int, list[str]] = defaultdict(list)
    for artist, key in keys.values_list("artist_id", "key"):
        found[artist].append(key.removeprefix(KEY_OF_NAME))
    return found
