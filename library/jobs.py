"""What the library asks of workers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from core.errors import InvalidInput
from core.jobs import JobKind, Queue, no_params
from library.models import LibraryRoot
from library.schemas.scan import SCAN_KIND, ScanParams

DEMO_LIBRARY = JobKind(
    name="library.demo_library",
    queue=Queue.COMPUTE,
    title=_("Making the demo library"),
    icon="wave",
    unit=_("pieces"),
    steps={"Composing": _("Composing")},
    figures={"music_s": _("Music")},
    check_params=no_params,
)


def check_scan(params: dict[str, Any]) -> dict[str, Any]:
    """A scan is of one root, which is there and switched on."""
    try:
        checked = ScanParams.model_validate(params)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"A scan's {place or 'parameters'}: {first['msg']}.", field=f"params.{place}") from None
    root = LibraryRoot.objects.filter(pk=checked.root_id).first()
    if root is None:
        raise InvalidInput("There is no such folder of music.", field="params.root_id")
    if not root.enabled:
        raise InvalidInput(f"“{root.name}” is switched off.", hint="Switch it on first.", field="params.root_id")
    return checked.model_dump()


SCAN = JobKind(
    name=SCAN_KIND,
    queue=Queue.FILES,
    title=_("Scanning a folder of music"),
    icon="search",
    unit=_("files"),
    steps={
        "Waiting": _("Waiting for a worker that sees the folder"),
        "Looking": _("Looking"),
        "Reading": _("Reading"),
        "Settling": _("Settling what moved and what is missing"),
    },
    figures={
        "found": _("Found"),
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
        "moved": _("Moved"),
        "missing": _("Missing"),
        "errors": _("Unreadable"),
        "left": _("Left"),
    },
    duration="scan_duration_seconds",
    counters={"found": "scan_files_processed_total"},
    check_params=check_scan,
    subject=lambda params: str(params["root_id"]),
)

MAKE_THUMBNAILS = JobKind(
    name="library.make_thumbnails",
    queue=Queue.CONTROL,
    title=_("Making thumbnails of covers"),
    icon="grid",
    unit=_("covers"),
    steps={"Making thumbnails": _("Making thumbnails")},
    figures={"failed": _("Unreadable")},
    check_params=no_params,
)
SCAN_ALL = JobKind(
    name="library.scan_all",
    queue=Queue.CONTROL,
    title=_("Starting the scans of all folders of music"),
    icon="search",
    unit=_("folders"),
    steps={"Starting scans": _("Starting scans")},
    check_params=no_params,
)
TIDY_COVERS = JobKind(
    name="library.tidy_covers",
    queue=Queue.CONTROL,
    title=_("Tidying up covers"),
    icon="check",
    unit=_("covers"),
    steps={"Tidying covers": _("Tidying up")},
    figures={"removed": _("Removed"), "lost": _("Asked for again")},
    scope="admin",
    check_params=no_params,
)

KINDS = [DEMO_LIBRARY, SCAN]
