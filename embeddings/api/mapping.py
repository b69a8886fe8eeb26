"""REST of the library's map: points in columns, regions with names; and how workers draw it."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Status
from pydantic import BaseModel, Field

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.schemas import JobOut
from core.selectors import job_out
from embeddings.schemas.mapping import (
    MOST_VECTORS,
    MapOut,
    MapPlan,
    PlanIn,
    PointsIn,
    PointsTaken,
    RegionOut,
    SettleIn,
    Which,
)
from embeddings.selectors.mapping import layout_by_id, map_bytes, map_out, map_points, map_regions, vectors_page
from embeddings.services.mapping import draw_map, place_points, plan_map, settle_map

mapping = Router(tags=["map"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
AS_BYTES = {"responses": {200: {"description": "The columns", "content": BYTES}}}


class AskedVectors(BaseModel):
    layout_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    which: Which = "rest"
    after: Annotated[int, Field(ge=0, le=2**63 - 1)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_VECTORS)] = MOST_VECTORS


@mapping.get("", response={200: MapOut, **FAULTS}, auth=Needs("read"), openapi_extra=AS_BYTES)
def get_map(request: HttpRequest) -> Any:
    """Every track that can be played, in columns; as bytes to whoever accepts application/octet-stream."""
    points = map_points()
    if request.get_preferred_type(["application/json", "application/octet-stream"]) == "application/octet-stream":
        answer = HttpResponse(map_bytes(points), content_type="application/octet-stream")
    else:
        answer = HttpResponse(map_out(points).model_dump_json(), content_type="application/json")
    # Its ETag is that of its content; a browser asks whether it is still the same.
    answer["Vary"] = "Accept"
    answer["Cache-Control"] = "private, no-cache"
    return answer


@mapping.get("/regions", response={200: list[RegionOut], **FAULTS}, auth=Needs("read"))
def get_regions(request: HttpRequest) -> list[RegionOut]:
    """Places of the map that have a name, the largest first."""
    return map_regions()


@mapping.post("/draw", response={202: JobOut, **FAULTS}, auth=Needs("write"))
def post_draw(request: HttpRequest, data: PlanIn) -> Status[JobOut]:
    """Has what is missing placed on the map, or all of it drawn anew."""
    job = draw_map(anew=data.anew, requested_by=identity_of_request(request).user)
    return Status(202, job_out(job))


@mapping.post("/plan", response={200: MapPlan, **FAULTS}, auth=Needs("worker"))
def post_plan(request: HttpRequest, data: PlanIn) -> MapPlan:
    """What is to be drawn, and where its landmarks lie or lay."""
    return plan_map(anew=data.anew)


@mapping.get(
    "/vectors",
    response={200: None, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={"responses": {200: {"description": "Numbers, sound, meaning", "content": BYTES}}},
)
def get_vectors(request: HttpRequest, asked: Annotated[AskedVectors, Query()]) -> HttpResponse:
    """The next tracks by their numbers: int64, then 512 half floats of sound and as many of meaning for each."""
    layout = layout_by_id(asked.layout_id)
    sent = vectors_page(layout, asked.which, after=asked.after, limit=asked.limit)
    return HttpResponse(sent, content_type="application/octet-stream")


@mapping.post("/points", response={200: PointsTaken, **FAULTS}, auth=Needs("worker"))
def post_points(request: HttpRequest, data: PointsIn) -> PointsTaken:
    """Places of tracks; delivering them again changes nothing."""
    return PointsTaken(taken=place_points(points=data))


@mapping.post("/settle", response={200: list[RegionOut], **FAULTS}, auth=Needs("worker"))
def post_settle(request: HttpRequest, data: SettleIn) -> list[RegionOut]:
    """All is placed: names the regions, and shows the map in place of the one before."""
    settle_map(settled=data)
    return map_regions()
