"""REST of recommending: similar tracks and artists, radios, paths, orders, blends; each result says why.

What it asks stands on numpy, and is loaded with the first question: an idle server stays small.
"""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.errors import InvalidInput
from embeddings.engine.recommending.facts import RADIO, Weights
from embeddings.schemas.recommending import MOST_HEARD, BlendIn, OrderIn, RecommendedOut, SimilarArtistOut, Weighed
from library.api.asking import Number

tracks = Router(tags=["recommendations"])
artists = Router(tags=["recommendations"])
ways = Router(tags=["recommendations"])
LONGEST_LIST = 12_000


class AskedSimilar(Weighed):
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class AskedRadio(Weighed):
    from_: Annotated[str, Field(alias="from", max_length=220)]
    """track:12, artist:3, album:4, genre:5 or mood:calm"""
    after: Annotated[str, Field(max_length=LONGEST_LIST)] = ""
    """numbers of tracks that were heard, the last one last: 12,7,33"""
    limit: Annotated[int, Field(ge=1, le=100)] = 10


class AskedPath(BaseModel):
    from_: Annotated[int, Field(alias="from", ge=1, le=2**63 - 1)]
    to: Annotated[int, Field(ge=1, le=2**63 - 1)]
    steps: Annotated[int, Field(ge=3, le=40)] = 8


@tracks.get("/{int:track_id}/similar", response={200: list[RecommendedOut], **FAULTS}, auth=Needs("read"))
def get_similar(
    request: HttpRequest, track_id: Number, asked: Annotated[AskedSimilar, Query()]
) -> list[RecommendedOut]:
    """Tracks that go with this one, the best first; each part of likeness may be given a weight of 0 to 1."""
    from embeddings.selectors.outs import recommended_outs
    from embeddings.selectors.recommending import similar_tracks

    found = similar_tracks(
        user_id=_user_id(request), track_id=track_id, weights=weights_of(asked, Weights()), limit=asked.limit
    )
    return recommended_outs(found)


@artists.get("/{int:artist_id}/similar", response={200: list[SimilarArtistOut], **FAULTS}, auth=Needs("read"))
def get_similar_artists(
    request: HttpRequest, artist_id: Number, limit: Annotated[int, Query(ge=1, le=100)] = 10
) -> list[SimilarArtistOut]:
    """Artists here whose music lies near."""
    from embeddings.selectors.artists import similar_artists
    from embeddings.selectors.outs import artist_recommended_outs

    return artist_recommended_outs(similar_artists(artist_id=artist_id, limit=limit))


@ways.get("/radio", response={200: list[RecommendedOut], **FAULTS}, auth=Needs("read"))
def get_radio(request: HttpRequest, asked: Annotated[AskedRadio, Query()]) -> list[RecommendedOut]:
    """The next tracks of a radio without an end; never what was just heard."""
    from embeddings.selectors.outs import recommended_outs
    from embeddings.selectors.radio import Seed, radio

    found = radio(
        user_id=_user_id(request),
        seed=Seed.parsed(asked.from_),
        heard=numbers_of(asked.after, "after"),
        limit=asked.limit,
        weights=weights_of(asked, RADIO),
    )
    return recommended_outs(found)


@ways.get("/path", response={200: list[RecommendedOut], **FAULTS}, auth=Needs("read"))
def get_path(request: HttpRequest, asked: Annotated[AskedPath, Query()]) -> list[RecommendedOut]:
    """From one track to another in even steps, both among them."""
    from embeddings.selectors.outs import recommended_outs
    from embeddings.selectors.recommending import path_between

    found = path_between(user_id=_user_id(request), start=asked.from_, end=asked.to, steps=asked.steps)
    return recommended_outs(found)


@ways.post("/orders", response={200: list[RecommendedOut], **FAULTS}, auth=Needs("read"))
def post_order(request: HttpRequest, data: OrderIn) -> list[RecommendedOut]:
    """The same tracks from key to key, or along a curve of energy; nothing is stored."""
    from embeddings.selectors.outs import recommended_outs
    from embeddings.selectors.recommending import ordered

    found = ordered(
        user_id=_user_id(request),
        track_ids=data.tracks,
        order=data.order,
        arc=data.arc,
        start=data.start,
        end=data.end,
    )
    return recommended_outs(found)


@ways.post("/blend", response={200: list[RecommendedOut], **FAULTS}, auth=Needs("read"))
def post_blend(request: HttpRequest, data: BlendIn) -> list[RecommendedOut]:
    """Tracks between those of `plus` and away from those of `minus`."""
    from embeddings.selectors.outs import recommended_outs
    from embeddings.selectors.recommending import blended

    found = blended(
        user_id=_user_id(request),
        plus=data.plus,
        minus=data.minus,
        weights=weights_of(data, Weights(harmony=0.0, tempo=0.0)),
        limit=data.limit,
    )
    return recommended_outs(found)


def weights_of(asked: Weighed, usual: Weights) -> Weights:
    given = asked.model_dump(include=set(Weighed.model_fields))
    return Weights(**{name: getattr(usual, name) if value is None else value for name, value in given.items()})


def numbers_of(text: str, field: str) -> list[int]:
    """12,7,33"""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) > MOST_HEARD:
        parts = parts[-MOST_HEARD:]
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in parts):
        raise InvalidInput("Numbers of tracks, with commas between them.", field=field)
    return [int(part) for part in parts]


def _user_id(request: HttpRequest) -> int | None:
    user = identity_of_request(request).user
    return None if user is None else user.pk
