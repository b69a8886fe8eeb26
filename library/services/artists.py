"""Writes artists by hand: makes those that are not known yet, corrects them, removes the unused."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q

from core.cache import invalidate
from core.errors import Conflict, InvalidInput, NotFound
from library.engine.names import artist_key, as_mbid, sort_key
from library.models import AlbumArtist, Artist, ArtistKey, Cover, Track, TrackArtist
from library.schemas.artists import ArtistCreate, ArtistUpdate
from library.services.credits import rewrite_credits_of
from library.services.editing import asked_changes, lock_fields, set_columns
from library.services.genres import get_or_create_genres
from library.services.intake.locking import lock_catalogue
from library.signals import tracks_changed


@dataclass
class Roll:
    """Who is known by which key, and who is new."""

    known: dict[str, Artist]
    made: list[Artist] = field(default_factory=list)
    adopted: list[Artist] = field(default_factory=list)
    keys: dict[str, Artist] = field(default_factory=dict)

    def artist_of(self, entry: ArtistCreate) -> Artist:
        """By the MusicBrainz id; else by the name, where nobody with another id bears it; else somebody new."""
        named = artist_key(entry.name)
        key = artist_key(entry.name, entry.musicbrainz_artistid)
        artist = self.known.get(key) or self._adoptable(named, entry) or self._new(entry)
        for found in (key, named):
            if found not in self.known:
                self.known[found] = self.keys[found] = artist
        return artist

    def _adoptable(self, named: str, entry: ArtistCreate) -> Artist | None:
        artist = self.known.get(named)
        if artist is None or artist.musicbrainz_artistid or "musicbrainz_artistid" in artist.locked_fields:
            return None
        artist.musicbrainz_artistid = as_mbid(entry.musicbrainz_artistid)
        self.adopted.append(artist)
        return artist

    def _new(self, entry: ArtistCreate) -> Artist:
        artist = Artist(**entry.model_dump())
        artist.sort_name = sort_key(entry.name, entry.sort_name)
        artist.musicbrainz_artistid = as_mbid(entry.musicbrainz_artistid) or None
        self.made.append(artist)
        return artist

    def write(self) -> None:
        Artist.objects.bulk_create(self.made)
        there = [artist for artist in self.adopted if artist not in self.made]
        if there:
            Artist.objects.bulk_update(there, ["musicbrainz_artistid"])
        ArtistKey.objects.bulk_create([ArtistKey(key=key, artist=artist) for key, artist in self.keys.items()])
        if self.made or there:
            invalidate("library")


@transaction.atomic
def get_or_create_artists(*, entries: Sequence[ArtistCreate]) -> list[Artist]:
    """Each entry's artist, in their order; those that are there already stay as they are."""
    if not entries:
        return []
    lock_catalogue()
    for entry in entries:
        check_mbid(entry.musicbrainz_artistid)
    roll = Roll(_known(entries))
    found = [roll.artist_of(entry) for entry in entries]
    roll.write()
    return found


def _known(entries: Sequence[ArtistCreate]) -> dict[str, Artist]:
    keys = {artist_key(entry.name) for entry in entries}
    keys |= {artist_key(entry.name, entry.musicbrainz_artistid) for entry in entries}
    artists: dict[int, Artist] = {}
    rows = ArtistKey.objects.filter(key__in=keys).select_related("artist")
    # Two keys of one artist must lead to one object, or what is changed in one is not seen in the other.
    return {row.key: artists.setdefault(row.artist_id, row.artist) for row in rows}


@transaction.atomic
def create_artist(*, data: ArtistCreate) -> Artist:
    """One more; a namesake is told apart by a MusicBrainz id."""
    lock_catalogue()
    check_mbid(data.musicbrainz_artistid)
    key = artist_key(data.name, data.musicbrainz_artistid)
    there = ArtistKey.objects.filter(key=key).select_related("artist").first()
    if there:
        raise Conflict(
            f"There is already an artist called “{there.artist.name}”.",
            hint="A namesake needs a MusicBrainz id; POST /api/artists/batch gives the one that is there.",
            field="name",
        )
    return get_or_create_artists(entries=[data])[0]


@transaction.atomic
def update_artist(*, artist_id: int, data: ArtistUpdate) -> Artist:
    """What was sent is changed and locked against scans."""
    lock_catalogue()
    artist = artist_to_change(artist_id)
    changes = asked_changes(data)
    check_mbid(data.musicbrainz_artistid)
    renamed = "name" in changes and changes["name"] != artist.name
    if renamed and "sort_name" not in changes and "sort_name" not in artist.locked_fields:
        artist.sort_name = sort_key(changes["name"])
    set_columns(artist, changes, ("name", "musicbrainz_artistid", "spotify_id", "lastfm_url"))
    if "sort_name" in changes:
        artist.sort_name = sort_key(artist.name, changes["sort_name"])
    lock_fields(artist, changed=changes, unlocked=data.unlock)
    artist.save()
    if "genres" in changes:
        artist.genres.set(get_or_create_genres(names=changes["genres"]))
    keys = {artist_key(artist.name), artist_key(artist.name, artist.musicbrainz_artistid)}
    ArtistKey.objects.bulk_create([ArtistKey(key=key, artist=artist) for key in sorted(keys)], ignore_conflicts=True)
    if renamed:
        rewrite_credits_of(artist_id=artist.pk)
        tracks = Track.objects.filter(Q(track_artist=artist) | Q(track_artists__artist=artist)).distinct()
        tracks_changed.send(Track, track_ids=list(tracks.values_list("pk", flat=True)))
    invalidate("library")
    return artist


@transaction.atomic
def delete_artist(*, artist_id: int) -> None:
    """Only one whose name stands nowhere any more."""
    artist = artist_to_change(artist_id)
    named = [
        ("albums", artist.albums.exists() or AlbumArtist.objects.filter(artist=artist).exists()),
        ("tracks", artist.tracks.exists() or TrackArtist.objects.filter(artist=artist).exists()),
    ]
    for what, is_so in named:
        if is_so:
            raise Conflict(f"“{artist.name}” still has {what}.", hint="Give them to somebody else first, or merge.")
    Cover.objects.filter(entity_type=Cover.Entity.ARTIST, entity_id=artist.pk).delete()
    artist.delete()
    invalidate("library")


def artist_to_change(artist_id: int) -> Artist:
    artist = Artist.objects.select_for_update().filter(pk=artist_id).first()
    if artist is None:
        raise NotFound("There is no such artist.")
    return artist


def check_mbid(text: str | None, field: str = "musicbrainz_artistid") -> None:
    if text and not as_mbid(text):
        raise InvalidInput(f"{text[:60]!r} is no MusicBrainz id.", hint="It looks like a UUID.", field=field)
