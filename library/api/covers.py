"""REST of pictures: a worker delivers the bytes of one that it has found."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from core.api import FAULTS
from core.doors import Needs
from core.errors import InvalidInput
from library.engine.bundles import unbundled
from library.engine.cover_files import LARGEST_COVER
from library.services.covers import store_cover, store_covers

covers = Router(tags=["covers"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


LARGEST_BUNDLE = 2 * LARGEST_COVER


class CoverStored(BaseModel):
    digest: str
    mime_type: str
    size: int


class CoversStored(BaseModel):
    digests: list[str]
    refused: int
    """how many were no pictures"""


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


@covers.put(
    "",
    response={200: CoversStored, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={"requestBody": {"content": BYTES, "required": True}},
)
def put_covers(request: HttpRequest) -> CoversStored:
    """Several at once, each with its length before it in eight bytes, the highest first."""
    body = request.read(LARGEST_BUNDLE + 1)
    if len(body) > LARGEST_BUNDLE:
        raise InvalidInput(f"A bundle has at most {LARGEST_BUNDLE:,} bytes.", hint="Send it in several.", field="body")
    try:
        contents = unbundled(body)
    except ValueError as error:
        raise InvalidInput(f"This is no bundle of pictures: {error}", field="body") from None
    digests, refused = store_covers(contents=contents)
    return CoversStored(digests=digests, refused=refused)
