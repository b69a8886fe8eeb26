"""What analysis adds to GraphQL's Track: tempo, key and mood as fields of the track itself."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import strawberry

from analysis.models import TrackAudioFeatures
from analysis.selectors.features import features_of
from library.graphql.peers import looked_up
from library.models import Track


def _features(track: Track) -> TrackAudioFeatures | None:
    return looked_up(track, "audio_features", features_of).get(track.pk)


def _feature(name: str) -> Callable[..., Any]:
    """A field that answers with one of the features' columns, or with nothing."""

    def resolve(parent: strawberry.Parent[Track]) -> Any:
        return getattr(_features(parent), name, None)

    return resolve


@strawberry.type
class TrackSound:
    """Empty is unknown."""

    bpm: float | None = strawberry.field(resolver=_feature("bpm"))
    key: str | None = strawberry.field(resolver=_feature("key"))
    scale: str | None = strawberry.field(resolver=_feature("scale"))
    camelot_key: str | None = strawberry.field(resolver=_feature("camelot_key"))
    danceability: float | None = strawberry.field(resolver=_feature("danceability"))
    mood_happy: float | None = strawberry.field(resolver=_feature("mood_happy"))
    mood_aggressive: float | None = strawberry.field(resolver=_feature("mood_aggressive"))
    mood_party: float | None = strawberry.field(resolver=_feature("mood_party"))
    mood_relaxed: float | None = strawberry.field(resolver=_feature("mood_relaxed"))
    instrumental: float | None = strawberry.field(resolver=_feature("instrumental"))
    acoustic: float | None = strawberry.field(resolver=_feature("acoustic"))
    tonal: float | None = strawberry.field(resolver=_feature("tonal"))
    genre_main: str | None = strawberry.field(resolver=_feature("genre_main"))
    analysis_source: str | None = strawberry.field(resolver=_feature("analysis_source"))
    analyzed_at: datetime | None = strawberry.field(resolver=_feature("analyzed_at"))
