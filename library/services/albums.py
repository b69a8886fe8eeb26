"""Writes albums by hand: makes those that are not known yet, corrects them, removes those without tracks."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from core.cache import invalidate
from core.errors import Conflict, InvalidInput, NotFound
from library.engine.names import album_key, as_mbid, sort_key
from library.engine.numbers import year_in
from library.models import Album, AlbumArtist, AlbumKey, Artist, Cover, Track
from library.models.artists import UNKNOWN_ARTIST, VARIOUS_ARTISTS, VARIOUS_ARTISTS_MBID
from library.schemas.albums import AlbumCreate, AlbumUpdate
from library.schemas.artists import ArtistCreate
from library.services.artists import check_mbid, get_or_create_artists
from library.services.credits import album_credits, credit_of, once_each
from library.services.editing import asked_changes, lock_fields, refuse_unknown, set_columns
from library.services.genres import get_or_create_genres, set_genres
from library.services.intake.locking import lock_catalogue
from library.signals import tracks_changed

PLAIN = (
    "title", "version", "release_year", "year", "original_year", "compilation", "support", "release_type", "label",
    "catalog_number", "barcode", "musicbrainz_albumid", "musicbrainz_releasegroupid", "discogs_id", "spotify_url",
    "discogs_url",
)  # fmt: skip


@transaction.atomic
def get_or_create_albums(*, entries: Sequence[AlbumCreate]) -> list[Album]:
    """Each entry's album, in their order; those that are there already stay as they are."""
    if not entries:
        return []
    lock_catalogue()
    for entry in entries:
        check_mbid(entry.musicbrainz_albumid, "musicbrainz_albumid")
    artists = artists_named(entries)
    keys = [_keys(entry, by) for entry, by in zip(entries, artists, strict=True)]
    known = _known(keys)
    made: list[tuple[Album, AlbumCreate, list[Artist]]] = []
    noted: dict[str, Album] = {}
    found = []
    for entry, by, entry_keys in zip(entries, artists, keys, strict=True):
        album = _there(known, entry, entry_keys)
        if album is None:
            album = new_album(entry, by)
            made.append((album, entry, by))
        for key in entry_keys:
            if key not in known:
                known[key] = noted[key] = album
        found.append(album)
    _write(made, {key: album for key, album in noted.items() if not key.startswith("discogs:")})
    return found


def _there(known: dict[str, Album], entry: AlbumCreate, keys: list[str]) -> Album | None:
    """By an id; by the tags, where the album has no id yet, or no id was sent."""
    for key in keys:
        album = known.get(key)
        if album is None:
            continue
        if key.startswith("tags:") and (
            _differ(entry.musicbrainz_albumid, album.musicbrainz_albumid) or _differ(entry.discogs_id, album.discogs_id)
        ):
            continue
        return album
    return None


def _differ(asked: str | None, there: str | None) -> bool:
    """Two ids are two editions; one that is not known yet may be either."""
    return bool(asked and there and asked != there)


def _keys(entry: AlbumCreate, artists: Sequence[Artist]) -> list[str]:
    """The surest first. A Discogs number is a column, and stands here under a name that no key has."""
    date = entry.release_year or str(entry.year or "")
    tags = album_key([artist.name for artist in artists], entry.title, version=entry.version, date=date)
    mbid = as_mbid(entry.musicbrainz_albumid)
    keys = [f"mb:{mbid}"] if mbid else []
    return [*keys, *([f"discogs:{entry.discogs_id}"] if entry.discogs_id else []), tags]


def _known(keys: Sequence[Sequence[str]]) -> dict[str, Album]:
    every = {key for several in keys for key in several}
    found = {row.key: row.album for row in AlbumKey.objects.filter(key__in=every).select_related("album__album_artist")}
    numbers = [key.removeprefix("discogs:") for key in every if key.startswith("discogs:")]
    if numbers:
        rows = Album.objects.filter(discogs_id__in=numbers).select_related("album_artist")
        found |= {f"discogs:{row.discogs_id}": row for row in rows}
    return found


def new_album(entry: AlbumCreate, artists: Sequence[Artist]) -> Album:
    album = Album(**entry.model_dump(exclude={"artists", "genres", "album_artist_id", "sort_title"}))
    album.support = entry.support.value
    album.sort_title = sort_key(entry.title, entry.sort_title)
    album.album_artist = artists[0]
    album.artist_credit = credit_of(artists)
    album.musicbrainz_albumid = as_mbid(entry.musicbrainz_albumid) or None
    album.discogs_id = entry.discogs_id or None
    if album.year is None:
        album.year = year_in(entry.release_year)
    return album


def _write(made: list[tuple[Album, AlbumCreate, list[Artist]]], keys: dict[str, Album]) -> None:
    Album.objects.bulk_create([album for album, _, _ in made])
    AlbumArtist.objects.bulk_create([credit for album, _, by in made for credit in album_credits(album.pk, by)])
    AlbumKey.objects.bulk_create([AlbumKey(key=key, album=album) for key, album in keys.items()])
    genres = {album.pk: entry.genres for album, entry, _ in made if entry.genres}
    if genres:
        set_genres(through=Album.genres.through, column="album_id", names_by_row=genres)
    if made:
        invalidate("library")


def artists_named(entries: Sequence[AlbumCreate]) -> list[list[Artist]]:
    """Of each: those named, else the one numbered, else various or unknown."""
    numbers = {entry.album_artist_id for entry in entries if entry.album_artist_id and not entry.artists}
    numbered = Artist.objects.in_bulk(numbers)
    refuse_unknown(numbered, numbers, what="artist", field="album_artist_id")
    wanted = [_wanted(entry) for entry in entries]
    flat = get_or_create_artists(entries=[artist for several in wanted for artist in several])
    made = iter(flat)
    found = []
    for entry, several in zip(entries, wanted, strict=True):
        by_number = [numbered[entry.album_artist_id]] if entry.album_artist_id and not several else []
        found.append(once_each([next(made) for _ in several]) or by_number)
    return found


def _wanted(entry: AlbumCreate) -> list[ArtistCreate]:
    if entry.artists:
        return [ArtistCreate(name=name) for name in entry.artists]
    if entry.album_artist_id:
        return []
    if entry.compilation:
        return [ArtistCreate(name=VARIOUS_ARTISTS, musicbrainz_artistid=VARIOUS_ARTISTS_MBID)]
    return [ArtistCreate(name=UNKNOWN_ARTIST)]


@transaction.atomic
def create_album(*, data: AlbumCreate) -> Album:
    """One more; another edition differs in its version, its date or its MusicBrainz id."""
    lock_catalogue()
    before = set(_known([_keys(data, artists_named([data])[0])]).values())
    (album,) = get_or_create_albums(entries=[data])
    if album in before:
        raise Conflict(
            f"There is already an album “{album.title}” of {album.artist_credit}.",
            hint="Another edition has a version, a date or an id of its own.",
            field="title",
        )
    return album


@transaction.atomic
def update_album(*, album_id: int, data: AlbumUpdate) -> Album:
    """What was sent is changed and locked against scans."""
    lock_catalogue()
    album = album_to_change(album_id)
    changes = asked_changes(data)
    check_mbid(data.musicbrainz_albumid, "musicbrainz_albumid")
    _check_discogs(album, changes)
    set_columns(album, changes, PLAIN)
    if "release_year" in changes and "year" not in changes:
        album.year = year_in(changes["release_year"])
    if {"title", "sort_title"} & changes.keys():
        album.sort_title = sort_key(album.title, changes.get("sort_title", ""))
    if {"artists", "album_artist_id"} & changes.keys():
        _give_to(album, changes)
    lock_fields(album, changed=changes, unlocked=data.unlock)
    album.save()
    if "genres" in changes:
        album.genres.set(get_or_create_genres(names=changes["genres"]))
    _note_keys(album)
    tracks_changed.send(Track, track_ids=list(album.tracks.values_list("pk", flat=True)))
    invalidate("library")
    return album


def _check_discogs(album: Album, changes: dict[str, Any]) -> None:
    changes_to = changes.get("discogs_id")
    if changes_to == "":
        changes["discogs_id"] = None
    elif changes_to and Album.objects.filter(discogs_id=changes_to).exclude(pk=album.pk).exists():
        raise Conflict("Another album has this Discogs number.", field="discogs_id")


def _give_to(album: Album, changes: dict[str, Any]) -> None:
    entry = AlbumCreate(
        title=album.title,
        artists=changes.get("artists", []),
        album_artist_id=None if "artists" in changes else changes["album_artist_id"],
    )
    (artists,) = artists_named([entry])
    if not artists:
        raise InvalidInput("An album has an artist.", field="artists")
    album.album_artist = artists[0]
    album.artist_credit = credit_of(artists)
    AlbumArtist.objects.filter(album=album).delete()
    AlbumArtist.objects.bulk_create(album_credits(album.pk, artists))


def _note_keys(album: Album) -> None:
    """What it is called now leads to it too, unless that leads to another."""
    names = [
        artist.name for artist in Artist.objects.filter(album_credits__album=album).order_by("album_credits__position")
    ]
    date = album.release_year or str(album.year or "")
    keys = {album_key(names or [album.album_artist.name], album.title, version=album.version, date=date)}
    if as_mbid(album.musicbrainz_albumid):
        keys.add(f"mb:{as_mbid(album.musicbrainz_albumid)}")
    AlbumKey.objects.bulk_create([AlbumKey(key=key, album=album) for key in sorted(keys)], ignore_conflicts=True)


@transaction.atomic
def delete_album(*, album_id: int) -> None:
    """Only one without tracks."""
    album = album_to_change(album_id)
    count = album.tracks.count()
    if count:
        tracks = "one track" if count == 1 else f"{count} tracks"
        raise Conflict(f"“{album.title}” still has {tracks}.", hint="Give them to another album first, or merge.")
    Cover.objects.filter(entity_type=Cover.Entity.ALBUM, entity_id=album.pk).delete()
    album.delete()
    invalidate("library")


def album_to_change(album_id: int) -> Album:
    album = Album.objects.select_for_update().filter(pk=album_id).first()
    if album is None:
        raise NotFound("There is no such album.")
    return album
