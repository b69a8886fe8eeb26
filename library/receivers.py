"""What the library does when jobs end, and how search keeps in step with what has changed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.logs import get_logger
from core.models import Job
from core.signals import job_ended
from library.jobs import DEMO_LIBRARY, SCAN
from library.models import Album, Artist, Genre
from library.selectors.search.sources import Names, tracks_naming
from library.services.roots import ensure_root
from library.services.scans.starting import start_scan_of
from library.services.search_documents import refresh_search_names
from library.services.search_healing import update_search, update_search_names
from library.services.thumbnails import start_thumbnails
from library.signals import Merged, albums_merged, artists_merged, tracks_changed

log = get_logger(__name__)
DEMO_NAME = "Demo library"


@receiver(job_ended, dispatch_uid="library.receivers.on_job_ended")
def on_job_ended(job: Job, **kwargs: Any) -> None:
    """After the commit, and without harm to the job: what is forgotten here is started by the schedule."""
    if job.kind == DEMO_LIBRARY.name and job.state == Job.State.DONE:
        transaction.on_commit(scan_demo_library, robust=True)
    if job.kind == SCAN.name:
        transaction.on_commit(start_thumbnails, robust=True)


def scan_demo_library() -> None:
    root, _made = ensure_root(path=str(settings.DEMO_FOLDER), name=DEMO_NAME)
    if root.enabled:
        start_scan_of(root=root)


def listen() -> None:
    """Called once, when the models are ready."""
    tracks_changed.connect(on_tracks_changed, dispatch_uid="search")
    artists_merged.connect(on_artists_merged, dispatch_uid="search")
    albums_merged.connect(on_albums_merged, dispatch_uid="search")
    for written in (post_save, post_delete):
        written.connect(on_artist, sender=Artist, dispatch_uid="search")
        written.connect(on_album, sender=Album, dispatch_uid="search")
        written.connect(on_genre, sender=Genre, dispatch_uid="search")


def on_tracks_changed(track_ids: Sequence[int], **_: Any) -> None:
    update_search(track_ids=track_ids)


def on_artist(instance: Artist, **_: Any) -> None:
    """Of single rows, as people write them; who writes many of them at once tells of their tracks."""
    update_search_names(artist_ids=[instance.pk])


def on_album(instance: Album, **_: Any) -> None:
    update_search_names(album_ids=[instance.pk])


def on_genre(instance: Genre, **_: Any) -> None:
    update_search_names(genre_ids=[instance.pk])


def on_artists_merged(merges: Sequence[Merged], **_: Any) -> None:
    """The rows move after this is told: they are looked at when all of it is done."""
    kept, gone = {merge.kept_id for merge in merges}, {merge.gone_id for merge in merges}
    transaction.on_commit(partial(_after_merge, Names(artists=kept), Names(artists=kept | gone)), robust=True)


def on_albums_merged(merges: Sequence[Merged], **_: Any) -> None:
    kept, gone = {merge.kept_id for merge in merges}, {merge.gone_id for merge in merges}
    transaction.on_commit(partial(_after_merge, Names(albums=kept), Names(albums=kept | gone)), robust=True)


def _after_merge(kept: Names, touched: Names) -> None:
    with transaction.atomic():
        refresh_search_names(artist_ids=touched.artists, album_ids=touched.albums)
        update_search(track_ids=tracks_naming(kept))
