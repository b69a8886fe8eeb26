"""REST of tracks: lists, one, made, corrected, removed; many at once."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.doors import Needs
from library.api.asking import FAULTS, Asked, Number, dated, filters_described, filters_of, listed
from library.filters import TRACKS
from library.schemas.tracks import TrackCreate, TrackCreateBatch, TrackOut, TrackPage, TrackUpdate
from library.selectors.outs import track_outs
from library.selectors.tracks import track_by_id, track_page, track_rows
from library.services.new_tracks import create_track, get_or_create_tracks
from library.services.tracks import delete_track, update_track

tracks = Router(tags=["tracks"])


@tracks.get(
    "",
    response={200: TrackPage, **FAULTS},
    auth=Needs("read"),
    openapi_extra=filters_described(TRACKS),
)
def list_tracks(request: HttpRequest, asked: Asked) -> TrackPage:
    """Tracks by filter and sort; send `next_cursor` back as `cursor` for the next page."""
    items, cursor, total = listed("tracks", asked, filters_of(request), track_page, track_outs)
    return TrackPage(items=items, next_cursor=cursor, total=total)


@tracks.post("", response={201: TrackOut, **FAULTS}, auth=Needs("write"))
def post_track(request: HttpRequest, data: TrackCreate) -> Status[TrackOut]:
    """Makes one; 409 if it is there already."""
    return Status(201, _out(create_track(data=data).pk))


@tracks.post("/many", response={200: list[TrackOut], **FAULTS}, auth=Needs("write"))
def post_tracks(request: HttpRequest, data: TrackCreateBatch) -> list[TrackOut]:
    """Makes those that are not there yet; answers with all of them, in the order of the request."""
    numbers = [row.pk for row in get_or_create_tracks(entries=data.tracks)]
    found = {out.id: out for out in track_outs(list(track_rows().filter(pk__in=numbers)))}
    return [found[number] for number in numbers]


@tracks.get("/{int:track_id}", response={200: TrackOut, **FAULTS}, auth=Needs("read"))
def get_track(request: HttpRequest, response: HttpResponse, track_id: Number) -> TrackOut:
    return dated(response, _out(track_id))


@tracks.patch("/{int:track_id}", response={200: TrackOut, **FAULTS}, auth=Needs("write"))
def patch_track(request: HttpRequest, track_id: Number, data: TrackUpdate) -> TrackOut:
    """What is sent is changed, and no scan changes it back; `unlock` lets scans change fields again."""
    update_track(track_id=track_id, data=data)
    return _out(track_id)


@tracks.put("/{int:track_id}", response={200: TrackOut, **FAULTS}, auth=Needs("write"))
def put_track(request: HttpRequest, track_id: Number, data: TrackUpdate) -> TrackOut:
    """The same as PATCH: what is left out stays as it was."""
    update_track(track_id=track_id, data=data)
    return _out(track_id)


@tracks.delete("/{int:track_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_track(request: HttpRequest, track_id: Number) -> Status[None]:
    """Only one that nobody has used; 409 otherwise."""
    delete_track(track_id=track_id)
    return Status(204, None)


def _out(track_id: int) -> TrackOut:
    return track_outs([track_by_id(track_id)])[0]
