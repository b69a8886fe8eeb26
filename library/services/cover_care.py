"""Heals pictures: bytes that never came are asked for again, lost thumbnails made again, what nobody needs removed."""

from collections.abc import Collection, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core.database_jobs import DatabaseJob
from library.engine import cover_files
from library.models import Cover, CoverImage
from library.selectors.covers import lost_images
from library.services.statements import execute
from library.services.thumbnails import start_thumbnails

CHUNK = 1_000
UNNEEDED_AFTER = timedelta(days=1)
OF_NOTHING = """
    DELETE FROM covers c WHERE
        (c.entity_type = 'track' AND NOT EXISTS (SELECT 1 FROM tracks WHERE id = c.entity_id))
        OR (c.entity_type = 'album' AND NOT EXISTS (SELECT 1 FROM albums WHERE id = c.entity_id))
        OR (c.entity_type = 'artist' AND NOT EXISTS (SELECT 1 FROM artists WHERE id = c.entity_id))
"""
# A folder whose digest is forgotten is looked into by the next scan, which then finds which files it needs.
LOOK_AGAIN = """
    UPDATE scan_folders f SET digest = '' WHERE f.digest <> '' AND EXISTS (
        SELECT 1 FROM tracks t JOIN covers c ON c.image_id = ANY(%(lost)s) AND (
            (c.entity_type = 'track' AND c.entity_id = t.id)
            OR (c.entity_type = 'album' AND c.source = 'folder' AND c.entity_id = t.album_id)
        ) WHERE t.root_id = f.root_id AND t.folder = f.path AND t.available
    )
"""


def tidy_covers(job: DatabaseJob) -> None:
    """Once a day; each step by itself does no harm if the next one never comes."""
    execute(OF_NOTHING, {})
    total = CoverImage.objects.count()
    done = removed = lost = 0
    for images in _chunks():
        removed += _remove_unneeded(images)
        lost += _make_again(images)
        done += len(images)
        job.progress("Tidying covers", min(done, total), total, removed=removed, lost=lost)
    asked = ask_for_lost_covers()
    job.progress("Tidying covers", total, total, removed=removed, lost=lost + asked)
    start_thumbnails()


def _chunks() -> Iterator[list[CoverImage]]:
    after = ""
    while images := list(CoverImage.objects.filter(digest__gt=after).order_by("digest")[:CHUNK]):
        yield images
        after = images[-1].digest


def _remove_unneeded(images: Collection[CoverImage]) -> int:
    """The row first: bytes without a row disturb nobody, a row without bytes would."""
    used = Cover.objects.filter(image=OuterRef("pk"))
    old = CoverImage.objects.filter(
        ~Exists(used), pk__in=[image.pk for image in images], date_added__lt=timezone.now() - UNNEEDED_AFTER
    )
    with transaction.atomic():
        digests = list(old.select_for_update().values_list("pk", flat=True))
        CoverImage.objects.filter(pk__in=digests).delete()
    for digest in digests:
        cover_files.remove(settings.MEDIA_ROOT, digest)
    return len(digests)


def _make_again(images: Collection[CoverImage]) -> int:
    """Thumbnails that are not where they should be, as after a backup was restored, which holds none."""
    lost = [image.pk for image in images if image.thumbnails_at and not image.problem and not _has_thumbnails(image.pk)]
    CoverImage.objects.filter(pk__in=lost).update(thumbnails_at=None)
    return len(lost)


def _has_thumbnails(digest: str) -> bool:
    return all(cover_files.thumbnail(settings.MEDIA_ROOT, digest, size).is_file() for size in cover_files.SIZES)


def ask_for_lost_covers() -> int:
    """A worker that died after its batch never sent the pictures; a disk may have lost them: the next scan asks."""
    lost = lost_images()
    if lost:
        execute(LOOK_AGAIN, {"lost": lost})
    return len(lost)
