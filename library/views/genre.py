"""A genre: its albums, its artists, and the way to all of its tracks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from library.selectors.albums import album_list
from library.selectors.artists import artist_list
from library.selectors.genres import genre_by_id
from library.selectors.pictures import give_covers, give_strata

MOST_ALBUMS = 24
MOST_ARTISTS = 12


@require_safe
def genre(request: HttpRequest, genre_id: int) -> HttpResponse:
    found = genre_by_id(genre_id)
    asked = {"genre": str(genre_id)}
    albums = list(album_list(asked=asked, sort="added")[: MOST_ALBUMS + 1])
    artists = list(artist_list(asked=asked, sort="name")[: MOST_ARTISTS + 1])
    give_covers("albums", albums)
    give_covers("artists", artists)
    give_strata([found])
    context = {
        "genre": found,
        "albums": albums[:MOST_ALBUMS],
        "more_albums": len(albums) > MOST_ALBUMS,
        "artists": artists[:MOST_ARTISTS],
        "more_artists": len(artists) > MOST_ARTISTS,
    }
    return render(request, "library/genre.html", context)
