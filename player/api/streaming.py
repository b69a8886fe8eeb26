"""REST of streaming: the file of a track, other formats of it, pieces of it, and what a player must know before."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from ninja import Query, Router

from core.api import FAULTS
from core.doors import Needs
from core.streams import file_answer
from library.api.asking import Number
from player.engine.formats import MADE
from player.schemas.streaming import Format, PieceFormat, PlaybackOut
from player.selectors.streaming import playback_of
from player.services.pieces import cut_piece
from player.services.streaming import find_playable
from player.services.transcoding import kept, transcoded

streams = Router(tags=["streaming"])
LONGEST_MS = 7 * 24 * 3600 * 1000
BYTES = {"content": {"audio/*": {"schema": {"type": "string", "format": "binary"}}}}
SOUND = {"responses": {200: {"description": "The sound", **BYTES}, 206: {"description": "A part of it", **BYTES}}}
REFUSALS = {**FAULTS, 416: FAULTS[422]}
Bitrate = Annotated[int | None, Query(ge=8, le=1000, description="kbit/s, brought into what the format can")]
StartMs = Annotated[float, Query(ge=0, le=LONGEST_MS, allow_inf_nan=False)]


def get_stream(
    request: HttpRequest,
    track_id: Number,
    format: Format | None = None,
    bitrate: Bitrate = None,
    start_ms: StartMs = 0,
) -> HttpResponseBase:
    """The file as it is, in ranges if wanted; or turned into another format from any moment on, while it is heard."""
    playing = find_playable(track_id=track_id)
    if format is None:
        return file_answer(request, playing.path, content_type=playing.mime, may_hand_over=True)
    if not start_ms and (place := kept(playing=playing, name=format, bitrate=bitrate)):
        return file_answer(request, place, content_type=MADE[format].mime)
    if request.method == "HEAD":
        return HttpResponse(content_type=MADE[format].mime)
    return transcoded(playing=playing, name=format, bitrate=bitrate, start_ms=start_ms)


def get_download(request: HttpRequest, track_id: Number) -> HttpResponseBase:
    """The file as it is, to be kept."""
    playing = find_playable(track_id=track_id)
    return file_answer(
        request, playing.path, content_type=playing.mime, name=playing.name, attached=True, may_hand_over=True
    )


for path, view in {"stream": get_stream, "download": get_download}.items():
    for method in ("GET", "HEAD"):
        streams.api_operation(
            [method],
            f"/{{int:track_id}}/{path}",
            response={200: None, 206: None, **REFUSALS},
            auth=Needs("read"),
            openapi_extra=SOUND,
            include_in_schema=method == "GET",
        )(view)


@streams.get("/{int:track_id}/playback", response={200: PlaybackOut, **FAULTS}, auth=Needs("read"))
def get_playback(request: HttpRequest, track_id: Number) -> PlaybackOut:
    """What a player must know: exact length, what to cut off at both ends, types, addresses, gain."""
    return playback_of(find_playable(track_id=track_id))


@streams.get("/{int:track_id}/pieces", response={200: None, **FAULTS}, auth=Needs("read"), openapi_extra=SOUND)
def get_piece(
    request: HttpRequest,
    track_id: Number,
    from_ms: Annotated[float, Query(ge=0, le=LONGEST_MS, allow_inf_nan=False)] = 0,
    for_ms: Annotated[float, Query(gt=0, le=60_000, allow_inf_nan=False)] = 15_000,
    kind: Annotated[PieceFormat, Query(alias="as")] = "copy",
) -> HttpResponseBase:
    """A few seconds that a browser appends as they are; the next piece begins at `X-Piece-To-Ms`."""
    return cut_piece(playing=find_playable(track_id=track_id), from_ms=from_ms, for_ms=for_ms, kind=kind)
