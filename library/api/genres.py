"""REST of genres: lists, one, made, corrected, removed; many at once."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from core.doors import Needs
from library.api.asking import FAULTS, Asked, Number, dated, filters_described, filters_of, listed
from library.filters import GENRES
from library.schemas.genres import GenreBatch, GenreCreate, GenreOut, GenrePage, GenreUpdate
from library.selectors.genres import genre_by_id, genre_page, genre_rows
from library.selectors.outs import genre_outs
from library.services.genres import create_genre, delete_genre, get_or_create_genres, rename_genre

genres = Router(tags=["genres"])


@genres.get(
    "",
    response={200: GenrePage, **FAULTS},
    auth=Needs("read"),
    openapi_extra=filters_described(GENRES),
)
def list_genres(request: HttpRequest, asked: Asked) -> GenrePage:
    """Genres by filter and sort; send `next_cursor` back as `cursor` for the next page."""
    items, cursor, total = listed("genres", asked, filters_of(request), genre_page, genre_outs)
    return GenrePage(items=items, next_cursor=cursor, total=total)


@genres.post("", response={201: GenreOut, **FAULTS}, auth=Needs("write"))
def post_genre(request: HttpRequest, data: GenreCreate) -> Status[GenreOut]:
    """Makes one; 409 if it is there already."""
    return Status(201, _out(create_genre(name=data.name).pk))


@genres.post("/batch", response={200: list[GenreOut], **FAULTS}, auth=Needs("write"))
def post_genres(request: HttpRequest, data: GenreBatch) -> list[GenreOut]:
    """Makes those that are not there yet; answers with all of them, in the order of the request."""
    numbers = [row.pk for row in get_or_create_genres(names=[genre.name for genre in data.genres])]
    found = {out.id: out for out in genre_outs(list(genre_rows().filter(pk__in=numbers)))}
    return [found[number] for number in numbers]


@genres.get("/{int:genre_id}", response={200: GenreOut, **FAULTS}, auth=Needs("read"))
def get_genre(request: HttpRequest, response: HttpResponse, genre_id: Number) -> GenreOut:
    return dated(response, _out(genre_id))


@genres.patch("/{int:genre_id}", response={200: GenreOut, **FAULTS}, auth=Needs("write"))
def patch_genre(request: HttpRequest, genre_id: Number, data: GenreUpdate) -> GenreOut:
    """Gives it another spelling, or another name."""
    rename_genre(genre_id=genre_id, name=data.name)
    return _out(genre_id)


@genres.put("/{int:genre_id}", response={200: GenreOut, **FAULTS}, auth=Needs("write"))
def put_genre(request: HttpRequest, genre_id: Number, data: GenreUpdate) -> GenreOut:
    """The same as PATCH."""
    rename_genre(genre_id=genre_id, name=data.name)
    return _out(genre_id)


@genres.delete("/{int:genre_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def remove_genre(request: HttpRequest, genre_id: Number) -> Status[None]:
    """Only one that nothing is of; 409 otherwise."""
    delete_genre(genre_id=genre_id)
    return Status(204, None)


def _out(genre_id: int) -> GenreOut:
    return genre_outs([genre_by_id(genre_id)])[0]
