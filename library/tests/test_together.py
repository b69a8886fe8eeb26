"""Several who make the same things at the same moment: each thing is made once, and nobody is refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from library.models import Album, Artist, ArtistKey, Genre, Track
from library.schemas.albums import AlbumCreate
from library.schemas.artists import ArtistCreate
from library.schemas.tracks import TrackCreate
from library.services.albums import get_or_create_albums
from library.services.artists import get_or_create_artists
from library.services.new_tracks import get_or_create_tracks

pytestmark = pytest.mark.django_db(transaction=True)
NAMES = [f"Name {number}" for number in range(30)]


def at_once(work: Callable[[int], list[int]]) -> list[list[int]]:
    def run(number: int) -> list[int]:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(run, range(4)))


def turned(number: int) -> list[str]:
    """Each in an order of its own."""
    return NAMES[number * 7 :] + NAMES[: number * 7]


def test_artists() -> None:
    def work(number: int) -> list[int]:
        return [row.pk for row in get_or_create_artists(entries=[ArtistCreate(name=name) for name in turned(number)])]

    assert len({frozenset(found) for found in at_once(work)}) == 1
    assert (Artist.objects.count(), ArtistKey.objects.count()) == (30, 30)


def test_albums_and_genres() -> None:
    def work(number: int) -> list[int]:
        entries = [AlbumCreate(title=name, artists=["Moss"], genres=[name]) for name in turned(number)]
        return [row.pk for row in get_or_create_albums(entries=entries)]

    assert len({frozenset(found) for found in at_once(work)}) == 1
    assert (Album.objects.count(), Artist.objects.count(), Genre.objects.count()) == (30, 1, 30)


def test_tracks() -> None:
    def work(number: int) -> list[int]:
        entries = [TrackCreate(title=name, path=f"/{name}.flac", artists=[name]) for name in turned(number)]
        return [row.pk for row in get_or_create_tracks(entries=entries)]

    assert len({frozenset(found) for found in at_once(work)}) == 1
    assert (Track.objects.count(), Artist.objects.count()) == (30, 30)
