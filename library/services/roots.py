"""Folders of music: made, renamed, moved, switched off, removed; what people made of their tracks is never deleted."""

import os
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce, Concat, Now, Substr
from django.utils.translation import gettext_noop as _

from core.cache import invalidate
from core.errors import Conflict, InvalidInput
from library.engine.paths import escaped, unescaped
from library.models import LibraryRoot, ScanError, Track
from library.selectors.roots import is_within, root_above, root_by_id, scan_of
from library.signals import tracks_changed

FLAGS = ("enabled", "watched", "follow_symlinks", "skip_nomedia")
ROW_CHUNK = 5_000
# The machine shows itself there, as files without end.
NO_MUSIC = (b"/proc", b"/sys", b"/dev")


def create_root(
    *, path: str | bytes, name: str | None = None, must_be_there: bool = False, **flags: bool
) -> LibraryRoot:
    """Makes a root of a folder; one that lies inside another, or around it, is refused.

    One that is not there may be a disk that comes back, unless somebody has just typed its name.
    """
    place = clean_path(path)
    _refuse_overlap(place, besides=None)
    if must_be_there and not os.path.isdir(unescaped(place)):
        raise InvalidInput(
            _("The server sees no folder there."),
            hint=_("Is it spelt as it is there, and its disk connected?"),
            field="path",
        )
    unknown = set(flags) - set(FLAGS)
    if unknown:
        raise InvalidInput(f"A folder of music has no {', '.join(sorted(unknown))}.")
    try:
        with transaction.atomic():
            return LibraryRoot.objects.create(path=place, name=name or _own_name(place), **flags)
    except IntegrityError:
        raise Conflict(f"{place} is a folder of music already.", field="path") from None


def ensure_root(*, path: str | bytes, name: str | None = None) -> tuple[LibraryRoot, bool]:
    """The root that is this folder or holds it, made if there is none; says whether it was made."""
    place = clean_path(path)
    found = root_above(place)
    return (found, False) if found else (create_root(path=place, name=name), True)


@transaction.atomic
def update_root(*, root_id: int, **changes: Any) -> LibraryRoot:
    """Changes what is given and not None; with a new path, the same files are expected there."""
    root = LibraryRoot.objects.select_for_update().get(pk=root_by_id(root_id).pk)
    path = changes.pop("path", None)
    for field in ("name", *FLAGS):
        value = changes.pop(field, None)
        if value is not None:
            setattr(root, field, value)
    if changes:
        raise InvalidInput(f"A folder of music has no {', '.join(sorted(changes))}.")
    if path is not None:
        _relocate(root, clean_path(path))
    root.save()
    invalidate("library")
    return root


@transaction.atomic
def remove_root(*, root_id: int) -> int:
    """Forgets the folder; its tracks stay, without a file, and are taken up again if it comes back. Says how many."""
    root = LibraryRoot.objects.select_for_update().get(pk=root_by_id(root_id).pk)
    if scan_of(root):
        raise Conflict(f"“{root.name}” is being scanned.", hint="Cancel the scan in Activity, then remove the folder.")
    tracks = Track.objects.filter(root=root)
    # A track that was noted by hand under a path of this folder is another row: it keeps its row, not the path.
    twin = tracks.filter(path=OuterRef("path"), cue_index=OuterRef("cue_index"))
    Track.objects.filter(Exists(twin), root=None).update(path=None)
    ids = list(tracks.filter(available=True).values_list("pk", flat=True))
    kept = tracks.update(root=None, available=False, missing_since=Coalesce(F("missing_since"), Now()))
    root.delete()
    for start in range(0, len(ids), ROW_CHUNK):
        tracks_changed.send(Track, track_ids=ids[start : start + ROW_CHUNK])
    invalidate("library")
    return kept


def clean_path(path: str | bytes) -> str:
    """An absolute folder, written in one way, escaped."""
    text = escaped(path) if isinstance(path, bytes) else path
    try:
        raw = unescaped(text)
    except (ValueError, UnicodeEncodeError):
        raise InvalidInput(_("This is no path that can be read."), field="path") from None
    if not raw.startswith(b"/"):
        raise InvalidInput(_("A folder of music is named by its whole path, from /."), field="path")
    if b"\x00" in raw or len(raw) > 4_000:
        raise InvalidInput(_("This is no path that can be read."), field="path")
    place = os.path.normpath(raw).replace(b"//", b"/")
    if place == b"/":
        raise InvalidInput(
            _("The whole machine is no folder of music."), hint=_("Name the folder below it."), field="path"
        )
    _refuse_own_data(place)
    _refuse_what_is_no_folder(place)
    return escaped(place)


def _refuse_own_data(place: bytes) -> None:
    """Covers, backups and databases are not music, and must not be offered as such."""
    home, demo = os.path.realpath(os.fsencode(settings.HOME)), os.path.realpath(os.fsencode(settings.DEMO_FOLDER))
    real = os.path.realpath(place)
    if (real == home or real.startswith(home + b"/")) and real != demo:
        raise InvalidInput(_("SoniqueBay keeps its own data there."), hint=_("Name a folder of music."), field="path")


def _refuse_what_is_no_folder(place: bytes) -> None:
    real = os.path.realpath(place)
    if any(real == top or real.startswith(top + b"/") for top in NO_MUSIC):
        raise InvalidInput(_("The machine shows itself there."), hint=_("Name a folder of music."), field="path")
    if os.path.exists(real) and not os.path.isdir(real):
        raise InvalidInput(
            _("This is a file, and no folder."), hint=_("Name the folder that it lies in."), field="path"
        )


def _refuse_overlap(place: str, *, besides: int | None) -> None:
    real = escaped(os.path.realpath(unescaped(place)))
    for root in LibraryRoot.objects.all():
        if root.pk == besides:
            continue
        there = {root.path, escaped(os.path.realpath(unescaped(root.path)))}
        if any(is_within(mine, theirs) for mine in (place, real) for theirs in there):
            raise Conflict(
                f"{place} is part of “{root.name}” ({root.path}) already.",
                hint="Its music is found by the scan of that folder.",
                field="path",
            )
        if any(is_within(theirs, mine) for mine in (place, real) for theirs in there):
            raise Conflict(
                f"{place} holds “{root.name}” ({root.path}), and each file belongs to one folder of music only.",
                hint="Give that one its new path instead, or remove it first: its tracks are kept, and found again.",
                field="path",
            )


def _relocate(root: LibraryRoot, place: str) -> None:
    """The folder lies elsewhere now: paths follow, folders within it and what is known of the files stay."""
    if place == root.path:
        return
    if scan_of(root):
        raise Conflict(f"“{root.name}” is being scanned.", hint="Cancel the scan in Activity, then give the new path.")
    _refuse_overlap(place, besides=root.pk)
    moved = Concat(Value(place), Substr("path", len(root.path) + 1))
    Track.objects.filter(root=root, path__startswith=root.path + "/").update(path=moved)
    ScanError.objects.filter(root=root, path__startswith=root.path + "/").update(path=moved)
    root.path = place


def _own_name(place: str) -> str:
    return place.rsplit("/", 1)[-1] or place
