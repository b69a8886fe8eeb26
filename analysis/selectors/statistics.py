"""How much of the library was analysed, and how its sound is spread."""

from typing import Any

from django.db.models import Avg, Count, F, IntegerField, Q
from django.db.models.functions import Cast, Floor

from analysis.models import AnalysisError, TrackAudioFeatures
from analysis.schemas.features import AnalysisStatistics
from analysis.schemas.fields import SCORES, SPANS
from analysis.schemas.work import AnalyzeParams
from analysis.selectors.features import ANALYSIS
from analysis.selectors.harmony import CAMELOT
from analysis.selectors.work import to_do, with_files
from core.cache import cached
from core.errors import InvalidInput

AVERAGED = ("bpm", "loudness", *SCORES)


def get_analysis_statistics() -> AnalysisStatistics:
    """Kept until something is analysed, corrected or scanned."""
    return AnalysisStatistics.model_validate(cached(ANALYSIS, "statistics", _statistics))


def _statistics() -> dict[str, Any]:
    rows = TrackAudioFeatures.objects.order_by()
    counts = rows.aggregate(
        analysed=Count("pk", filter=Q(analyzer_version__isnull=False)),
        partial=Count("pk", filter=~Q(partial="")),
        locked=Count("pk", filter=~Q(locked_fields=[])),
        **{f"average_{name}": Avg(name) for name in AVERAGED},
    )
    by_key = dict(rows.exclude(camelot_key=None).values_list("camelot_key").annotate(Count("pk")))
    return {
        **{name: counts[name] for name in ("analysed", "partial", "locked")},
        "tracks": with_files().count(),
        "missing": to_do(AnalyzeParams(what="missing")).count(),
        "stale": to_do(AnalyzeParams(what="stale")).count(),
        "failed": AnalysisError.objects.count(),
        "sources": dict(rows.values_list("analysis_source").annotate(Count("pk"))),
        "versions": {
            str(version): count
            for version, count in rows.exclude(analyzer_version=None)
            .values_list("analyzer_version")
            .annotate(Count("pk"))
        },
        "keys": {key: by_key[key] for key in CAMELOT if key in by_key},
        "bpm": {str(begin): count for begin, count in _counted("bpm", 10)},
        "averages": {name: _rounded(counts[f"average_{name}"]) for name in AVERAGED},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _counted(field: str, width: float) -> list[tuple[int, int]]:
    rows = TrackAudioFeatures.objects.order_by().exclude(**{field: None})
    begin = Cast(Floor(F(field) / width) * width, IntegerField())
    return sorted(rows.annotate(begin=begin).values_list("begin").annotate(Count("pk")))


def feature_distribution(field: str, *, bins: int = 20) -> list[tuple[float, float, int]]:
    """For a plot: from, to, how many tracks; of scores over 0 to 1, of others over what there is."""
    if field not in SPANS or not 1 <= bins <= 200:
        raise InvalidInput(f"There is no distribution of {field[:40]!r} in {bins} parts.", field="field")
    return cached(ANALYSIS, f"spread:{field}:{bins}", lambda: _spread(field, bins))


def _spread(field: str, bins: int) -> list[tuple[float, float, int]]:
    values = list(TrackAudioFeatures.objects.order_by().exclude(**{field: None}).values_list(field, flat=True))
    if not values:
        return []
    least, most = (0.0, 1.0) if field in SCORES else (min(values), max(values))
    width = (most - least) / bins or 1.0
    counts = [0] * bins
    for value in values:
        counts[min(bins - 1, max(0, int((value - least) / width)))] += 1
    return [(least + place * width, least + (place + 1) * width, count) for place, count in enumerate(counts)]
