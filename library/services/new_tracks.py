"""Makes tracks that are not known yet: a batch of them in a handful of statements, whatever its size.

A track with a path is known by it; one without by who plays it, what it is called, and its place on its album.
"""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.cache import invalidate
from core.errors import Conflict, InvalidInput
from library.engine.names import folded, sort_key
from library.engine.numbers import first_number
from library.models import Album, Artist, LibraryRoot, Track, TrackArtist
from library.models.artists import UNKNOWN_ARTIST
from library.schemas.artists import ArtistCreate
from library.schemas.tracks import TrackCreate
from library.services.artists import get_or_create_artists
from library.services.credits import credit_of, once_each, track_credits
from library.services.editing import refuse_unknown
from library.services.genres import set_genres
from library.services.intake.locking import lock_catalogue
from library.services.tracks import set_numbers
from library.signals import ImportedTrack, tracks_changed, tracks_imported

# Of other apps, or of tables of their own.
NO_COLUMNS = {"artists", "track_artist_id", "genre", "genres", "bpm", "key", "scale", "rating"}
Place = tuple[object, ...]


@dataclass
class Entry:
    """What was sent of a track, and whose it is."""

    data: TrackCreate
    artists: list[Artist]
    root: LibraryRoot | None

    @property
    def place(self) -> Place:
        """What tells it from all others."""
        if self.data.path:
            return ("path", self.data.path)
        numbers = first_number(self.data.disc_number), first_number(self.data.track_number)
        return (self.artists[0].pk, self.data.album_id, folded(self.data.title), *numbers)


def place_of(track: Track) -> Place:
    if track.path:
        return ("path", track.path)
    where = track.disc_position, track.track_position
    return (track.track_artist_id, track.album_id, folded(track.title), *where)


@transaction.atomic
def get_or_create_tracks(*, entries: Sequence[TrackCreate]) -> list[Track]:
    """Each entry's track, in their order; those that are there already stay as they are."""
    if not entries:
        return []
    lock_catalogue()
    read = _read(entries)
    known = {place_of(track): track for track in _there(read)}
    new: dict[Place, tuple[Entry, Track]] = {}
    for entry in read:
        if entry.place not in known and entry.place not in new:
            new[entry.place] = (entry, new_track(entry))
    _write(list(new.values()))
    _tell(list(new.values()))
    return [known.get(entry.place) or new[entry.place][1] for entry in read]


@transaction.atomic
def create_track(*, data: TrackCreate) -> Track:
    lock_catalogue()
    (entry,) = _read([data])
    if entry.place in {place_of(track) for track in _there([entry])}:
        raise Conflict(
            f"There is already a track at “{data.path or data.title}”.", field="path" if data.path else "title"
        )
    return get_or_create_tracks(entries=[data])[0]


def _read(entries: Sequence[TrackCreate]) -> list[Entry]:
    for entry in entries:
        if entry.path:
            check_path(entry.path)
    albums = {entry.album_id for entry in entries if entry.album_id}
    refuse_unknown(
        Album.objects.filter(pk__in=albums).values_list("pk", flat=True), albums, what="album", field="album_id"
    )
    roots = sorted(LibraryRoot.objects.all(), key=lambda root: -len(root.path)) if any(e.path for e in entries) else []
    return [
        Entry(data, artists, root_of(roots, data.path))
        for data, artists in zip(entries, _artists(entries), strict=True)
    ]


def check_path(path: str) -> None:
    """Absolute, and as short as it can be said: nothing that leads up and out of a root."""
    if not path.startswith("/") or posixpath.normpath(path) != path or path == "/":
        raise InvalidInput("A path is absolute, and leads nowhere but down.", field="path")


def root_of(roots: Sequence[LibraryRoot], path: str | None) -> LibraryRoot | None:
    """The folder of music that holds it, the innermost one."""
    return next((root for root in roots if path and path.startswith(root.path.rstrip("/") + "/")), None)


def _artists(entries: Sequence[TrackCreate]) -> list[list[Artist]]:
    numbers = {entry.track_artist_id for entry in entries if entry.track_artist_id and not entry.artists}
    numbered = Artist.objects.in_bulk(numbers)
    refuse_unknown(numbered, numbers, what="artist", field="track_artist_id")
    wanted = [
        [] if entry.track_artist_id and not entry.artists else entry.artists or [UNKNOWN_ARTIST] for entry in entries
    ]
    made = iter(get_or_create_artists(entries=[ArtistCreate(name=name) for several in wanted for name in several]))
    return [
        once_each([next(made) for _ in several]) or [numbered[entry.track_artist_id or 0]]
        for entry, several in zip(entries, wanted, strict=True)
    ]


def _there(entries: Sequence[Entry]) -> list[Track]:
    """Those at one of the paths, and those without a path that may be meant."""
    found: list[Track] = []
    paths = [entry.data.path for entry in entries if entry.data.path]
    if paths:
        found += Track.objects.filter(path__in=paths, cue_index=0)
    without = [entry for entry in entries if not entry.data.path]
    if without:
        titles = {sort_key(entry.data.title) for entry in without}
        artists = {entry.artists[0].pk for entry in without}
        found += Track.objects.filter(path__isnull=True, track_artist__in=artists, sort_title__in=titles)
    return found


def new_track(entry: Entry) -> Track:
    data = entry.data
    columns: dict[str, Any] = data.model_dump(exclude=NO_COLUMNS)
    track = Track(**columns)
    track.sort_title = sort_key(data.title)
    track.track_artist = entry.artists[0]
    track.artist_credit = credit_of(entry.artists)
    set_numbers(track, columns)
    if data.duration is not None and data.duration_ms is None:
        track.duration_ms = data.duration * 1000
    elif data.duration is None and data.duration_ms is not None:
        track.duration = round(data.duration_ms / 1000)
    if entry.root and data.path:
        track.root = entry.root
        track.folder = data.path[len(entry.root.path.rstrip("/")) + 1 :].rpartition("/")[0]
        track.folder += "/" if track.folder else ""
        track.available = True
    return track


def _write(new: Sequence[tuple[Entry, Track]]) -> None:
    if not new:
        return
    Track.objects.bulk_create([track for _, track in new])
    TrackArtist.objects.bulk_create(
        [credit for entry, track in new for credit in track_credits(track.pk, entry.artists)]
    )
    genres = {track.pk: names for entry, track in new if (names := [*entry.data.genres, *_older(entry.data)])}
    if genres:
        set_genres(through=Track.genres.through, column="track_id", names_by_row=genres)
    invalidate("library")


def _older(data: TrackCreate) -> list[str]:
    return [data.genre] if data.genre and data.genre.strip() else []


def _tell(new: Sequence[tuple[Entry, Track]]) -> None:
    """What belongs to other apps reaches them in this transaction."""
    told = [
        ImportedTrack(
            track_id=track.pk, bpm=entry.data.bpm, key=key_of(entry.data), rating=entry.data.rating, created=True
        )
        for entry, track in new
    ]
    if told:
        tracks_imported.send(Track, tracks=told)
        tracks_changed.send(Track, track_ids=[track.track_id for track in told])


def key_of(data: TrackCreate) -> str | None:
    """As a tag would say it: A and minor are Am."""
    if data.key and (data.scale or "").strip().lower() in {"minor", "min", "m"} and not data.key.endswith("m"):
        return f"{data.key}m"
    return data.key or None
