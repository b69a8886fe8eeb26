"""GraphQL's questions to recommending: what goes with what, which way leads from one to another, and why."""

from collections.abc import Sequence

import strawberry
from strawberry.scalars import JSON
from strawberry.types import Info

from core.graphql import identity_in
from embeddings.engine.recommending.facts import RADIO, Weights
from embeddings.schemas.mapping import RegionOut
from embeddings.schemas.recommending import BlendIn, OrderIn, Weighed
from embeddings.selectors.artists import similar_artists
from embeddings.selectors.mapping import map_regions
from embeddings.selectors.outs import reason_outs, tracks_of
from embeddings.selectors.radio import Seed, radio
from embeddings.selectors.recommending import Recommended, blended, ordered, path_between, similar_tracks
from embeddings.selectors.words import sentence
from library.graphql import Artist, Track, together
from library.graphql.inputs import understood
from library.selectors.artists import artist_rows

MOST = 100


@strawberry.type
class RecommendationReason:
    """One reason: its kind, its values, and how it is said."""

    kind: str
    values: JSON
    text: str


@strawberry.type
class Recommendation:
    """A track that goes with what was asked for."""

    track: Track
    score: float | None
    parts: JSON
    reasons: list[RecommendationReason]
    sentence: str


@strawberry.type
class ArtistRecommendation:
    """An artist whose music lies near another's."""

    artist: Artist
    score: float | None
    reasons: list[RecommendationReason]
    sentence: str


@strawberry.input
class RecommendationWeights:
    """How much each part counts, 0 to 1; what is left out counts as usual."""

    sound: float | None = None
    meaning: float | None = None
    harmony: float | None = None
    tempo: float | None = None
    novelty: float | None = None
    familiarity: float | None = None


@strawberry.type
class MapRegion:
    """A place of the map that has a name."""

    name: str
    also: list[str]
    x: int
    y: int
    reach: int
    tracks: int


@strawberry.type
class RecommendingQuery:
    @strawberry.field
    def similar_tracks(
        self, info: Info, track_id: int, limit: int = 20, weights: RecommendationWeights | None = None
    ) -> list[Recommendation]:
        """Tracks that go with this one, the best first."""
        user_id = _user_id(info)
        found = similar_tracks(
            user_id=user_id, track_id=track_id, weights=_weights(weights, Weights()), limit=_few(limit)
        )
        return _shown(found)

    @strawberry.field
    def similar_artists(self, info: Info, artist_id: int, limit: int = 10) -> list[ArtistRecommendation]:
        """Artists here whose music lies near."""
        _user_id(info)
        found = similar_artists(artist_id=artist_id, limit=_few(limit))
        rows = {row.pk: row for row in artist_rows().filter(pk__in=[one.track_id for one in found])}
        together(list(rows.values()))
        return [
            ArtistRecommendation(
                artist=rows[one.track_id],  # type: ignore[arg-type]
                score=one.score,
                reasons=_reasons(one),
                sentence=sentence(one.reasons),
            )
            for one in found
            if one.track_id in rows
        ]

    @strawberry.field
    def radio(
        self,
        info: Info,
        begins_with: str,
        after: list[int] | None = None,
        limit: int = 10,
        weights: RecommendationWeights | None = None,
    ) -> list[Recommendation]:
        """The next tracks of a radio: begins_with is track:12, artist:3, album:4, genre:5 or mood:calm."""
        found = radio(
            user_id=_user_id(info),
            seed=Seed.parsed(begins_with),
            heard=after or [],
            limit=_few(limit),
            weights=_weights(weights, RADIO),
        )
        return _shown(found)

    @strawberry.field
    def path(self, info: Info, start: int, end: int, steps: int = 8) -> list[Recommendation]:
        """From one track to another in even steps, both among them."""
        return _shown(path_between(user_id=_user_id(info), start=start, end=end, steps=steps))

    @strawberry.field
    def ordered_tracks(
        self,
        info: Info,
        tracks: list[int],
        order: str = "harmonic",
        arc: str = "rise",
        start: int | None = None,
        end: int | None = None,
    ) -> list[Recommendation]:
        """The same tracks from key to key (harmonic), or along a curve of energy: rise, fall, wave, level."""
        user_id = _user_id(info)
        data = understood(OrderIn, {"tracks": tracks, "order": order, "arc": arc, "start": start, "end": end})
        found = ordered(user_id=user_id, track_ids=data.tracks, **data.model_dump(exclude={"tracks"}))
        return _shown(found)

    @strawberry.field
    def blended_tracks(
        self, info: Info, plus: list[int], minus: list[int] | None = None, limit: int = 20
    ) -> list[Recommendation]:
        """Tracks between those of plus and away from those of minus."""
        user_id = _user_id(info)
        data = understood(BlendIn, {"plus": plus, "minus": minus or [], "limit": limit})
        return _shown(blended(user_id=user_id, plus=data.plus, minus=data.minus, limit=data.limit))

    @strawberry.field
    def map_regions(self, info: Info) -> list[MapRegion]:
        """Places of the map that have a name, the largest first."""
        _user_id(info)
        return [_region(one) for one in map_regions()]


def _user_id(info: Info) -> int | None:
    identity = identity_in(info)
    identity.require("read")
    return None if identity.user is None else identity.user.pk


def _few(limit: int) -> int:
    return max(1, min(MOST, limit))


def _weights(given: RecommendationWeights | None, usual: Weights) -> Weights:
    if given is None:
        return usual
    asked = understood(Weighed, {name: getattr(given, name) for name in Weighed.model_fields})
    said = {name: value for name, value in asked.model_dump().items() if value is not None}
    return Weights(**{**{name: getattr(usual, name) for name in Weighed.model_fields}, **said})


def _shown(found: Sequence[Recommended]) -> list[Recommendation]:
    rows = tracks_of(found)
    together(list(rows.values()))
    return [
        Recommendation(
            track=rows[one.track_id],  # type: ignore[arg-type]
            score=one.score,
            parts=dict(one.parts),  # type: ignore[arg-type]
            reasons=_reasons(one),
            sentence=sentence(one.reasons),
        )
        for one in found
        if one.track_id in rows
    ]


def _reasons(one: Recommended) -> list[RecommendationReason]:
    return [RecommendationReason(**out.model_dump()) for out in reason_outs(one.reasons)]


def _region(out: RegionOut) -> MapRegion:
    return MapRegion(**out.model_dump())
