"""REST of pictures: a worker delivers the bytes of one that it has found."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from core.api import FAULTS
from core.doors import Needs
from library.engine.cover_files import LARGEST_COVER
from library.services.covers import store_cover

covers = Router(tags=["covers"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


class CoverStored(BaseModel):
    digest: str
    mime_type: str
    size: int


@covers.put(
    "/{digest}",
    response={200: CoverStored, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={"requestBody": {"content": BYTES, "required": True}},
)
def put_cover(request: HttpRequest, digest: str) -> CoverStored:
    """Keeps the bytes of a picture under their SHA-256; sending them again changes nothing."""
    image = store_cover(content=request.read(LARGEST_COVER + 1), digest=digest)
    return CoverStored(digest=image.pk, mime_type=image.mime_type, size=image.size)
