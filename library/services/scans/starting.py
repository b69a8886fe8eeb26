"""Starts scans: of one root, of the root that holds a folder, of all of them."""

from core.errors import Conflict, InvalidInput, NotFound
from core.models import Job, User
from core.services.jobs import start_job
from library.jobs import SCAN
from library.models import LibraryRoot
from library.schemas.scan import ScanStart
from library.selectors.roots import root_above, root_by_id, scan_of
from library.services.roots import clean_path


def start_scans(*, asked: ScanStart, requested_by: User | None = None) -> list[Job]:
    """Queues a job for each root that is meant; where all are, one that is being scanned already counts as started."""
    if asked.root_id is not None and asked.path is not None:
        raise InvalidInput("Either root_id or path names what to scan, not both.", field="path")
    if asked.root_id is not None or asked.path is not None:
        return [_start(_meant(asked), asked, requested_by)]
    roots = LibraryRoot.objects.filter(enabled=True).order_by("name", "pk")
    return [_started_or_running(root, asked, requested_by) for root in roots]


def start_scan_of(*, root: LibraryRoot, requested_by: User | None = None) -> Job:
    """For the house itself: whatever scans this root already will do."""
    return _started_or_running(root, ScanStart(), requested_by)


def _meant(asked: ScanStart) -> LibraryRoot:
    if asked.root_id is not None:
        return root_by_id(asked.root_id)
    place = clean_path(asked.path or "")
    root = root_above(place)
    if root is None:
        raise NotFound(f"{place} is in no folder of music.", hint="Add it first, under Settings, Folders of music.")
    return root


def _start(root: LibraryRoot, asked: ScanStart, requested_by: User | None) -> Job:
    params = {"root_id": root.pk, "force": asked.force, "accept_missing": asked.accept_missing}
    return start_job(kind=SCAN.name, params=params, requested_by=requested_by)


def _started_or_running(root: LibraryRoot, asked: ScanStart, requested_by: User | None) -> Job:
    try:
        return _start(root, asked, requested_by)
    except Conflict:
        running = scan_of(root)
        if running is None:
            # It ended in between.
            return _start(root, asked, requested_by)
        return running
