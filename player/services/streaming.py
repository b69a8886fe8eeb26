"""Finds what is to be played, and marks what turns out to be missing."""

from core.errors import NotFound
from library.selectors.files import is_root_there
from library.services.missing import note_missing
from player.selectors.streaming import Playable, playable, track_with_file


def find_playable(*, track_id: int) -> Playable:
    """The file of a track, or a word about why it cannot be played; lists show then that it is missing."""
    track = track_with_file(track_id)
    found = playable(track)
    if found is not None:
        return found
    if not is_root_there(track):
        raise NotFound("The file is not there just now.", hint="Is its disk mounted? The next scan will tell.")
    note_missing(track=track)
    raise NotFound("The file is missing.", hint="It is looked for again by the next scan.")
