"""The file of a track, for a worker that does not see it."""

from pathlib import Path

from core.errors import NotFound
from library.models import Track
from library.selectors.files import place_of


def audio_of(track_id: int) -> Path:
    """Where it lies, if it is there as the library knows it, inside its folder of music."""
    track = Track.objects.select_related("root").filter(pk=track_id, available=True).first()
    if track is None:
        raise NotFound("There is no such file.")
    path = place_of(track)
    try:
        stat = path.stat()
    except (OSError, ValueError):
        raise NotFound(
            "The file is not there just now.", hint="Is its disk mounted? The next scan will tell."
        ) from None
    if (stat.st_size, stat.st_mtime_ns) != (track.file_size, track.file_mtime_ns):
        raise NotFound("The file has changed since the last scan.", hint="Scan its folder; it is analysed then.")
    return path
