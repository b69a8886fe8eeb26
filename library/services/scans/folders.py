"""The walk's questions: which folders are not as they were, what is known in them, and which are gone."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from django.db import transaction

from core.models import Job
from library.models import LibraryRoot
from library.schemas.scan import FolderAnswer, FolderCheck, FolderKnown, KnownFile
from library.selectors.covers import lost_images
from library.selectors.scans import params_of, running_scan
from library.services.statements import execute

# A folder that a worker has named but not yet delivered, or that is gone, has no digest: nothing equals it.
NO_DIGEST = ""

CHANGED = """
    SELECT named.path FROM unnest(%(paths)s::text[], %(digests)s::text[]) AS named (path, digest)
    LEFT JOIN scan_folders kept ON kept.root_id = %(root)s AND kept.path = named.path COLLATE "C"
    WHERE kept.digest IS DISTINCT FROM named.digest OR kept.digest = '' OR %(force)s
"""
GONE = """
    SELECT kept.path FROM scan_folders kept
    LEFT JOIN unnest(%(paths)s::text[]) AS named (path) ON named.path COLLATE "C" = kept.path
    WHERE kept.root_id = %(root)s AND named.path IS NULL
      AND (%(after)s::text IS NULL OR kept.path > %(after)s::text COLLATE "C")
      AND (%(upto)s::text IS NULL OR kept.path <= %(upto)s::text COLLATE "C")
      AND NOT EXISTS (
        SELECT 1 FROM unnest(%(unreadable)s::text[]) AS blind (path) WHERE starts_with(kept.path, blind.path)
      )
"""
FORGET_DIGESTS = (
    "UPDATE scan_folders SET digest = '' WHERE root_id = %(root)s AND path = ANY(%(gone)s) AND digest <> ''"
)
FORGET_ERRORS = """
    DELETE FROM scan_errors WHERE root_id = %(root)s
      AND regexp_replace(substr(path, %(cut)s), '[^/]*$', '') = ANY(%(gone)s)
"""
ABSENT = """
    INSERT INTO scan_absences (job_id, track_id)
    SELECT %(job)s, id FROM tracks WHERE root_id = %(root)s AND folder = ANY(%(gone)s) AND available
    ON CONFLICT DO NOTHING
"""
# Read again with their folder: words and tracks that come from a file beside it, pictures that never arrived.
KNOWN = """
    SELECT t.folder, t.path, min(t.file_size), min(t.file_mtime_ns), bool_or(
        t.cue_index > 0
        OR EXISTS (SELECT 1 FROM lyrics l WHERE l.track_id = t.id AND l.source = 'sidecar')
        OR EXISTS (SELECT 1 FROM covers c WHERE c.image_id = ANY(%(lost)s)
            AND c.entity_type = 'track' AND c.entity_id = t.id)
    ) FROM tracks t
    WHERE t.root_id = %(root)s AND t.folder = ANY(%(changed)s) AND t.available AND t.path IS NOT NULL
    GROUP BY t.folder, t.path
"""
FAILED = """
    SELECT path, size, mtime_ns FROM scan_errors
    WHERE root_id = %(root)s AND regexp_replace(substr(path, %(cut)s), '[^/]*$', '') = ANY(%(changed)s)
"""


@transaction.atomic
def check_folders(*, job_id: UUID, check: FolderCheck) -> FolderAnswer:
    """Which of these folders must be looked into; nothing is written while nothing is gone."""
    job, root = running_scan(job_id, check.attempt)
    named = {folder.path: folder.digest for folder in check.folders}
    changed = _changed(root, named, force=params_of(job).force)
    gone = _gone(root, check, named)
    if gone:
        _note_absent(job, root, gone)
    return FolderAnswer(changed=_known(root, changed), cancel=job.cancel_requested)


def _changed(root: LibraryRoot, named: dict[str, str], *, force: bool) -> list[str]:
    given = {"paths": list(named), "digests": list(named.values()), "root": root.pk, "force": force}
    return [path for (path,) in execute(CHANGED, given)]


def _gone(root: LibraryRoot, check: FolderCheck, named: dict[str, str]) -> list[str]:
    given: dict[str, Any] = {"paths": list(named), "root": root.pk, "after": check.after, "upto": check.upto}
    given["unreadable"] = check.unreadable
    return [path for (path,) in execute(GONE, given)]


def _note_absent(job: Job, root: LibraryRoot, gone: list[str]) -> None:
    given = {"job": job.pk, "root": root.pk, "gone": gone, "cut": _cut(root)}
    for statement in (ABSENT, FORGET_DIGESTS, FORGET_ERRORS):
        execute(statement, given)


def _known(root: LibraryRoot, changed: list[str]) -> list[FolderKnown]:
    """In the order of the walk."""
    if not changed:
        return []
    given = {"root": root.pk, "changed": changed, "cut": _cut(root), "lost": lost_images()}
    files: dict[str, list[KnownFile]] = defaultdict(list)
    failed: dict[str, list[KnownFile]] = defaultdict(list)
    for folder, path, size, mtime_ns, again in execute(KNOWN, given):
        files[folder].append(KnownFile(name=_name(path), size=size or 0, mtime_ns=mtime_ns or 0, again=again))
    for path, size, mtime_ns in execute(FAILED, given):
        folder, _, name = path[_cut(root) - 1 :].rpartition("/")
        failed[f"{folder}/" if folder else ""].append(KnownFile(name=name, size=size, mtime_ns=mtime_ns))
    return [
        FolderKnown(path=path, files=files[path], failed=failed[path])
        for path in sorted(changed, key=lambda path: path.encode())
    ]


def _cut(root: LibraryRoot) -> int:
    """Where a path within the root begins, counted from one as SQL does."""
    return len(root.path.rstrip("/")) + 2


def _name(path: str) -> str:
    return path.rsplit("/", 1)[-1]
