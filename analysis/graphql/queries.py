"""GraphQL's questions to the analysis: how a track sounds, which sound so, how much was analysed."""

from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from analysis.graphql.types import AudioFeatures
from analysis.selectors.features import get_by_track_id
from analysis.selectors.searching import (
    ORDERS,
    TOLERANCE_PERCENT,
    Sought,
    get_similar_by_bpm_and_key,
    search_by_sound,
)
from analysis.selectors.statistics import get_analysis_statistics
from core.errors import InvalidInput
from core.graphql import identity_in
from core.pagination import MOST, keyset_page
from library.graphql import Track, together


@strawberry.input
class SoundInput:
    """All that is given must hold; moods and scores are asked for by the least that there must be of them."""

    bpm_min: float | None = None
    bpm_max: float | None = None
    key: str | None = None
    scale: str | None = None
    camelot_key: str | None = None
    compatible: bool = False
    happy: float | None = None
    aggressive: float | None = None
    party: float | None = None
    relaxed: float | None = None
    energy: float | None = None
    valence: float | None = None
    danceability: float | None = None
    acoustic: float | None = None


@strawberry.type
class SoundConnection:
    items: list[Track]
    next_cursor: str | None


@strawberry.type
class Alike:
    """A track that goes with another, how well (0 to 1), and why."""

    track: Track
    score: float
    reasons: list[str]


@strawberry.type
class AnalysisStatistics:
    tracks: int
    analysed: int
    missing: int
    stale: int
    failed: int
    partial: int
    locked: int
    sources: JSON
    versions: JSON
    keys: JSON
    bpm: JSON
    averages: JSON


@strawberry.type
class AnalysisQuery:
    @strawberry.field
    def track_audio_features(self, info: Info, track_id: int) -> AudioFeatures:
        identity_in(info).require("read")
        return get_by_track_id(track_id)  # type: ignore[return-value]

    @strawberry.field
    def search_audio_features(
        self, info: Info, where: SoundInput, sort: str = "bpm", cursor: str | None = None, size: int = 50
    ) -> SoundConnection:
        """Tracks that sound so, ordered by bpm, camelot, energy or loudness."""
        identity_in(info).require("read")
        if sort not in ORDERS:
            raise InvalidInput(f"There is no order called {sort[:40]!r}.", hint=f"Known: {', '.join(ORDERS)}.")
        rows = search_by_sound(Sought(**vars(where)))
        page = keyset_page(rows, order=ORDERS[sort], cursor=cursor, size=size)
        tracks: Any = together([row.track for row in page.items])
        return SoundConnection(items=tracks, next_cursor=page.next_cursor)

    @strawberry.field
    def similar_by_features(
        self, info: Info, track_id: int, bpm_tolerance: float = TOLERANCE_PERCENT, limit: int = 20
    ) -> list[Alike]:
        """Tracks that can follow this one: of its tempo, in a key that goes with it."""
        identity_in(info).require("read")
        if not 1 <= limit <= MOST or not 0 <= bpm_tolerance <= 50:
            raise InvalidInput(f"limit is 1 to {MOST}, bpm_tolerance 0 to 50 percent.", field="limit")
        found = get_similar_by_bpm_and_key(track_id, bpm_tolerance=bpm_tolerance, limit=limit)
        together([one.row.track for one in found])
        return [Alike(track=one.row.track, score=one.score, reasons=one.reasons) for one in found]  # type: ignore[arg-type]

    @strawberry.field
    def analysis_statistics(self, info: Info) -> AnalysisStatistics:
        identity_in(info).require("read")
        return AnalysisStatistics(**get_analysis_statistics().model_dump())
