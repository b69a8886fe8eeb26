"""Folders of music: which there are, how they stand, whose a path is."""

import os
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from core.errors import NotFound
from core.models import Job
from core.selectors import jobs
from library.engine.paths import unescaped
from library.models import LibraryRoot, ScanError, Track
from library.schemas.roots import RootDetail
from library.schemas.scan import SCAN_KIND

NONE = (0, 0)


def root_by_id(root_id: int) -> LibraryRoot:
    root = LibraryRoot.objects.filter(pk=root_id).first()
    if root is None:
        raise NotFound("There is no such folder of music.")
    return root


def root_details(roots: Iterable[LibraryRoot] | None = None) -> list[RootDetail]:
    """All of them, or those given, in the order of their names; as many queries for one as for a hundred."""
    shown = list(LibraryRoot.objects.order_by("name", "pk") if roots is None else roots)
    ids = [root.pk for root in shown]
    here, missing = Count("pk", filter=Q(available=True)), Count("pk", filter=Q(missing_since__isnull=False))
    counted = Track.objects.filter(root__in=ids).order_by().values("root").annotate(here=here, missing=missing)
    tracks = {row["root"]: (row["here"], row["missing"]) for row in counted}
    errors = ScanError.objects.filter(root__in=ids).order_by().values_list("root").annotate(Count("pk"))
    failed, scans = dict(errors), active_scans()
    return [
        RootDetail(
            id=root.pk,
            name=root.name,
            path=root.path,
            enabled=root.enabled,
            watched=root.watched,
            follow_symlinks=root.follow_symlinks,
            skip_nomedia=root.skip_nomedia,
            last_scan_at=root.last_scan_at,
            tracks=tracks.get(root.pk, NONE)[0],
            missing=tracks.get(root.pk, NONE)[1],
            errors=failed.get(root.pk, 0),
            scan=scans.get(root.pk),
            watch_problem=root.watch_problem if root.watched else "",
            problem=root_problem(root),
        )
        for root in shown
    ]


def root_detail(root: LibraryRoot) -> RootDetail:
    return root_details([root])[0]


def active_scans() -> dict[int, UUID]:
    """The scan of each root that waits or runs."""
    rows = jobs(state="active", kind=SCAN_KIND).values_list("subject", "pk")
    return {int(subject): pk for subject, pk in rows}


def scan_of(root: LibraryRoot) -> Job | None:
    return jobs(state="active", kind=SCAN_KIND).filter(subject=str(root.pk)).first()


def root_above(path: str) -> LibraryRoot | None:
    """The root that is this folder or holds it; both escaped."""
    for root in LibraryRoot.objects.all():
        if is_within(path, root.path):
            return root
    return None


def is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def root_problem(root: LibraryRoot) -> str:
    """Seen from the server, which is not always the machine that scans."""
    place = unescaped(root.path)
    try:
        with os.scandir(place) as entries:
            if next(entries, None) is None:
                return _("The folder is empty; is its disk mounted?")
    except FileNotFoundError:
        return _("The folder cannot be seen from the server; a worker may see it.")
    except NotADirectoryError:
        return _("This is a file, not a folder.")
    except PermissionError:
        return _("The account that runs SoniqueBay may not read the folder.")
    except OSError as error:
        return _("The folder cannot be read: %(reason)s.") % {"reason": error.strerror or type(error).__name__}
    return ""
