"""The library's pages: what they show and say, how they narrow, and that a longer list asks no more of the database."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import panels
from core.models import User
from core.panels import Panel
from library.filters import TRACKS, Filter
from library.models import Album, Artist, Lyrics, Track, TrackArtist, TrackUse
from library.tests.factories import make_album, make_artist, make_cover, make_genre, make_root, make_track

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
MORE = {"HX-Request": "true", "HX-Target": "more"}


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.content[:400]
    return str(response.content.decode())


def titles(page: str) -> list[str]:
    """Of cards and rows, in their order."""
    return re.findall(r'<(?:h3 class="clip"><a|a class="clip under") href="/\w+/\d+/" title="([^"]*)"', page)


@pytest.fixture
def shelf(db: None) -> Callable[[int], None]:
    """Albums of different artists, each with a picture, a genre and two tracks."""

    def fill(count: int) -> None:
        root = make_root()
        for number in range(count):
            album = make_album(f"Album {number:03}", make_artist(f"Artist {number:03}"), year=1960 + number)
            album.genres.add(make_genre(f"Genre {number:03}"))
            make_cover(album)
            for side in "AB":
                make_track(f"Track {number:03}{side}", album=album, root=root, genres=[f"Genre {number:03}"])

    return fill


# --- the lists --------------------------------------------------------------------------------------------------------


def test_an_empty_library_says_what_to_do(signed_in: Client) -> None:
    for name in ("albums", "artists", "tracks", "genres"):
        page = text_of(signed_in.get(reverse(f"library_{name}")))
        assert "No music has come in" in page
        assert reverse("roots") in page


def test_who_may_not_add_folders_is_not_sent_to_do_so(client: Client, listener: User) -> None:
    client.force_login(listener)
    page = text_of(client.get(reverse("library_albums")))
    assert "Choose a folder" not in page
    assert reverse("start_job", args=["library.demo_library"]) in page


def test_albums_stand_by_artist_and_grow_page_by_page(signed_in: Client, shelf: Callable[[int], None]) -> None:
    shelf(60)
    page = text_of(signed_in.get("/library/albums/"))
    assert "60 albums · 120 tracks · 6\u00a0h\u00a000 of music" in page
    assert titles(page) == [f"Album {n:03}" for n in range(48)]
    following = re.search(r'<a class="btn low" href="([^"]+)" rel="next"', page)
    assert following
    address = following[1].replace("&amp;", "&")
    rows = text_of(signed_in.get(address, headers=MORE))
    assert "<html" not in rows
    assert titles(rows) == [f"Album {n:03}" for n in range(48, 60)]
    assert "rel=" not in rows
    whole = text_of(signed_in.get(address))
    assert titles(whole) == titles(rows)
    assert whole.count("<main ") == 1


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("sort=title_desc", ["C", "B", "A"]),
        ("sort=newest", ["B", "A", "C"]),
        ("support=Vinyl", ["B"]),
        ("decade=1990", ["A"]),
        ("genre=Dub", ["A"]),
        ("lossless=1", ["A"]),
        ("unheard_of=1&sort=nonsense", ["A", "B", "C"]),
    ],
)
def test_albums_are_narrowed_and_sorted(signed_in: Client, query: str, shown: list[str]) -> None:
    artist = make_artist("Moss")
    made = (("A", 1994, "CD", "flac"), ("B", 2004, "Vinyl", "mp3"), ("C", None, "CD", "mp3"))
    for title, year, support, kind in made:
        album = make_album(title, artist, year=year, support=support)
        make_track(album=album, file_type=kind, genres=["Dub"] if title == "A" else [])
    assert sorted(titles(text_of(signed_in.get(f"/library/albums/?{query}")))) == sorted(shown)


def test_a_filter_that_is_on_can_be_taken_away(signed_in: Client, shelf: Callable[[int], None]) -> None:
    shelf(3)
    page = text_of(signed_in.get("/library/albums/?decade=1960&lossless=1&sort=title"))
    on = re.findall(r'<a class="chip is-on" href="([^"]+)"><bdi class="clip">([^<]+)<', page)
    assert [(label, address.replace("&amp;", "&")) for address, label in on] == [
        ("1960s", "/library/albums/?lossless=1&sort=title"),
        ("Lossless", "/library/albums/?decade=1960&sort=title"),
    ]


def test_what_cannot_narrow_a_list_is_refused_in_words(signed_in: Client) -> None:
    for address in ("/library/albums/?decade=soon", "/library/tracks/?artist=%00", "/library/albums/?cursor=x"):
        assert signed_in.get(address).status_code == 422, address


def test_nothing_found_offers_everything_again(signed_in: Client, shelf: Callable[[int], None]) -> None:
    shelf(1)
    page = text_of(signed_in.get("/library/albums/?support=Cassette"))
    assert "Nothing answers to all of this" in page
    assert 'class="chip is-on"' in page


def test_filters_of_apps_above_appear_by_themselves(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TRACKS, "_filters", dict(TRACKS._filters))
    TRACKS.register(Filter("weather", "Weather of the piece", str, lambda rows, value: rows.filter(title=value)))
    make_track("calm")
    make_track("storm")
    page = text_of(signed_in.get("/library/tracks/"))
    assert "Weather of the piece" in page
    assert 'name="weather"' in page
    page = text_of(signed_in.get("/library/tracks/?weather=calm"))
    assert titles(page)[0] == "calm"
    assert "Weather of the piece: calm" in page


def test_a_list_is_entered_at_a_letter_and_goes_on(signed_in: Client) -> None:
    for name in ("Aster", "Bram", "Bree", "Coralie"):
        make_album(f"of {name}", make_artist(name))
    page = text_of(signed_in.get("/library/albums/"))
    rail = page[page.index('<nav class="az') :]
    assert re.findall(r'href="[^"]*begin=(\w)"', rail) == ["a", "b", "c"]
    page = text_of(signed_in.get("/library/albums/?begin=b"))
    assert titles(page) == ["of Bram", "of Bree", "of Coralie"]
    assert re.search(r'is-on" href="/library/albums/"><bdi class="clip">From B<', page)
    assert '<nav class="az' not in text_of(signed_in.get("/library/albums/?sort=added"))


def test_covers_or_a_table_is_remembered_by_the_browser(signed_in: Client, shelf: Callable[[int], None]) -> None:
    shelf(2)
    assert "<table" not in text_of(signed_in.get("/library/albums/"))
    assert "<table" in text_of(signed_in.get("/library/albums/?view=table"))
    assert "<table" in text_of(signed_in.get("/library/artists/"))
    assert "<table" not in text_of(signed_in.get("/library/artists/?view=covers"))
    assert "<table" not in text_of(signed_in.get("/library/albums/?view=nonsense"))


LISTS = ("/library/artists/", "/library/albums/", "/library/albums/?view=table", "/library/tracks/", "/library/genres/")


@pytest.mark.parametrize("address", [*LISTS, "/", "/library/albums/?decade=1960&genre=1", "/search/?q=track"])
def test_more_rows_ask_no_more_of_the_database(signed_in: Client, shelf: Callable[[int], None], address: str) -> None:
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            text_of(signed_in.get(address))
        return len(captured)

    shelf(5)
    few = queries()
    for number in range(5, 50):
        album = make_album(f"Album {number:03}", make_artist(f"Artist {number:03}"), year=1960)
        album.genres.add(make_genre(f"Genre {number:03}"))
        make_cover(album)
        make_track(album=album, genres=[f"Genre {number:03}"])
    assert queries() <= few


# --- an album, an artist, a track, a genre ----------------------------------------------------------------------------


def test_an_album_says_what_it_is(signed_in: Client) -> None:
    halden, ines = make_artist("Halden Quay"), make_artist("Ines Marrow")
    album = make_album("Low Water", halden, year=2019, support="Vinyl", label="Fathom & Sons")
    album.album_artists.update(join_phrase=" with ")
    album.album_artists.create(artist=ines, position=1)
    for disc, place, title in ((2, 1, "Neap"), (1, 2, "Tidewrack"), (1, 1, "Foreshore")):
        make_track(
            title, album=album, disc_position=disc, track_position=place, bit_depth=24, sample_rate=96_000,
            disc_subtitle="The Sea" if disc == 2 else "",
        )  # fmt: skip
    make_album("Low Water", halden, year=2021, version="Deluxe")
    page = text_of(signed_in.get(reverse("album", args=[album.pk])))
    assert "Album · Vinyl and FLAC 24/96" in page
    assert f'href="/artists/{halden.pk}/"><bdi>Halden Quay</bdi></a> with <a' in page
    assert f'href="/artists/{ines.pk}/"><bdi>Ines Marrow</bdi></a></p>' in page
    for said in ("2019", "3 tracks", "9\u00a0min", "Fathom &amp; Sons", "Disc 1", "The Sea", "Other editions"):
        assert said in page, said
    assert titles(page)[:3] == ["Foreshore", "Tidewrack", "Neap"]


def test_an_album_whose_files_are_missing_says_so(signed_in: Client) -> None:
    album = make_album()
    make_track(album=album)
    make_track(album=album, missing_since=timezone.now())
    page = text_of(signed_in.get(reverse("album", args=[album.pk])))
    assert "1 track is missing" in page
    assert page.count("is-missing") == 1


def test_the_light_of_a_page_comes_from_its_cover(signed_in: Client) -> None:
    album = make_album()
    image = make_cover(album).image
    assert image
    image.color_1, image.color_2 = "#123456", "red;}*{"
    image.save()
    page = text_of(signed_in.get(reverse("album", args=[album.pk])))
    assert 'style="--ambient:#123456"' in page
    assert 'data-ambient="#123456"' in page
    assert "red;}" not in page


def test_an_artist_has_albums_in_time_and_what_they_had_a_part_in(signed_in: Client, owner: User) -> None:
    halden, bram = make_artist("Halden Quay"), make_artist("Bram Teller")
    later, first = make_album("Later", halden, year=2020), make_album("First", halden, year=2001)
    other = make_album("Carpentry", bram, year=1972)
    make_track("Quiet", album=first)
    heard = make_track("Heard", album=later)
    TrackUse.objects.create(user=owner, track=heard, plays=7)
    guest = make_track("Guest", album=other)
    TrackArtist.objects.create(track=guest, artist=halden, role=TrackArtist.Role.PRODUCER)
    page = text_of(signed_in.get(reverse("artist", args=[halden.pk])))
    assert titles(page[: page.index("Most heard")]) == ["First", "Later"]
    assert titles(page[page.index("Most heard") :])[0] == "Heard"
    assert titles(page[page.index("Appears on") :]) == ["Carpentry"]
    assert "Producer" in page


def test_a_track_says_where_everything_comes_from(signed_in: Client) -> None:
    root = make_root("/srv/music")
    album = make_album("Low Water", make_artist("Halden Quay"))
    track = make_track(
        "Slack Before the Turn", album=album, root=root, track_position=3, genres=["Slowcore"], isrc="GBAYE1900031",
        bit_depth=24, sample_rate=96_000, replaygain_track_gain=-4.61,
    )  # fmt: skip
    TrackArtist.objects.create(track=track, artist=make_artist("R. Aldous"), role="performer", detail="piano")
    Lyrics.objects.create(
        track=track, text="[ar:Halden]\n[00:12.50][01:02.5]Rope, rust\n[00:08]a low sun", synced=True, source="sidecar"
    )
    page = text_of(signed_in.get(reverse("track", args=[track.pk])))
    for said in ("Track 3 of", "Performer", "(<bdi>piano</bdi>)", "GBAYE1900031", "−4.6\u00a0dB", "96\u00a0kHz"):
        assert said in page, said
    assert str(track.path) in page
    assert re.findall(r'faint">([\d:]+)</span><bdi>([^<]*)', page) == [
        ("0:08", "a low sun"), ("0:12", "Rope, rust"), ("1:02", "Rope, rust"),
    ]  # fmt: skip


def test_only_the_owner_sees_where_files_lie_on_the_server(client: Client, listener: User) -> None:
    track = make_track(root=make_root("/srv/secret/music"), folder="Moss/")
    client.force_login(listener)
    page = text_of(client.get(reverse("track", args=[track.pk])))
    assert "/srv/secret" not in page
    assert "music/Moss/" in page


def test_a_track_without_its_file_says_what_is_kept(signed_in: Client) -> None:
    gone = make_track(missing_since=timezone.now(), root=make_root())
    assert "Its file is missing" in text_of(signed_in.get(reverse("track", args=[gone.pk])))
    heard = make_track()
    assert "There is no file of it here" in text_of(signed_in.get(reverse("track", args=[heard.pk])))


def test_a_genre_has_its_albums_and_artists(signed_in: Client) -> None:
    artist = make_artist("Moss")
    album = make_album("Calendar", artist)
    genre = make_genre("Dub")
    album.genres.add(genre)
    artist.genres.add(genre)
    make_track(album=album, genres=["Dub"])
    assert titles(text_of(signed_in.get(reverse("genre", args=[genre.pk])))) == ["Calendar", "Moss"]


@pytest.mark.parametrize("name", ["album", "artist", "track", "genre"])
def test_what_is_not_there_is_said_to_be_so(signed_in: Client, name: str) -> None:
    for number in (0, 1, 2**63, 10**30):
        assert signed_in.get(f"/{name}s/{number}/").status_code in {404, 422}


def test_hostile_names_are_shown_as_text(signed_in: Client) -> None:
    artist = make_artist(HOSTILE)
    album = make_album(HOSTILE, artist, label=HOSTILE, version=HOSTILE)
    genre = make_genre(HOSTILE)
    album.genres.add(genre)
    track = make_track(HOSTILE, album=album, genres=[HOSTILE], comment=HOSTILE)
    Lyrics.objects.create(track=track, text=HOSTILE)
    of_each = [reverse(name, args=[row.pk]) for name, row in (
        ("album", album), ("artist", artist), ("track", track), ("genre", genre),
    )]  # fmt: skip
    for address in (*LISTS, *of_each, "/", f"/library/tracks/?artist={artist.pk}"):
        page = text_of(signed_in.get(address))
        assert "<img src=x" not in page, address
        assert "&lt;img src=x" in page, address


def test_panels_of_apps_above_stand_on_the_pages(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "_panels", dict(panels._panels))
    seen: list[Any] = []

    def fill(request: Any, subject: Any) -> dict[str, Any]:
        seen.append(subject)
        return {"form": None}

    for place in ("album", "artist", "track"):
        panels.register(Panel(f"test.{place}", place, "_form_errors.html", fill))
    album = make_album()
    track = make_track(album=album)
    for name, row in (("album", album), ("artist", album.album_artist), ("track", track)):
        text_of(signed_in.get(reverse(name, args=[row.pk])))
    assert [type(subject) for subject in seen] == [Album, Artist, Track]


def test_home_shows_what_came_in_last(signed_in: Client, shelf: Callable[[int], None]) -> None:
    assert "Choose a folder of music" in text_of(signed_in.get("/"))
    shelf(12)
    page = text_of(signed_in.get("/"))
    assert "Choose a folder of music" not in page
    assert titles(page)[:8] == [f"Album {n:03}" for n in range(11, 3, -1)]
    assert "All 12 albums" in page


def test_home_changes_when_the_first_music_comes_in(signed_in: Client, shelf: Callable[[int], None]) -> None:
    def ask() -> Any:
        return signed_in.get(reverse("first_steps"), headers={"HX-Request": "true", "HX-Target": "first-steps"})

    assert "HX-Location" not in ask()
    shelf(1)
    assert '"path": "/"' in ask()["HX-Location"]
