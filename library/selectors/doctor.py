"""What the doctor says of the folders of music."""

from collections.abc import Iterator

from django.db import InterfaceError, OperationalError, ProgrammingError

from core.doctor.findings import Finding, ok, problem, warning
from library.models import LibraryRoot
from library.selectors.roots import root_problem


def folders_of_music() -> Iterator[Finding]:
    """Whether each can be read, and whether its changes are noticed; PostgreSQL's absence has a line of its own."""
    try:
        roots = list(LibraryRoot.objects.filter(enabled=True).order_by("name", "pk"))
    except (OperationalError, InterfaceError, ProgrammingError):
        return
    if not roots:
        yield ok("folders of music", "none yet")
    for root in roots:
        said = root_problem(root)
        if said:
            hint = "Mount it, or give its new path under Settings; what is known of its music is kept meanwhile."
            yield problem("folders of music", f"{root.path}: {said}", hint)
        elif root.watched and root.watch_problem:
            hint = "Until then the nightly scan finds what has changed, or Scan now."
            yield warning("folders of music", f"{root.path}: {root.watch_problem}", hint)
        else:
            yield ok("folders of music", root.path)
