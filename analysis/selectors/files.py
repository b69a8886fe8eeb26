"""The file of a track, for a worker that does not see it."""

import os
from pathlib import Path

from core.errors import NotFound
from library.engine.paths import contains, unescaped
from library.models import Track


def audio_of(track_id: int) -> Path:
    """Where it lies, if it is there as the library knows it, inside its folder of music."""
    track = Track.objects.select_related("root").filter(pk=track_id, available=True).first()
    if track is None or not track.path:
        raise NotFound("There is no such file.")
    raw = unescaped(track.path)
    if track.root is not None and not track.root.follow_symlinks and not contains(unescaped(track.root.path), raw):
        raise NotFound("There is no such file.")
    path = Path(os.fsdecode(raw))
    try:
        stat = path.stat()
    except (OSError, ValueError):
        raise NotFound(
            "The file is not there just now.", hint="Is its disk mounted? The next scan will tell."
        ) from None
    if (stat.st_size, stat.st_mtime_ns) != (track.file_size, track.file_mtime_ns):
        raise NotFound("The file has changed since the last scan.", hint="Scan its folder; it is analysed then.")
    return path
