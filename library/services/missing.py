"""Marks what turned out to be missing between two scans."""

from django.db import transaction
from django.utils import timezone

from core.cache import invalidate
from library.models import ScanFolder, Track
from library.signals import tracks_changed


@transaction.atomic
def note_missing(*, track: Track) -> None:
    """All tracks of the file show as missing; the next scan reads its folder again, and finds it if it is back."""
    # In one order, whoever else marks some of them.
    rows = Track.objects.select_for_update().filter(path=track.path, root=track.root_id, available=True).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return
    Track.objects.filter(pk__in=ids).update(available=False, missing_since=timezone.now(), date_modified=timezone.now())
    ScanFolder.objects.filter(root=track.root_id, path=track.folder).update(digest="")
    tracks_changed.send(Track, track_ids=ids)
    invalidate("library")
