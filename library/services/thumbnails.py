"""Has thumbnails made of pictures that have none yet, by a child that can run out of memory alone."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from core.cache import invalidate
from core.database_jobs import DatabaseJob
from core.errors import Conflict
from core.logs import get_logger
from core.services.jobs import start_job
from library.engine.cover_files import SIZES, found_original, thumbnail
from library.jobs import MAKE_THUMBNAILS
from library.models import CoverImage

log = get_logger(__name__)
CHUNK = 100
RESULTS = ("width", "height", "color_1", "color_2", "problem", "thumbnails_at")


def make_thumbnails(job: DatabaseJob) -> None:
    """All that wait, the oldest first, until none is left; what cannot be made is noted with its reason."""
    total = CoverImage.objects.filter(thumbnails_at=None).count()
    done = failed = 0
    after = None
    with thumbnail_maker() as maker:
        while images := _waiting(after):
            for image in images:
                job.progress("Making thumbnails", done, max(total, done + 1), failed=failed)
                result = _made(maker, image)
                done += result is not None
                failed += bool(result and result.get("problem"))
            after = (images[-1].date_added, images[-1].pk)
            _save(images)
    job.progress("Making thumbnails", done, done, failed=failed)


def start_thumbnails() -> None:
    """If any are waiting and nobody is at it."""
    if CoverImage.objects.filter(thumbnails_at=None).exists():
        try:
            start_job(kind=MAKE_THUMBNAILS.name)
        except Conflict:
            log.debug("thumbnails_are_being_made")


def _waiting(after: Any) -> list[CoverImage]:
    rows = CoverImage.objects.filter(thumbnails_at=None).order_by("date_added", "digest")
    if after:
        added, digest = after
        rows = rows.filter(date_added__gte=added).exclude(date_added=added, digest__lte=digest)
    return list(rows[:CHUNK])


def _made(maker: "ThumbnailMaker", image: CoverImage) -> dict[str, Any] | None:
    """Notes what came out; None for a picture whose bytes are still on their way, or a disk that is full."""
    original = found_original(settings.MEDIA_ROOT, image.digest)
    if original is None:
        return None
    targets = {size: thumbnail(settings.MEDIA_ROOT, image.digest, size) for size in SIZES}
    result = maker.make(original, targets)
    if result.get("passing"):
        log.warning("thumbnail_not_made", digest=image.digest, reason=result["problem"])
        return None
    for name, value in result.items():
        setattr(image, name, value)
    image.problem = result.get("problem", "")
    image.thumbnails_at = timezone.now()
    return result


def _save(images: list[CoverImage]) -> None:
    made = [image for image in images if image.thumbnails_at]
    if made:
        CoverImage.objects.bulk_update(made, RESULTS)
        invalidate("library")


class ThumbnailMaker:
    """A child that makes thumbnails; of a picture that kills it this is the problem, and another child goes on."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[str] | None = None

    def make(self, original: Path, targets: dict[int, Path]) -> dict[str, Any]:
        child = self.child = self.child or _started()
        asked = {"original": str(original), "targets": {str(size): str(path) for size, path in targets.items()}}
        try:
            if child.stdin is None or child.stdout is None:
                raise BrokenPipeError
            child.stdin.write(json.dumps(asked) + "\n")
            child.stdin.flush()
            line = child.stdout.readline()
            result: dict[str, Any] = json.loads(line)
            return result
        except (BrokenPipeError, ValueError):
            self.close()
            return {"problem": "The picture could not be read: its reader died of it."}

    def close(self) -> None:
        child, self.child = self.child, None
        if child:
            child.kill()
            child.communicate()


@contextmanager
def thumbnail_maker() -> Iterator[ThumbnailMaker]:
    maker = ThumbnailMaker()
    try:
        yield maker
    finally:
        maker.close()


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "library.engine.thumbnails"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        text=True,
    )
