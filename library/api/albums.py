"""REST of albums: lists, one, made, corrected, removed; many at once."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.doors import Needs
from library.api.asking import FAULTS, Asked, Number, dated, filters_described, filters_of, listed
from library.filters import ALBUMS
from library.schemas.albums import AlbumBatch, AlbumCreate, AlbumOut, AlbumPage, AlbumUpdate
from library.selectors.albums import album_by_id, album_page, album_rows
from library.selectors.outs import album_outs
from library.services.albums import create_album, delete_album, get_or_create_albums, update_album

albums = Router(tags=["albums"])


@albums.get(
    "",
    response={200: AlbumPage, **FAULTS},
    auth=Needs("read"),
    openapi_extra=filters_described(ALBUMS),
)
def list_albums(request: HttpRequest, asked: Asked) -> AlbumPage:
    """Albums by filter and sort; send `next_cursor` back as `cursor` for the next page."""
    items, cursor, total = listed("albums", asked, filters_of(request), album_page, album_outs)
    return AlbumPage(items=items, next_cursor=cursor, total=total)


@albums.post("", response={201: AlbumOut, **FAULTS}, auth=Needs("write"))
def post_album(request: HttpRequest, data: AlbumCreate) -> Status[AlbumOut]:
    """Makes one; 409 if it is there already."""
    return Status(201, _out(create_album(data=data).pk))


@albums.post("/batch", response={200: list[AlbumOut], **FAULTS}, auth=Needs("write"))
def post_albums(request: HttpRequest, data: AlbumBatch) -> list[AlbumOut]:
    """Makes those that are not there yet; answers with all of them, in the order of the request."""
    numbers = [row.pk for row in get_or_create_albums(entries=data.albums)]
    found = {out.id: out for out in album_outs(list(album_rows().filter(pk__in=numbers)))}
    return [found[number] for number in numbers]


@albums.get("/{int:album_id}", response={200: AlbumOut, **FAULTS}, auth=Needs("read"))
def get_album(request: HttpRequest, response: HttpResponse, album_id: Number) -> AlbumOut:
    return dated(response, _out(album_id))


@albums.patch("/{int:album_id}", response={200: AlbumOut, **FAULTS}, auth=Needs("write"))
def patch_album(request: HttpRequest, album_id: Number, data: AlbumUpdate) -> AlbumOut:
    """What is sent is changed, and no scan changes it back; `unlock` lets scans change fields again."""
    update_album(album_id=album_id, data=data)
    return _out(album_id)


@albums.put("/{int:album_id}", response={200: AlbumOut, **FAULTS}, auth=Needs("write"))
def put_album(request: HttpRequest, album_id: Number, data: AlbumUpdate) -> AlbumOut:
    """The same as PATCH: what is left out stays as it was."""
    update_album(album_id=album_id, data=data)
    return _out(album_id)


@albums.delete("/{int:album_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_album(request: HttpRequest, album_id: Number) -> Status[None]:
    """Only one without tracks; 409 otherwise."""
    delete_album(album_id=album_id)
    return Status(204, None)


def _out(album_id: int) -> AlbumOut:
    return album_outs([album_by_id(album_id)])[0]
