"""A small cast for the library's tests: roots, artists, albums, tracks, and what a worker sends of a file."""

from itertools import count
from typing import Any

from library.engine.names import album_key, artist_key, genre_key, sort_key
from library.models import (
    Album,
    AlbumArtist,
    AlbumKey,
    Artist,
    ArtistKey,
    Cover,
    CoverImage,
    Genre,
    LibraryRoot,
    Track,
    TrackArtist,
)

_numbers = count(1)


def make_root(path: str = "", **over: Any) -> LibraryRoot:
    number = next(_numbers)
    path = path or f"/music-{number}"
    return LibraryRoot.objects.create(**{"name": path.rsplit("/", 1)[-1] or "Music", "path": path, **over})


def make_artist(name: str = "", **over: Any) -> Artist:
    """With the keys under which a scan finds it."""
    name = name or f"Artist {next(_numbers)}"
    artist = Artist.objects.create(**{"name": name, "sort_name": sort_key(name), **over})
    keys = {artist_key(name), artist_key(name, artist.musicbrainz_artistid)}
    ArtistKey.objects.bulk_create([ArtistKey(key=key, artist=artist) for key in keys], ignore_conflicts=True)
    return artist


def make_album(title: str = "", artist: Artist | None = None, **over: Any) -> Album:
    title = title or f"Album {next(_numbers)}"
    artist = artist or make_artist()
    given = {"artist_credit": artist.name, "sort_title": sort_key(title), **over}
    album = Album.objects.create(title=title, album_artist=artist, **given)
    AlbumArtist.objects.create(album=album, artist=artist)
    date = str(album.year or "")
    keys = {album_key([artist.name], title, version=album.version, date=date)}
    keys.add(album_key([artist.name], title, date=date, musicbrainz_albumid=album.musicbrainz_albumid))
    AlbumKey.objects.bulk_create([AlbumKey(key=key, album=album) for key in keys], ignore_conflicts=True)
    return album


def make_genre(name: str = "") -> Genre:
    name = name or f"Genre {next(_numbers)}"
    return Genre.objects.get_or_create(name_key=genre_key(name), defaults={"name": name})[0]


def make_track(
    title: str = "",
    artist: Artist | None = None,
    album: Album | None = None,
    root: LibraryRoot | None = None,
    genres: list[str] | None = None,
    **over: Any,
) -> Track:
    """Available when it has a root; its path is then made up from its number."""
    number = next(_numbers)
    title = title or f"Track {number}"
    artist = artist or (album.album_artist if album else make_artist())
    given: dict[str, Any] = {
        "title": title,
        "sort_title": sort_key(title),
        "artist_credit": artist.name,
        "album": album,
        "duration": 180,
        "duration_ms": 180_000,
        "file_type": "flac",
        "available": root is not None,
    }
    if root is not None:
        given |= {
            "root": root,
            "path": f"{root.path}/{number}.flac",
            "file_size": 1000 + number,
            "file_mtime_ns": 10**18,
        }
    track = Track.objects.create(track_artist=artist, **{**given, **over})
    TrackArtist.objects.create(track=track, artist=artist)
    track.genres.set([make_genre(name) for name in genres or []])
    return track


def make_cover(entity: Track | Album | Artist, digest: str = "", source: str = "embedded", **over: Any) -> Cover:
    """A picture that is shown; its bytes are nowhere."""
    digest = digest or f"{next(_numbers):064x}"
    image, _made = CoverImage.objects.get_or_create(digest=digest, defaults={"mime_type": "image/jpeg", "size": 1000})
    kind = {Track: "track", Album: "album", Artist: "artist"}[type(entity)]
    given = {"image": image, "mime_type": "image/jpeg", "shown": True, **over}
    return Cover.objects.create(entity_type=kind, entity_id=entity.pk, source=source, **given)


def scanned_track(name: str = "", **over: Any) -> dict[str, Any]:
    """A row of a batch, as `ScannedTrack` wants it: `folder`, `artist`, `album` and `artists` may be given as texts."""
    number = next(_numbers)
    name = name or f"{number:02d}.flac"
    artist = over.pop("artist", "Moss")
    album = over.pop("album", "Low Tide")
    row: dict[str, Any] = {
        "folder": "Moss/Low Tide/",
        "name": name,
        "size": 1_000_000 + number,
        "mtime_ns": 1_700_000_000_000_000_000 + number,
        "audio_hash": f"hash-{number}",
        "file_type": "flac",
        "bitrate": 900_000,
        "sample_rate": 44_100,
        "bit_depth": 16,
        "channels": 2,
        "duration_ms": 180_000 + 2_000 * (number % 1000),
        "title": f"Track {number}",
        "artists": [{"name": artist}] if isinstance(artist, str) else artist,
        "credit": artist if isinstance(artist, str) else "",
        "track_number": str(number % 100),
        "track_position": number % 100,
        "genres": ["Ambient"],
    }
    if isinstance(album, str):
        row["album"] = {"title": album, "artists": [{"name": artist if isinstance(artist, str) else "Moss"}]}
    elif album is not None:
        row["album"] = album
    return {**row, **over}
