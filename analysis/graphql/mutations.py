"""GraphQL's writes of the analysis: asking for it, correcting it, holding values fast, taking changes back."""

from typing import Any

import strawberry
from strawberry.types import Info

from analysis.graphql.types import AudioFeatures
from analysis.schemas.features import AnalyzeIn, FeaturesIn, PickIn, ScaleIn
from analysis.selectors.features import get_by_track_id
from analysis.services import correcting, features
from analysis.services.starting import start_asked
from core.graphql import JobType, identity_in
from core.models import User
from core.selectors import job_out
from library.graphql.inputs import UNSET, change, understood


@strawberry.input
class AudioFeaturesInput:
    """What is left out stays; a person's word is locked at once."""

    bpm: float | None = UNSET
    key: str | None = UNSET
    scale: str | None = UNSET
    camelot_key: str | None = UNSET
    danceability: float | None = UNSET
    mood_happy: float | None = UNSET
    mood_aggressive: float | None = UNSET
    mood_party: float | None = UNSET
    mood_relaxed: float | None = UNSET
    instrumental: float | None = UNSET
    acoustic: float | None = UNSET
    tonal: float | None = UNSET
    energy: float | None = UNSET
    valence: float | None = UNSET
    genre_main: str | None = UNSET
    loudness: float | None = UNSET
    replaygain_track_gain: float | None = UNSET
    replaygain_track_peak: float | None = UNSET
    replaygain_album_gain: float | None = UNSET
    replaygain_album_peak: float | None = UNSET
    beat_offset_ms: float | None = UNSET
    lock: list[str] | None = UNSET
    unlock: list[str] | None = UNSET


@strawberry.type
class AnalysisMutation:
    @strawberry.mutation
    def analyze_audio(self, info: Info, track_ids: list[int] | None = None, what: str = "missing") -> list[JobType]:
        """Queues the analysis of these tracks, or of what is missing, stale, or all."""
        user = _writer(info)
        asked = understood(AnalyzeIn, {"track_ids": track_ids, "what": what})
        jobs, _count = start_asked(asked=asked, requested_by=user)
        return [JobType.of(job_out(job)) for job in jobs]

    @strawberry.mutation
    def update_audio_features(self, info: Info, track_id: int, data: AudioFeaturesInput) -> AudioFeatures:
        """Creates or updates."""
        user = _writer(info)
        return _row(features.write(track_id=track_id, data=change(FeaturesIn, data), how="create_or_update", user=user))

    @strawberry.mutation
    def delete_audio_features(self, info: Info, track_id: int) -> bool:
        """Forgets all of it, locks included."""
        _writer(info)
        features.delete(track_id=track_id)
        return True

    @strawberry.mutation
    def lock_feature(self, info: Info, track_id: int, field: str) -> AudioFeatures:
        correcting.lock_feature(track_id=track_id, field=field, user=_writer(info))
        return _row(get_by_track_id(track_id))

    @strawberry.mutation
    def unlock_feature(self, info: Info, track_id: int, field: str) -> bool:
        """Its best other source is shown again, if there is one."""
        correcting.unlock_feature(track_id=track_id, field=field, user=_writer(info))
        return True

    @strawberry.mutation
    def scale_tempo(self, info: Info, track_id: int, factor: str) -> AudioFeatures:
        """2, 1/2, 3/2, 2/3, 4/3 or 3/4 times."""
        user = _writer(info)
        asked = understood(ScaleIn, {"factor": factor})
        correcting.scale_tempo(track_id=track_id, factor=asked.factor, user=user)
        return _row(get_by_track_id(track_id))

    @strawberry.mutation
    def pick_candidate(self, info: Info, track_id: int, field: str, place: int) -> AudioFeatures:
        """One of the tempi (bpm) or keys (key) that the analysis found plausible, by its place."""
        user = _writer(info)
        asked = understood(PickIn, {"field": field, "place": place})
        correcting.pick_candidate(track_id=track_id, field=asked.field, place=asked.place, user=user)
        return _row(get_by_track_id(track_id))

    @strawberry.mutation
    def take_back_feature_change(self, info: Info, change_id: int) -> bool:
        correcting.take_back_change(change_id=change_id, user=_writer(info))
        return True


def _writer(info: Info) -> User | None:
    identity = identity_in(info)
    identity.require("write")
    return identity.user


def _row(row: Any) -> Any:
    return row
