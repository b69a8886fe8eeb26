"""Keeps search in step with the library: inside the transaction of what has changed, or right behind it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from library.models import Album, Artist, Genre
from library.selectors.search.sources import Names, tracks_naming
from library.services.search_documents import refresh_search_names
from library.services.search_healing import update_search, update_search_names
from library.signals import Merged, albums_merged, artists_merged, tracks_changed


@receiver(tracks_changed, dispatch_uid="library.receivers.search.on_tracks_changed")
def on_tracks_changed(track_ids: Sequence[int], **_: Any) -> None:
    update_search(track_ids=track_ids)


@receiver([post_save, post_delete], sender=Artist, dispatch_uid="library.receivers.search.on_artist")
def on_artist(instance: Artist, **_: Any) -> None:
    """Of single rows, as people write them; who writes many of them at once tells of their tracks."""
    update_search_names(artist_ids=[instance.pk])


@receiver([post_save, post_delete], sender=Album, dispatch_uid="library.receivers.search.on_album")
def on_album(instance: Album, **_: Any) -> None:
    update_search_names(album_ids=[instance.pk])


@receiver([post_save, post_delete], sender=Genre, dispatch_uid="library.receivers.search.on_genre")
def on_genre(instance: Genre, **_: Any) -> None:
    update_search_names(genre_ids=[instance.pk])


@receiver(artists_merged, dispatch_uid="library.receivers.search.on_artists_merged")
def on_artists_merged(merges: Sequence[Merged], **_: Any) -> None:
    """The rows move after this is told: they are looked at when all of it is done."""
    kept, gone = {merge.kept_id for merge in merges}, {merge.gone_id for merge in merges}
    transaction.on_commit(partial(_after_merge, Names(artists=kept), Names(artists=kept | gone)), robust=True)


@receiver(albums_merged, dispatch_uid="library.receivers.search.on_albums_merged")
def on_albums_merged(merges: Sequence[Merged], **_: Any) -> None:
    kept, gone = {merge.kept_id for merge in merges}, {merge.gone_id for merge in merges}
    transaction.on_commit(partial(_after_merge, Names(albums=kept), Names(albums=kept | gone)), robust=True)


def _after_merge(kept: Names, touched: Names) -> None:
    with transaction.atomic():
        refresh_search_names(artist_ids=touched.artists, album_ids=touched.albums)
        update_search(track_ids=tracks_naming(kept))
