"""Where the files of tracks lie: inside the folders of music, wherever links lead, and nowhere else."""

import os
from pathlib import Path

from core.errors import NotFound
from library.engine.paths import contains, unescaped
from library.models import LibraryRoot, Track


def place_of(track: Track) -> Path:
    """The file itself, with every link followed; it need not be there."""
    if not track.path:
        raise NotFound("This track has no file.")
    raw = os.path.realpath(unescaped(track.path))
    if not any(contains(unescaped(root), raw) for root in _roots(track)):
        raise NotFound("There is no such file.", hint="It does not lie inside a folder of music.")
    return Path(os.fsdecode(raw))


def _roots(track: Track) -> list[str]:
    """A track that no scan has found is in whichever folder of music holds it."""
    if track.root is not None:
        return [track.root.path]
    return list(LibraryRoot.objects.values_list("path", flat=True))


def is_root_there(track: Track) -> bool:
    """Whether its folder of music is: a disk that is not mounted looks like an empty folder, or like none."""
    if track.root is None:
        return True
    try:
        with os.scandir(unescaped(track.root.path)) as entries:
            return next(entries, None) is not None
    except OSError:
        return False
