"""Albums that are one become one; tracks that are an album of their own leave the one in which they lie."""

from collections.abc import Collection
from uuid import uuid4

from django.db import models, transaction

from core.cache import invalidate
from core.errors import InvalidInput, NotFound
from library.engine.names import sort_key
from library.models import Album, AlbumArtist, AlbumKey, Cover, Track
from library.services.curation.journal import Journal
from library.services.curation.pictures import move_covers
from library.signals import Merged, albums_merged, tracks_changed

MOST_AT_ONCE = 100


@transaction.atomic
def merge_albums(*, kept_id: int, gone_ids: Collection[int], user_id: int | None) -> Album:
    """The tracks of the ones that go lie in the one that stays, also after the next scan."""
    gone_ids = sorted(set(gone_ids) - {kept_id})
    found = {row.pk: row for row in Album.objects.select_for_update().filter(pk__in=[kept_id, *gone_ids])}
    if kept_id not in found or len(found) != len(gone_ids) + 1:
        raise NotFound("One of these albums is not there any more.")
    if not 0 < len(gone_ids) <= MOST_AT_ONCE:
        raise InvalidInput(f"Choose 2 to {MOST_AT_ONCE + 1} albums to merge.")
    kept, journal, gone = found[kept_id], Journal(), Album.objects.filter(pk__in=gone_ids)
    albums_merged.send(sender=Album, merges=[Merged(kept_id=kept_id, gone_id=pk) for pk in gone_ids])
    tracks = Track.objects.filter(album__in=gone_ids)
    touched = list(tracks.values_list("pk", flat=True))
    journal.changing(tracks, "album")
    tracks.update(album=kept_id)
    keys = AlbumKey.objects.filter(album__in=gone_ids)
    journal.changing(keys, "album")
    keys.update(album=kept_id)
    journal.changing(Album.objects.filter(pk=kept_id), "genres")
    kept.genres.add(*Album.genres.through.objects.filter(album__in=gone_ids).values_list("genre_id", flat=True))
    covers = Cover.objects.filter(entity_type=Cover.Entity.ALBUM, entity_id__in=gone_ids)
    move_covers(journal, entity_type=Cover.Entity.ALBUM, kept_id=kept_id, gone=covers)
    journal.deleting(gone)
    journal.deleting(AlbumArtist.objects.filter(album__in=gone_ids))
    gone.delete()
    titles = ", ".join(sorted({found[pk].title for pk in gone_ids}))
    journal.keep(kind="merge albums", title=f"{titles} → {kept.title}", user_id=user_id)
    _changed(touched)
    return kept


@transaction.atomic
def split_album(
    *, album_id: int, track_ids: Collection[int], title: str, version: str = "", user_id: int | None
) -> Album:
    """These tracks are an album of their own from now on, whatever their tags say."""
    album = Album.objects.select_for_update().filter(pk=album_id).first()
    if album is None:
        raise NotFound("This album is not there any more.")
    tracks = Track.objects.filter(pk__in=track_ids, album=album_id)
    touched = list(tracks.values_list("pk", flat=True))
    if not touched or len(touched) == Track.objects.filter(album=album_id).count():
        raise InvalidInput("Choose some of the album's tracks, and leave some.", field="tracks")
    if not title.strip():
        raise InvalidInput("The new album needs a title.", field="title")
    journal = Journal()
    fresh = _copy_of(album, title.strip(), version.strip())
    credits = [
        AlbumArtist(album=fresh, artist_id=row.artist_id, position=row.position, join_phrase=row.join_phrase)
        for row in album.album_artists.all()
    ]
    key = AlbumKey.objects.create(key=f"manual:{uuid4()}", album=fresh)
    journal.making([fresh, key, *AlbumArtist.objects.bulk_create(credits)])
    move_tracks(journal, tracks, fresh)
    journal.keep(kind="split album", title=f"{album.title} → {fresh.title}", user_id=user_id)
    _changed(touched)
    return fresh


def move_tracks(journal: Journal, tracks: "models.QuerySet[Track]", album: Album) -> None:
    """A person's word: no scan moves them back."""
    ids = list(tracks.values_list("pk", flat=True))
    rows = Track.objects.filter(pk__in=ids)
    journal.changing(rows, "album", "locked_fields")
    rows.exclude(locked_fields__contains=["album"]).update(
        locked_fields=models.Func(models.F("locked_fields"), models.Value("album"), function="array_append")
    )
    rows.update(album=album)


def _copy_of(album: Album, title: str, version: str) -> Album:
    """Everything of the old one but what names that one release."""
    fresh = Album.objects.get(pk=album.pk)
    fresh.pk = None
    fresh._state.adding = True
    fresh.title, fresh.sort_title, fresh.version = title, sort_key(title), version
    fresh.musicbrainz_albumid = fresh.discogs_id = fresh.spotify_url = fresh.discogs_url = None
    fresh.locked_fields = []
    fresh.save()
    fresh.genres.set(album.genres.all())
    return fresh


def _changed(track_ids: list[int]) -> None:
    tracks_changed.send(sender=Album, track_ids=track_ids)
    invalidate("library")
