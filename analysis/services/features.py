"""Features written, changed and removed by hand or by other programs."""

from collections.abc import Mapping
from typing import Any, Literal

from django.db import transaction

from analysis.models import (
    AnalysisError,
    FeatureChange,
    TrackAudioFeatures,
    TrackDescriptors,
    TrackLoudness,
    TrackWaveform,
)
from analysis.schemas.features import FeaturesIn
from analysis.schemas.fields import units
from analysis.selectors.features import ANALYSIS, get_by_track_id
from analysis.services.claims import claim, settle
from analysis.services.correcting import correct_held, lock_feature, unlock_feature
from analysis.services.rows import held_rows, note_changes, write_rows
from analysis.services.values import checked
from core.cache import invalidate
from core.errors import Conflict, NotFound
from core.models import User
from library.models import Track

MANUAL = TrackAudioFeatures.Source.MANUAL
How = Literal["create", "create_or_update", "update"]
NO_VALUES = {"analysis_source", "confidence", "lock", "unlock"}


@transaction.atomic
def create(
    *,
    track_id: int,
    values: Mapping[str, Any],
    source: str = MANUAL,
    confidence: float | None = None,
    user: User | None = None,
) -> TrackAudioFeatures:
    """The first word about a track; 409 where there are features already."""
    refuse_unknown_track(track_id)
    if TrackAudioFeatures.objects.filter(track=track_id).exists():
        raise Conflict("This track has features already.", hint="Change them instead (PUT or PATCH).")
    return _say(track_id, values, source, confidence, user)


@transaction.atomic
def create_or_update(
    *,
    track_id: int,
    values: Mapping[str, Any],
    source: str = MANUAL,
    confidence: float | None = None,
    user: User | None = None,
) -> TrackAudioFeatures:
    """What is given is changed, whatever there was; what is left out stays."""
    refuse_unknown_track(track_id)
    return _say(track_id, values, source, confidence, user)


@transaction.atomic
def update(
    *,
    track_id: int,
    values: Mapping[str, Any],
    source: str = MANUAL,
    confidence: float | None = None,
    user: User | None = None,
) -> TrackAudioFeatures:
    """What is given is changed; 404 where there is nothing yet."""
    get_by_track_id(track_id)
    return _say(track_id, values, source, confidence, user)


@transaction.atomic
def write(*, track_id: int, data: FeaturesIn, how: How, user: User | None = None) -> TrackAudioFeatures:
    """What a request asks for: the values, then what is held fast, then what is let go."""
    given = data.model_dump(exclude_unset=True, exclude=NO_VALUES)
    ways = {"create": create, "create_or_update": create_or_update, "update": update}
    ways[how](track_id=track_id, values=given, source=data.analysis_source, confidence=data.confidence, user=user)
    for field in data.lock:
        lock_feature(track_id=track_id, field=field, user=user)
    for field in data.unlock:
        unlock_feature(track_id=track_id, field=field, user=user)
    return _again(track_id)


@transaction.atomic
def delete(*, track_id: int) -> None:
    """All that is known of how it sounds, a person's word included; its analysis may then begin anew."""
    get_by_track_id(track_id)
    for model in (
        TrackAudioFeatures,
        TrackWaveform,
        TrackDescriptors,
        TrackLoudness,
        AnalysisError,
        FeatureChange,
    ):
        model._default_manager.filter(track=track_id).delete()
    invalidate(ANALYSIS)


def _say(
    track_id: int, values: Mapping[str, Any], source: str, confidence: float | None, user: User | None
) -> TrackAudioFeatures:
    row = held_rows([track_id])[track_id]
    said = checked(values, row)
    if source == MANUAL:
        # Each fact for itself, so that each can be taken back.
        for unit in units(list(said)):
            correct_held(row, {field: said[field] for field in unit}, user=user)
    else:
        sure = {} if confidence is None else dict.fromkeys(said, confidence)
        claim(row, source, said, confidence=sure)
        note_changes({track_id: settle(row)})
    write_rows([row])
    return _again(track_id)


def _again(track_id: int) -> TrackAudioFeatures:
    """As it is in the database; a word that says nothing leaves no row."""
    return TrackAudioFeatures.objects.filter(track=track_id).first() or TrackAudioFeatures(track_id=track_id)


def refuse_unknown_track(track_id: int) -> None:
    if not Track.objects.filter(pk=track_id).exists():
        raise NotFound("There is no such track.")
