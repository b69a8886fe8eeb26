"""Tracks whose key and tempo go with a track's: candidates where no vectors lead on."""

from collections.abc import Collection

from django.db.models import F, Q
from django.db.models.functions import Abs

from analysis.models import TrackAudioFeatures
from analysis.selectors.harmony import compatible_keys
from embeddings.engine.recommending.facts import Facts
from embeddings.engine.recommending.harmony import REACH_PERCENT


def sounding_like(track: Facts, *, limit: int, but: Collection[int] = ()) -> list[int]:
    """Of an energy like its own first; none where neither its key nor its tempo is known."""
    wanted = Q()
    if track.camelot:
        wanted &= Q(camelot_key__in=compatible_keys(track.camelot))
    if track.bpm:
        wanted &= _of_tempo(track.bpm)
    if not wanted:
        return []
    rows = TrackAudioFeatures.objects.filter(wanted, track__available=True).exclude(track__in=list(but))
    nearest = [] if track.energy is None else [Abs(F("energy") - track.energy)]
    return list(rows.order_by(*nearest, "track").values_list("track", flat=True)[:limit])


def _of_tempo(bpm: float) -> Q:
    reach = 2 * REACH_PERCENT / 100
    found = Q()
    for factor in (0.5, 1.0, 2.0):
        found |= Q(bpm__range=(bpm * factor * (1 - reach), bpm * factor * (1 + reach)))
    return found
