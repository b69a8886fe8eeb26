"""Which features there are, which of them are one fact, and between what they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Source = Literal["manual", "tags", "acoustid", "librosa", "imported"]
RANKS: tuple[Source, ...] = ("manual", "tags", "acoustid", "librosa", "imported")
"""who is believed first"""
MEASURED: tuple[Source, ...] = ("librosa", "acoustid")

KEY = ("key", "scale", "camelot_key")
"""one fact under three names"""
SCORES = (
    "danceability",
    "mood_happy",
    "mood_aggressive",
    "mood_party",
    "mood_relaxed",
    "instrumental",
    "acoustic",
    "tonal",
    "energy",
    "valence",
)
"""between 0 and 1"""
MOODS = ("happy", "aggressive", "party", "relaxed")
REPLAYGAIN = ("replaygain_track_gain", "replaygain_track_peak", "replaygain_album_gain", "replaygain_album_peak")
TEXTS = ("key", "scale", "camelot_key", "genre_main")


@dataclass(frozen=True)
class Span:
    """Both ends included."""

    least: float
    most: float


SPANS: dict[str, Span] = {
    "bpm": Span(1, 1_000),
    **dict.fromkeys(SCORES, Span(0, 1)),
    "loudness": Span(-200, 50),
    "loudness_range": Span(0, 200),
    "true_peak": Span(-300, 100),
    "sample_peak": Span(0, 100_000),
    "replaygain_track_gain": Span(-200, 200),
    "replaygain_track_peak": Span(0, 100_000),
    "replaygain_album_gain": Span(-200, 200),
    "replaygain_album_peak": Span(0, 100_000),
    "leading_silence_ms": Span(0, 2**31 - 1),
    "trailing_silence_ms": Span(0, 2**31 - 1),
    "tuning_cents": Span(-100, 100),
    "beat_offset_ms": Span(0, 2**31 - 1),
}
FIELDS: tuple[str, ...] = (*KEY, "genre_main", *SPANS)
WHOLE = frozenset({"leading_silence_ms", "trailing_silence_ms"})
"""counted, not measured"""


def unit_of(field: str) -> tuple[str, ...]:
    """The fields that change, lock and unlock together with this one; the first gives them their name."""
    return KEY if field in KEY else (field,)


def units(fields: Sequence[str] = FIELDS) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(unit_of(field) for field in fields))
