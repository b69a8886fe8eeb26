"""Writes tracks by hand: corrects what they say, removes those that nobody has used."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from core.cache import invalidate
from core.errors import Conflict, InvalidInput, NotFound
from library.engine.names import sort_key
from library.engine.numbers import first_number, year_in
from library.models import Album, Artist, Cover, ScanFolder, Track, TrackArtist
from library.schemas.artists import ArtistCreate
from library.schemas.tracks import TrackUpdate
from library.services.artists import check_mbid, get_or_create_artists
from library.services.credits import credit_of, once_each, track_credits
from library.services.editing import asked_changes, lock_fields, refuse_unknown, set_columns
from library.services.genres import get_or_create_genres
from library.services.intake.locking import lock_catalogue
from library.signals import tracks_changed, tracks_removed

PLAIN = (
    "title", "album_id", "featured_artists", "track_number", "disc_number", "disc_subtitle", "year", "recording_date",
    "original_date", "release_date", "musicbrainz_id", "musicbrainz_trackid", "musicbrainz_albumid",
    "musicbrainz_artistid", "musicbrainz_albumartistid", "isrc", "language", "comment",
)  # fmt: skip
MBIDS = ("musicbrainz_id", "musicbrainz_trackid", "musicbrainz_albumid", "musicbrainz_artistid")


@transaction.atomic
def update_track(*, track_id: int, data: TrackUpdate) -> Track:
    """What was sent is changed and locked against scans."""
    lock_catalogue()
    track = track_to_change(track_id)
    changes = asked_changes(data)
    _check(changes)
    set_columns(track, changes, PLAIN)
    set_numbers(track, changes)
    if {"title", "sort_title"} & changes.keys():
        track.sort_title = sort_key(track.title, changes.get("sort_title", ""))
    if {"artists", "track_artist_id"} & changes.keys():
        _give_to(track, changes)
    lock_fields(track, changed=changes, unlocked=data.unlock)
    track.save()
    if "genres" in changes:
        track.genres.set(get_or_create_genres(names=changes["genres"]))
    tracks_changed.send(Track, track_ids=[track.pk])
    invalidate("library")
    return track


def _check(changes: dict[str, Any]) -> None:
    for name in MBIDS:
        check_mbid(changes.get(name), name)
    album = changes.get("album_id")
    if album:
        refuse_unknown(
            Album.objects.filter(pk=album).values_list("pk", flat=True), [album], what="album", field="album_id"
        )


def set_numbers(track: Track, changes: dict[str, Any]) -> None:
    """What lists are ordered by is read from what is written."""
    if "track_number" in changes:
        track.track_position = first_number(changes["track_number"])
    if "disc_number" in changes:
        track.disc_position = first_number(changes["disc_number"])
    if "year" in changes:
        track.year_number = year_in(changes["year"])


def _give_to(track: Track, changes: dict[str, Any]) -> None:
    if "artists" in changes:
        artists = once_each(get_or_create_artists(entries=[ArtistCreate(name=name) for name in changes["artists"]]))
    else:
        artists = list(Artist.objects.filter(pk=changes["track_artist_id"]))
        refuse_unknown([a.pk for a in artists], [changes["track_artist_id"]], what="artist", field="track_artist_id")
    if not artists:
        raise InvalidInput("A track has an artist.", field="artists")
    track.track_artist = artists[0]
    track.artist_credit = credit_of(artists)
    TrackArtist.objects.filter(track=track, role=TrackArtist.Role.ARTIST).delete()
    TrackArtist.objects.bulk_create(track_credits(track.pk, artists))


@transaction.atomic
def delete_track(*, track_id: int) -> None:
    """Only one that nobody has used: what was heard, rated or put into a playlist can only be missing."""
    track = track_to_change(track_id)
    uses = track.uses.count()
    if uses:
        raise Conflict(
            f"“{track.title}” has been used by {uses} listener{'s' if uses > 1 else ''}.",
            hint="Its plays and ratings would be lost; without its file it shows as missing.",
        )
    tracks_removed.send(Track, track_ids=[track.pk])
    Cover.objects.filter(entity_type=Cover.Entity.TRACK, entity_id=track.pk).delete()
    # Its folder is read again by the next scan: a file that is still there comes back.
    ScanFolder.objects.filter(root=track.root_id, path=track.folder).update(digest="")
    try:
        track.delete()
    except ProtectedError as error:
        kinds = sorted({str(row._meta.verbose_name) for row in error.protected_objects})
        raise Conflict(f"“{track.title}” is still in use: {', '.join(kinds)}.") from None
    invalidate("library")


def track_to_change(track_id: int) -> Track:
    track = Track.objects.select_for_update().filter(pk=track_id).first()
    if track is None:
        raise NotFound("There is no such track.")
    return track
