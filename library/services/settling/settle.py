"""After the walk: absent tracks are found where they are now, or are missing; never all of them at once by mistake.

Nothing is changed before it is known how much would be: a disk that is not mounted looks like a deleted library.
"""

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.cache import invalidate
from core.errors import Conflict
from core.models import Job
from library.engine.matching import Facts
from library.models import LibraryRoot, Track
from library.schemas.scan import Settled
from library.selectors.scans import params_of, running_scan
from library.services.intake.locking import lock_catalogue
from library.services.settling.finding import find_again
from library.services.settling.merging import take_over
from library.services.statements import execute
from library.signals import tracks_changed

# Fewer may well be a person who tidies up.
FEW = 20
ROW_CHUNK = 5_000
ABSENT = """
    SELECT a.track_id FROM scan_absences a JOIN tracks t ON t.id = a.track_id
    WHERE a.job_id = %(job)s AND t.root_id = %(root)s AND t.available ORDER BY a.track_id
"""
MARK_MISSING = """
    UPDATE tracks SET available = false, missing_since = now(), date_modified = now() WHERE id = ANY(%(ids)s)
"""
FORGET_ABSENCES = "DELETE FROM scan_absences WHERE job_id = %(job)s"
# Folders that were gone; one that holds something after all is known to later walks.
FORGET_FOLDERS = """
    DELETE FROM scan_folders f WHERE f.root_id = %(root)s AND f.digest = ''
      AND NOT EXISTS (SELECT 1 FROM tracks t WHERE t.root_id = f.root_id AND t.folder = f.path AND t.available)
"""


@transaction.atomic
def settle_scan(*, job_id: UUID, attempt: int) -> Settled:
    """Moved tracks keep their rows, missing ones everything but their file; says how many there were of each."""
    job, root = running_scan(job_id, attempt, locked=True)
    lock_catalogue()
    absent = [number for (number,) in execute(ABSENT, {"job": job.pk, "root": root.pk})]
    moved: list[tuple[Facts, Facts]] = []
    missing: list[int] = []
    not_new = 0
    if absent:
        moved = find_again(root, absent)
        found = {old.ref for old, _new in moved}
        missing = [number for number in absent if number not in found]
        _guard(job, root, missing)
        not_new = _appeared_in(job, root, [new.ref for _old, new in moved])
        take_over([(old.ref, new.ref) for old, new in moved])
        for start in range(0, len(missing), ROW_CHUNK):
            execute(MARK_MISSING, {"ids": missing[start : start + ROW_CHUNK]})
        execute(FORGET_FOLDERS, {"root": root.pk})
        _tell([*found, *missing])
    execute(FORGET_ABSENCES, {"job": job.pk})
    _close(job, root)
    return Settled(moved=len(moved), missing=len(missing), not_new=not_new)


def _guard(job: Job, root: LibraryRoot, missing: list[int]) -> None:
    if not missing or params_of(job).accept_missing:
        return
    known = Track.objects.filter(root=root, available=True).count()
    if len(missing) == known or (len(missing) >= FEW and len(missing) * 2 > known):
        numbers = {"missing": f"{len(missing):,}", "known": f"{known:,}", "root": root.name}
        raise Conflict(
            _("%(missing)s of %(known)s files in “%(root)s” are gone; nothing was marked as missing.") % numbers,
            hint=_("Is its disk mounted? If they are really gone, scan again and accept it."),
        )


def _appeared_in(job: Job, root: LibraryRoot, ids: list[int]) -> int:
    """How many of these this scan has counted as new before it was known where they came from."""
    began = job.started_at or job.queued_at
    return Track.objects.filter(pk__in=ids, root=root, date_added__gte=began).count()


def _tell(changed: list[int]) -> None:
    for start in range(0, len(changed), ROW_CHUNK):
        tracks_changed.send(Track, track_ids=changed[start : start + ROW_CHUNK])
    invalidate("library")


def _close(job: Job, root: LibraryRoot) -> None:
    """What appears from now on is new to the next scan that looks for what has moved."""
    began = job.started_at or timezone.now()
    root.last_scan_at = began
    root.track_count = Track.objects.filter(root=root, available=True).count()
    root.save(update_fields=["last_scan_at", "track_count", "date_modified"])
