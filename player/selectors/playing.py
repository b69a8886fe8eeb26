"""What plays, for pages: the track with its cover and words, where it stands in the queue, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.models import TrackAudioFeatures
from analysis.selectors.features import features_of
from core.models import User
from library.engine.lrc import timed_lines
from library.models import CoverImage, Lyrics, Track
from library.selectors.covers import covers_of
from library.selectors.tracks import track_rows
from player.models import PlayQueue, QueueEntry
from player.selectors.queue import queue_of

NEXT_SHOWN = 3


@dataclass(frozen=True)
class Line:
    """Of lyrics; without a time where nobody has said when it is sung."""

    text: str
    at_ms: int | None = None


@dataclass(frozen=True)
class Words:
    synced: bool
    lines: list[Line]


@dataclass(frozen=True)
class Playing:
    """Everything that is shown of what plays."""

    queue: PlayQueue
    entries: list[int]
    """the current one, and those that follow"""
    track: Track
    place: int
    count: int
    cover: CoverImage | None
    features: TrackAudioFeatures | None
    origin: dict[str, Any] | None
    next: list[tuple[Track, CoverImage | None]] = field(default_factory=list)


def what_plays(user: User) -> Playing | None:
    """Some ten queries, however long the queue; None where it is empty."""
    queue = queue_of(user)
    entries = QueueEntry.objects.filter(queue=user.pk)
    current = entries.filter(pk=queue.current_id).first() if queue.current_id else None
    if current is None:
        return None
    shown = [current, *entries.filter(place__gt=current.place).order_by("place")[:NEXT_SHOWN]]
    ids = [entry.track_id for entry in shown]
    tracks = {track.pk: track for track in track_rows().filter(pk__in=ids)}
    covers = covers_of("track", ids)
    return Playing(
        queue=queue,
        entries=[entry.pk for entry in shown],
        track=tracks[current.track_id],
        place=entries.filter(place__lt=current.place).count() + 1,
        count=entries.count(),
        cover=covers.get(current.track_id),
        features=features_of([current.track_id]).get(current.track_id),
        origin=current.origin or queue.origin,
        next=[(tracks[pk], covers.get(pk)) for pk in ids[1:]],
    )


def words_of(track_id: int) -> Words | None:
    found = Lyrics.objects.filter(track=track_id).first()
    if found is None or not found.text.strip():
        return None
    lines: Sequence[Line] = [Line(text, at_ms) for at_ms, text in timed_lines(found.text)] if found.synced else ()
    return Words(True, list(lines)) if lines else Words(False, [Line(line) for line in found.text.splitlines()])
