"""REST of artists: lists, one, made, corrected, removed; many at once."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.doors import Needs
from library.api.asking import FAULTS, Asked, Number, dated, filters_described, filters_of, listed
from library.filters import ARTISTS
from library.schemas.artists import ArtistBatch, ArtistCreate, ArtistOut, ArtistPage, ArtistUpdate
from library.selectors.artists import artist_by_id, artist_page, artist_rows
from library.selectors.outs import artist_outs
from library.services.artists import create_artist, delete_artist, get_or_create_artists, update_artist

artists = Router(tags=["artists"])


@artists.get(
    "",
    response={200: ArtistPage, **FAULTS},
    auth=Needs("read"),
    openapi_extra=filters_described(ARTISTS),
)
def list_artists(request: HttpRequest, asked: Asked) -> ArtistPage:
    """Artists by filter and sort; send `next_cursor` back as `cursor` for the next page."""
    items, cursor, total = listed("artists", asked, filters_of(request), artist_page, artist_outs)
    return ArtistPage(items=items, next_cursor=cursor, total=total)


@artists.post("", response={201: ArtistOut, **FAULTS}, auth=Needs("write"))
def post_artist(request: HttpRequest, data: ArtistCreate) -> Status[ArtistOut]:
    """Makes one; 409 if it is there already."""
    return Status(201, _out(create_artist(data=data).pk))


@artists.post("/batch", response={200: list[ArtistOut], **FAULTS}, auth=Needs("write"))
def post_artists(request: HttpRequest, data: ArtistBatch) -> list[ArtistOut]:
    """Makes those that are not there yet; answers with all of them, in the order of the request."""
    numbers = [row.pk for row in get_or_create_artists(entries=data.artists)]
    found = {out.id: out for out in artist_outs(list(artist_rows().filter(pk__in=numbers)))}
    return [found[number] for number in numbers]


@artists.get("/{int:artist_id}", response={200: ArtistOut, **FAULTS}, auth=Needs("read"))
def get_artist(request: HttpRequest, response: HttpResponse, artist_id: Number) -> ArtistOut:
    return dated(response, _out(artist_id))


@artists.patch("/{int:artist_id}", response={200: ArtistOut, **FAULTS}, auth=Needs("write"))
def patch_artist(request: HttpRequest, artist_id: Number, data: ArtistUpdate) -> ArtistOut:
    """What is sent is changed, and no scan changes it back; `unlock` lets scans change fields again."""
    update_artist(artist_id=artist_id, data=data)
    return _out(artist_id)


@artists.put("/{int:artist_id}", response={200: ArtistOut, **FAULTS}, auth=Needs("write"))
def put_artist(request: HttpRequest, artist_id: Number, data: ArtistUpdate) -> ArtistOut:
    """The same as PATCH: what is left out stays as it was."""
    update_artist(artist_id=artist_id, data=data)
    return _out(artist_id)


@artists.delete("/{int:artist_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_artist(request: HttpRequest, artist_id: Number) -> Status[None]:
    """Only one whose name stands nowhere any more; 409 otherwise."""
    delete_artist(artist_id=artist_id)
    return Status(204, None)


def _out(artist_id: int) -> ArtistOut:
    return artist_outs([artist_by_id(artist_id)])[0]
