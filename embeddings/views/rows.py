"""Recommended tracks as pages list them: with cover, tempo, key, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.selectors.sound import sounds_of_list
from embeddings.selectors.outs import tracks_of
from embeddings.selectors.recommending import Recommended
from embeddings.selectors.words import sentence
from library.models import Track
from library.selectors.pictures import give_covers


@dataclass(frozen=True)
class Row:
    """One of a list."""

    track: Track
    because: str
    bpm: float | None
    camelot: str | None


def rows_of(found: Sequence[Recommended]) -> list[Row]:
    """In their order; four queries whatever their number."""
    tracks = tracks_of(found)
    give_covers("tracks", list(tracks.values()))
    sounds = sounds_of_list(list(tracks))
    return [
        Row(
            track=track,
            because=sentence(one.reasons),
            bpm=sounds[track.pk].bpm if track.pk in sounds else None,
            camelot=sounds[track.pk].camelot if track.pk in sounds else None,
        )
        for one in found
        if (track := tracks.get(one.track_id))
    ]


def thing_of(rows: Sequence[Row]) -> str:
    """As the player's buttons name several tracks; empty where there is nothing to play."""
    ids = [str(row.track.pk) for row in rows if row.track.available]
    return f"tracks:{','.join(ids)}" if ids else ""


def length_of(rows: Sequence[Row]) -> int:
    return sum(row.track.duration_ms or 0 for row in rows)
