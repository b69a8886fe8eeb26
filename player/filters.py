"""What lists of tracks can be narrowed and ordered by for the person who asks: love, rating, plays.

A range is written as that of a tempo is (analysis/filters.py): 3-10, 5-, -2; a rating alone is the least.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from analysis.filters import Reach, reach
from core.auth import who_asks
from core.errors import InvalidInput
from library.filters import Filter, Sort
from library.filters.values import moment, yes_or_no
from library.models import Track, TrackUse

Tracks = QuerySet[Track]


def _person() -> int:
    found = who_asks()
    if found is None:
        raise InvalidInput("This is asked of a person, and this token belongs to nobody.")
    return found


def _used(**lookups: Any) -> "QuerySet[TrackUse, Any]":
    return TrackUse.objects.filter(user=_person(), **lookups).order_by().values("track")


def _among(rows: Tracks, wanted: bool, **lookups: Any) -> Tracks:
    found = Q(pk__in=_used(**lookups))
    return rows.filter(found if wanted else ~found)


def _rating(text: str) -> Reach:
    found = reach(text)
    return Reach(found.least, None) if found.least == found.most else found


def _rated(rows: Tracks, span: Reach) -> Tracks:
    return _among(rows, True, **_ends("rating", span))


def _played(rows: Tracks, span: Reach) -> Tracks:
    """What nobody noted anything of was played no time at all."""
    if not span.least:
        return _among(rows, False, plays__gt=span.most) if span.most is not None else rows
    return _among(rows, True, **_ends("plays", span))


def _ends(column: str, span: Reach) -> dict[str, float]:
    ends = {f"{column}__gte": span.least, f"{column}__lte": span.most}
    return {name: value for name, value in ends.items() if value is not None}


def _since(rows: Tracks, day: datetime) -> Tracks:
    return _among(rows, True, last_played__gte=day)


FILTERS = [
    Filter("loved", _("Loved"), yes_or_no, lambda rows, wanted: _among(rows, wanted, loved=True)),
    Filter("rating", _("Rating"), _rating, _rated),
    Filter("plays", _("Plays"), reach, _played),
    Filter("last_played", _("Played since"), moment, _since),
    Filter("never_played", _("Never played"), yes_or_no, lambda rows, wanted: _among(rows, not wanted, plays__gt=0)),
]


def _mine(column: str) -> Callable[[Tracks], Tracks]:
    """Joined once, so that those without a value need not be looked at one by one."""

    def joined(rows: Tracks) -> Tracks:
        of_mine = FilteredRelation("uses", condition=Q(uses__user=_person()))
        return rows.annotate(my_use=of_mine, **{f"my_{column}": F(f"my_use__{column}")})

    return joined


SORTS = [
    Sort("plays", _("Most played first"), ("-my_plays", "-id"), _mine("plays")),
    Sort("last_played", _("Last played first"), ("-my_last_played", "-id"), _mine("last_played")),
    Sort("rating", _("Best rated first"), ("-my_rating", "-id"), _mine("rating")),
]
