"""What the library tells the apps above it, inside the transaction of what happened, so that both stand or fall.

Each is sent with keyword arguments, once for many rows: a receiver answers with statements about all of them.

tracks_imported   tracks: list[ImportedTrack]
    A batch of a scan has been written.
tracks_changed    track_ids: list[int]
    What people search and read has changed: titles, artists, albums, genres, lyrics, availability.
tracks_merged     merges: list[Merged]
    Before rows go: whoever keeps rows of `gone_id` gives them to `kept_id`, or lets them go with it.
artists_merged    merges: list[Merged]
albums_merged     merges: list[Merged]
tracks_removed    track_ids: list[int]
    Before rows go for good.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.dispatch import Signal


@dataclass(frozen=True, slots=True)
class ImportedTrack:
    """What a file says that belongs to other apps."""

    track_id: int
    bpm: float | None = None
    key: str | None = None
    """as in the tag: Am, F#m, 8A, 1m"""
    rating: int | None = None
    """1 to 10"""
    replaygain: Sequence[float | None] | None = None
    """gain and peak of the track, then of the album; None: as the track's columns say"""
    created: bool = False
    audio_changed: bool = False
    """another recording lies under this name now: what was computed from the old one holds no more"""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two rows that are one thing."""

    kept_id: int
    gone_id: int


tracks_imported = Signal()
tracks_changed = Signal()
tracks_merged = Signal()
artists_merged = Signal()
albums_merged = Signal()
tracks_removed = Signal()
