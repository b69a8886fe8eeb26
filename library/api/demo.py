"""REST of the demo library: its files, as workers make them and read them."""

from mimetypes import guess_type
from typing import IO, cast

from django.http import HttpRequest, HttpResponseBase
from ninja import Router

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.streams import file_answer
from library.schemas.demo import DemoFileOut
from library.selectors.demo import demo_file, demo_files
from library.services.demo import keep_demo_file

demo = Router(tags=["demo library"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@demo.get("/files", response={200: list[DemoFileOut], **FAULTS}, auth=Needs("read", "worker"))
def list_demo_files(request: HttpRequest) -> list[DemoFileOut]:
    """What has been made so far."""
    files = demo_files()
    # Where things lie on the server's disk is for workers that share it, and nobody else's business.
    return files if identity_of_request(request).allows("worker") else [file.elsewhere() for file in files]


@demo.get(
    "/files/{path:path}",
    response={200: None, **FAULTS},
    auth=Needs("read", "worker"),
    openapi_extra={"responses": {200: {"description": "The file", "content": BYTES}}},
)
def get_demo_file(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file itself."""
    place = demo_file(path)
    return file_answer(
        request, place, content_type=guess_type(place.name)[0] or "application/octet-stream", name=place.name
    )


@demo.put(
    "/files/{path:path}",
    response={200: DemoFileOut, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={"requestBody": {"content": BYTES, "required": True}},
)
def put_demo_file(request: HttpRequest, path: str) -> DemoFileOut:
    """A worker delivers a file that it has made; delivering it again changes nothing."""
    # Piece by piece from the request itself: what JSON doors may read into memory is too small for audio.
    return keep_demo_file(path=path, source=cast(IO[bytes], request))
