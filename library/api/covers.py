"""REST of pictures: what there are of something, which is shown, one of a person's own; workers deliver bytes."""

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel

from core.api import FAULTS
from core.doors import Needs, identity_of_request
from core.errors import InvalidInput
from library.engine.bundles import unbundled
from library.engine.cover_files import LARGEST_COVER
from library.models import Cover
from library.selectors.covers import picture_of, pictures_of
from library.services.covers import store_cover, store_covers, take_cover_away
from library.services.curation.pictures import choose_cover, give_own

covers = Router(tags=["covers"])
BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


LARGEST_BUNDLE = 2 * LARGEST_COVER


class CoverOut(BaseModel):
    id: int
    source: str
    digest: str | None
    """its bytes are at /covers/{digest}/{size}"""
    mime_type: str | None
    width: int | None
    height: int | None
    url: str | None
    """where it came from"""
    shown: bool


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


@covers.get("/of/{entity_type}/{int:entity_id}", response={200: list[CoverOut], **FAULTS}, auth=Needs("read"))
def list_covers(request: HttpRequest, entity_type: Cover.Entity, entity_id: int) -> list[CoverOut]:
    """All pictures that are known of a track, an album or an artist; the one that is shown first."""
    return [_out(cover) for cover in pictures_of(entity_type, entity_id)]


@covers.put(
    "/of/{entity_type}/{int:entity_id}",
    response={200: CoverOut, **FAULTS},
    auth=Needs("write"),
    openapi_extra={"requestBody": {"content": BYTES, "required": True}},
)
def put_own_cover(request: HttpRequest, entity_type: Cover.Entity, entity_id: int) -> CoverOut:
    """Gives it a picture of your own, by its bytes; it is shown before all others."""
    content = request.read(LARGEST_COVER + 1)
    return _out(give_own(entity_type=entity_type, entity_id=entity_id, content=content, user_id=_person(request)))


@covers.post(
    "/of/{entity_type}/{int:entity_id}/{source}/choose", response={200: CoverOut, **FAULTS}, auth=Needs("write")
)
def choose(request: HttpRequest, entity_type: Cover.Entity, entity_id: int, source: Cover.Source) -> CoverOut:
    """Shows this one from now on, whatever better sources bring; can be taken back in the admin."""
    return _out(choose_cover(cover_id=picture_of(entity_type, entity_id, source).pk, user_id=_person(request)))


@covers.delete("/of/{entity_type}/{int:entity_id}/{source}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_cover(request: HttpRequest, entity_type: Cover.Entity, entity_id: int, source: Cover.Source) -> Status[None]:
    """Takes a picture away; the next best one is shown."""
    take_cover_away(cover_id=picture_of(entity_type, entity_id, source).pk)
    return Status(204, None)


def _person(request: HttpRequest) -> int | None:
    user = identity_of_request(request).user
    return user.pk if user else None


def _out(cover: Cover) -> CoverOut:
    size = (cover.image.width, cover.image.height) if cover.image else (None, None)
    return CoverOut(
        id=cover.pk,
        source=cover.source,
        digest=cover.image_id,
        mime_type=cover.mime_type,
        width=size[0],
        height=size[1],
        url=cover.url,
        shown=cover.shown,
    )
