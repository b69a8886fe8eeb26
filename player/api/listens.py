"""REST of what was heard and what is loved."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel

from core.api import FAULTS, PageSize
from core.doors import Needs
from core.pagination import keyset_page
from library.api.asking import Number
from player.api.asking import person
from player.schemas.listens import ListenPage, ListensIn, ListensTaken, LoveIn, RatingIn, UseOut
from player.schemas.queue import Id
from player.selectors.listens import ORDER, listen_out, listens_of, use_out, use_row_out
from player.services.listens import keep_listens
from player.services.loving import love_track, rate_track

listens = Router(tags=["listens"])
uses = Router(tags=["listens"])


class Wanted(BaseModel):
    track_id: Id | None = None
    counted: bool | None = None
    since: AwareDatetime | None = None
    cursor: str | None = None
    size: PageSize = 50


@listens.post("", response={200: ListensTaken, **FAULTS}, auth=Needs("write"))
def post_listens(request: HttpRequest, data: ListensIn) -> ListensTaken:
    """What was heard, also long ago and offline; each says what became of it. Sent twice it is kept once."""
    return ListensTaken(listens=keep_listens(user=person(request), listens=data.listens))


@listens.get("", response={200: ListenPage, **FAULTS}, auth=Needs("read"))
def list_listens(request: HttpRequest, wanted: Annotated[Wanted, Query()]) -> ListenPage:
    """Yours, the last first."""
    rows = listens_of(person(request), track_id=wanted.track_id, counted=wanted.counted, since=wanted.since)
    page = keyset_page(rows, order=ORDER, cursor=wanted.cursor, size=wanted.size)
    return ListenPage(items=[listen_out(row) for row in page.items], next_cursor=page.next_cursor)


@uses.get("/{int:track_id}/use", response={200: UseOut, **FAULTS}, auth=Needs("read"))
def get_use(request: HttpRequest, track_id: Number) -> UseOut:
    """What it is to you: loved, rated, how often played and when last."""
    return use_out(person(request), track_id)


@uses.put("/{int:track_id}/love", response={200: UseOut, **FAULTS}, auth=Needs("write"))
def put_love(request: HttpRequest, track_id: Number, data: LoveIn) -> UseOut:
    return use_row_out(love_track(user=person(request), track_id=track_id, loved=data.loved))


@uses.put("/{int:track_id}/rating", response={200: UseOut, **FAULTS}, auth=Needs("write"))
def put_rating(request: HttpRequest, track_id: Number, data: RatingIn) -> UseOut:
    """1 to 10, half stars; null takes it away."""
    return use_row_out(rate_track(user=person(request), track_id=track_id, rating=data.rating))
