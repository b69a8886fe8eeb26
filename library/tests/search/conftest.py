"""A small library in several languages, and ways to look for something in it."""

from collections.abc import Callable

import pytest

from library.models import GenreTag, Lyrics, MoodTag, Track, TrackArtist
from library.schemas.search import SearchFilters, SearchOut
from library.selectors.search.results import search
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_album, make_artist, make_track

Titles = Callable[..., list[str]]

# Artist, album, year, support, genres, titles.
CAST: list[tuple[str, str, int, str, list[str], list[str]]] = [
    ("The Beatles", "Abbey Road", 1969, "Vinyl", ["Rock"], ["Come Together", "Something", "Here Comes the Sun"]),
    ("Beatles Revival Band", "Tribute", 2004, "CD", ["Rock"], ["Yesterday Again"]),
    ("Radiohead", "Kid A", 2000, "Digital", ["Electronic", "Rock"], ["Everything in Its Right Place", "Idioteque"]),
    ("Radiohead", "Pablo Honey", 1993, "CD", ["Rock"], ["Creep", "You"]),
    ("Björk", "Homogenic", 1997, "CD", ["Electronic"], ["Jóga", "Bachelorette"]),
    ("Édith Piaf", "L’Accordéoniste", 1955, "Vinyl", ["Chanson française"], ["L’hymne à l’amour", "La foule"]),
    ("Zaz", "Paris", 2014, "CD", ["Chanson française"], ["Sous le ciel de Paris", "Cœur volant"]),
    ("AC/DC", "Back in Black", 1980, "CD", ["Hard Rock"], ["Hells Bells", "Shoot to Thrill"]),
    ("R.E.M.", "Automatic for the People", 1992, "CD", ["Rock"], ["Drive", "Nightswimming"]),
    ("!!!", "Louden Up Now", 2004, "CD", ["Dance-Punk"], ["Hello? Is This Thing On?"]),
    ("Die Ärzte", "Geräusch", 2003, "CD", ["Punk"], ["Große Straße"]),
    ("MØ", "No Mythologies to Follow", 2014, "Digital", ["Pop"], ["Don't Wanna Dance"]),
    ("東京事変", "教育", 2004, "CD", ["J-Pop"], ["群青日和", "林檎の唄"]),
    ("Simon & Garfunkel", "Bookends", 1968, "Vinyl", ["Folk"], ["America"]),
    ("Pink Floyd", "Animals", 1977, "Vinyl", ["Rock"], ["Dogs"]),
    ("פיטר רוט", "שירים", 2010, "CD", ["Pop"], ["שלום עולם"]),
    ("Love Unlimited", "In Heat", 1974, "Vinyl", ["Soul"], ["Move Me No Mountain"]),
]


@pytest.fixture
def cast(db: None) -> None:
    artists = {name: make_artist(name) for name in dict.fromkeys(row[0] for row in CAST)}
    for name, title, year, support, genres, titles in CAST:
        album = make_album(title, artists[name], year=year, support=support)
        for title in titles:
            make_track(title, artists[name], album, genres=genres, year_number=year)
    idioteque = Track.objects.get(title="Idioteque")
    Lyrics.objects.create(track=idioteque, text="[00:01.00]Who's in a bunker\n[00:05.00]Women and children first")
    idioteque.mood_tags.add(MoodTag.objects.create(name="Unruhig"))
    idioteque.genre_tags.add(GenreTag.objects.create(name="IDM"))
    TrackArtist.objects.create(track=idioteque, artist=make_artist("Paul Lansky"), role="composer")
    refresh_search_documents(track_ids=list(Track.objects.values_list("pk", flat=True)))


@pytest.fixture
def found(cast: None) -> Callable[..., SearchOut]:
    return lambda query, **filters: search(query, SearchFilters(**filters))


@pytest.fixture
def tracks(found: Callable[..., SearchOut]) -> Titles:
    return lambda query, **filters: [hit.title for hit in found(query, **filters).tracks.items]


@pytest.fixture
def artists(found: Callable[..., SearchOut]) -> Titles:
    return lambda query, **filters: [hit.name for hit in found(query, **filters).artists.items]


@pytest.fixture
def albums(found: Callable[..., SearchOut]) -> Titles:
    return lambda query, **filters: [hit.title for hit in found(query, **filters).albums.items]
