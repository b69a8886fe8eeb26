"""REST of searches by sound: by tempo, key and mood, statistics, and what goes with a track."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, FiniteFloat

from analysis.schemas.features import AnalysisStatistics, FoundPage, FoundTrack
from analysis.selectors.searching import (
    ORDERS,
    TOLERANCE_PERCENT,
    Sought,
    found_track,
    get_similar_by_bpm_and_key,
    search_by_sound,
)
from analysis.selectors.statistics import get_analysis_statistics
from core.api import FAULTS, PageSize
from core.doors import Needs
from core.pagination import keyset_page
from library.api.asking import Number
from library.schemas.texts import Line

search = Router(tags=["analysis"])
similar = Router(tags=["analysis"])
Tempo = Annotated[FiniteFloat, Field(ge=0, le=1_000)] | None
Least = Annotated[FiniteFloat, Field(ge=0, le=1)] | None


class Asked(BaseModel):
    """All that is given must hold."""

    bpm_min: Tempo = None
    bpm_max: Tempo = None
    key: Line | None = None
    scale: Annotated[str, Field(max_length=5)] | None = None
    camelot_key: Annotated[str, Field(max_length=3)] | None = None
    compatible: bool = False
    """keys that go with it too"""
    happy: Least = None
    aggressive: Least = None
    party: Least = None
    relaxed: Least = None
    energy: Least = None
    valence: Least = None
    danceability: Least = None
    acoustic: Least = None
    sort: Annotated[str, Field(max_length=20)] = "bpm"
    cursor: str | None = None
    size: PageSize = 50
    count: bool = False


class AskedAlike(BaseModel):
    bpm_tolerance: Annotated[FiniteFloat, Field(ge=0, le=50)] = TOLERANCE_PERCENT
    """percent; half and double the tempo count too"""
    limit: Annotated[int, Field(ge=1, le=100)] = 20


@search.get("/search", response={200: FoundPage, **FAULTS}, auth=Needs("read"))
def search_features(request: HttpRequest, asked: Annotated[Asked, Query()]) -> FoundPage:
    """Tracks that sound so; moods and scores are asked for by the least that there must be of them."""
    sought = Sought(**asked.model_dump(exclude={"sort", "cursor", "size", "count"}))
    rows = search_by_sound(sought)
    page = keyset_page(rows, order=ORDERS.get(asked.sort, ORDERS["bpm"]), cursor=asked.cursor, size=asked.size)
    items = [found_track(row) for row in page.items]
    return FoundPage(items=items, next_cursor=page.next_cursor, total=rows.count() if asked.count else None)


@search.get("/statistics", response={200: AnalysisStatistics, **FAULTS}, auth=Needs("read"))
def get_statistics(request: HttpRequest) -> AnalysisStatistics:
    """How much was analysed, by whom, and how tempi and keys are spread."""
    return get_analysis_statistics()


@similar.get("/{int:track_id}/similar-by-features", response={200: list[FoundTrack], **FAULTS}, auth=Needs("read"))
def get_similar(request: HttpRequest, track_id: Number, asked: Annotated[AskedAlike, Query()]) -> list[FoundTrack]:
    """Tracks that can follow this one: of its tempo, in a key that goes with it; the best first, with the reasons."""
    found = get_similar_by_bpm_and_key(track_id, bpm_tolerance=asked.bpm_tolerance, limit=asked.limit)
    return [found_track(one.row, score=one.score, reasons=one.reasons) for one in found]
