"""REST of the workers: the next tracks, what was found, the files of those who do not see them."""

from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from analysis.schemas.work import NextIn, NextOut, ResultsIn, ResultsOut
from analysis.selectors.files import audio_of
from analysis.services.leasing import next_for
from analysis.services.results import take_results
from core.api import FAULTS
from core.doors import Needs
from core.streams import file_answer
from library.api.asking import Number

work = Router(tags=["analysis"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@work.post("/next", response={200: NextOut, **FAULTS}, auth=Needs("worker"))
def post_next(request: HttpRequest, data: NextIn) -> NextOut:
    """Tracks for a running job, given to nobody else as long as it holds them; and how hard it may work."""
    return next_for(asked=data)


@work.post("/results", response={200: ResultsOut, **FAULTS}, auth=Needs("worker"))
def post_results(request: HttpRequest, data: ResultsIn) -> ResultsOut:
    """What was found; delivering it again changes nothing."""
    return take_results(results=data)


@work.get(
    "/tracks/{int:track_id}/{name}",
    response={200: None, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={"responses": {200: {"description": "The file", "content": BYTES}}},
)
def get_audio(request: HttpRequest, track_id: Number, name: str) -> HttpResponseBase:
    """The file of a track, as it is; 404 while it is not there as the library knows it."""
    return file_answer(request, audio_of(track_id), content_type="application/octet-stream")
