"""The library in a browser: it grows under the hand, answers while one types, and is sound for everybody."""

import gzip
import hashlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from core.models import Job, User
from library.engine.cover_files import SIZES, thumbnail
from library.models import Album, CoverImage, Lyrics, ScanAbsence, ScanError, Track, TrackArtist
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_album, make_artist, make_cover, make_genre, make_root, make_track
from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import LOOKS, look_at

HOSTILE = "<img src=x onerror=alert(1)>\u202egpj.exe"
LONG = "Unbroken" * 40
ALBUMS = 60


def drawn(colour: str) -> CoverImage:
    """A picture of one colour with its thumbnails, as the job would have made them."""
    buffer = BytesIO()
    Image.new("RGB", (64, 64), colour).save(buffer, "WEBP")
    digest = hashlib.sha256(buffer.getvalue()).hexdigest()
    for size in SIZES:
        place = thumbnail(settings.MEDIA_ROOT, digest, size)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(buffer.getvalue())
    made = {"mime_type": "image/webp", "size": 1, "color_1": colour, "color_2": colour, "thumbnails_at": timezone.now()}
    return CoverImage.objects.get_or_create(digest=digest, defaults=made)[0]


@pytest.fixture
def library(web: Any) -> Album:
    """Sixty albums with pictures and tracks; the first of them has everything that a page can show."""
    pictures = [drawn(colour) for colour in ("#98727c", "#1d4258", "#f0c83c")]
    root = make_root("/srv/music", name="Music", last_scan_at=timezone.now(), track_count=120)
    for number in range(ALBUMS):
        artist = make_artist(f"Artist {number:02}")
        album = make_album(f"Album {number:02}", artist, year=1964 + number, support="Vinyl" if number % 2 else "CD")
        make_cover(album, digest=pictures[number % 3].pk)
        album.genres.add(make_genre(f"Genre {number % 9}"))
        for place in (1, 2):
            make_track(f"Track {number:02} {place}", album=album, root=root, track_position=place, genres=["Ambient"])
    first = Album.objects.get(title="Album 00")
    make_album("Album 00", first.album_artist, version="Deluxe", year=2024)
    strange = make_album(HOSTILE, make_artist(LONG), version=LONG, label=HOSTILE)
    make_track(LONG, album=strange, root=root, disc_position=2, missing_since=timezone.now(), comment=HOSTILE)
    make_track(HOSTILE, album=strange, disc_position=1, file_type="mp3", bitrate=256_000)
    track = first.tracks.get(track_position=1)
    TrackArtist.objects.create(track=track, artist=make_artist("R. Aldous"), role="performer", detail="piano")
    Lyrics.objects.create(track=track, text="\n".join(f"[00:{s:02}.00]Line {s}" for s in range(60)), synced=True)
    ScanError.objects.create(root=root, path=f"/srv/music/{HOSTILE}.flac", reason="It is cut short.")
    refresh_search_documents(track_ids=list(Track.objects.values_list("pk", flat=True)))
    return first


@pytest.fixture
def questions(library: Album) -> None:
    """A root that asks, one that is read just now, one that nobody watches."""
    asking = make_root("/srv/unmounted", name=LONG)
    tracks = [make_track(root=asking) for _ in range(2)]
    now = timezone.now()
    begun = {"kind": "library.scan", "queue": "files", "started_at": now - timedelta(minutes=1), "attempt": 1}
    failed = Job.objects.create(
        state="failed", subject=str(asking.pk), finished_at=now, message="2 of 2 files are gone", **begun
    )
    ScanAbsence.objects.bulk_create(ScanAbsence(job=failed, track=track) for track in tracks)
    busy = make_root("/srv/vinyl", name="Vinyl", watched=False)
    Job.objects.create(
        state="running", subject=str(busy.pk), step="Reading", current=40, total=100, heartbeat_at=now,
        params={"root_id": busy.pk, "force": False, "accept_missing": False}, **begun,
    )  # fmt: skip


def addresses(first: Album) -> list[str]:
    strange = Album.objects.get(title=HOSTILE)
    lists = [f"/library/{name}/{view}" for name in ("albums", "artists") for view in ("?view=table", "?view=covers")]
    pages = [f"/albums/{album.pk}/" for album in (first, strange)]
    pages += [f"/artists/{first.album_artist_id}/", f"/artists/{strange.album_artist_id}/"]
    pages += [f"/tracks/{track.pk}/" for track in (*first.tracks.all()[:1], *strange.tracks.all())]
    found = ["/search/", "/search/?q=album", "/search/?q=track&in=tracks", "/search/?q=nothingatall"]
    return [
        "/", *lists, "/library/tracks/", "/library/genres/", "/library/albums/?support=Cassette", "/genres/1/", *pages,
        *found, "/settings/roots/", "/settings/roots/errors/",
    ]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_library_are_sound(
    open_page: OpenPage, owner: User, library: Album, questions: None, look: str
) -> None:
    page = open_page("/", user=owner, **LOOKS[look])
    for address in addresses(library):
        page.goto(address)
        look_at(page)


def test_menus_are_sound_and_close_by_themselves(open_page: OpenPage, owner: User, library: Album) -> None:
    for look in ("dark", "phone"):
        page = open_page("/library/albums/", user=owner, **LOOKS[look])
        page.locator("summary", has_text="Genre").click()
        expect(page.get_by_role("link", name="Genre 3")).to_be_visible()
        look_at(page)
        page.keyboard.press("Escape")
        expect(page.locator(".menu[open]")).to_have_count(0)
        page.locator("summary", has_text="Artist, A to Z").click()
        page.get_by_role("heading", level=1).click()
        expect(page.locator(".menu[open]")).to_have_count(0)


def test_an_empty_library_is_sound(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner)
    lists = ("/library/albums/", "/library/tracks/")
    for address in ("/", *lists, "/search/", "/settings/roots/", "/settings/roots/errors/"):
        page.goto(address)
        look_at(page)


def test_a_list_grows_a_cover_lights_its_page_and_history_keeps_both(
    open_page: OpenPage, owner: User, library: Album
) -> None:
    page = open_page("/library/albums/", user=owner)
    expect(page.locator(".albums > .card")).to_have_count(48)
    page.evaluate("document.getElementById('player').dataset.mark = 'the same'")
    page.mouse.move(700, 500)
    page.mouse.wheel(0, 4000)
    expect(page.locator(".albums > .card")).to_have_count(ALBUMS + 2)
    assert page.url.endswith("/library/albums/")
    page.get_by_role("link", name="Album 55").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Album 55")
    page.go_back()
    expect(page.locator(".albums > .card")).to_have_count(ALBUMS + 2)
    assert page.locator("#player").get_attribute("data-mark") == "the same"
    root = page.locator("html")
    dusk = "rgb(152, 114, 124)"
    page.get_by_role("link", name="Album 01", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Album 01")
    expect(root).to_have_css("--ambient", "rgb(29, 66, 88)")
    page.locator("#rail").get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Albums")
    expect(root).to_have_css("--ambient", dusk)


def test_a_filter_a_letter_and_a_table_are_links_that_history_knows(
    open_page: OpenPage, owner: User, library: Album
) -> None:
    page = open_page("/library/albums/", user=owner)
    page.locator("summary", has_text="Support").click()
    page.get_by_role("link", name="Vinyl", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("30 albums")
    page.get_by_role("link", name="Vinyl remove this filter").click()
    expect(page.get_by_role("status").first).to_contain_text("62 albums")
    page.get_by_role("link", name="Table").click()
    expect(page.locator("table.tracks tbody tr").first).to_be_visible()
    page.get_by_role("link", name="U", exact=True).click()
    expect(page.get_by_role("link", name="From U")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    page.go_back()
    expect(page.locator(".albums > .card").first).to_be_visible()


def test_search_opens_from_anywhere_and_answers_while_one_types(
    open_page: OpenPage, owner: User, library: Album
) -> None:
    page = open_page("/activity/", user=owner)
    page.keyboard.press("/")
    field = page.get_by_role("searchbox")
    expect(field).to_be_focused()
    page.keyboard.type("album 1")
    expect(page.locator(".shelf").get_by_role("link", name="Album 11")).to_be_visible()
    expect(field).to_be_focused()
    assert "q=album" in page.url
    page.keyboard.press("Escape")
    page.locator(".facets a", has_text="1970s").click()
    expect(page.locator(".chip.is-on")).to_contain_text("1970s")
    page.locator("#rail").get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Recently added")).to_be_visible()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("zzzzqqq")
    expect(page.get_by_role("heading", name="Nothing answers to")).to_be_visible()


def test_without_scripts_the_library_is_browsed(open_page: OpenPage, owner: User, library: Album) -> None:
    page = open_page("/library/albums/", user=owner, java_script_enabled=False)
    page.get_by_role("link", name="More", exact=True).click()
    expect(page.locator(".albums > .card")).to_have_count(ALBUMS + 2 - 48)
    page.get_by_role("link", name="Album 55").click()
    page.get_by_role("link", name="Track 55 1").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Track 55 1")
    page.locator("#rail").get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("album 12")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("link", name="Album 12", exact=True).first).to_be_visible()


def test_a_folder_is_added_refused_and_watched(
    open_page: OpenPage, owner: User, library: Album, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    page = open_page("/settings/roots/", user=owner)
    page.get_by_label("Path of the folder").fill("relative/path")
    page.get_by_role("button", name="Add and read it").click()
    expect(page.locator(".entry.wrong .errors")).to_be_visible()
    page.get_by_label("Path of the folder").fill(str(tmp_path / "elsewhere"))
    page.get_by_role("button", name="Add and read it").click()
    expect(page.locator(".folders > li")).to_have_count(2)
    expect(page.locator(".folders").get_by_role("progressbar", name="elsewhere")).to_have_count(1)
    switch = page.get_by_role("switch", name="Watched Music")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")


def test_pages_are_light_and_nothing_moves_while_they_load(open_page: OpenPage, owner: User, library: Album) -> None:
    page = open_page("/settings/about/", user=owner)
    addresses = ("/", "/library/albums/", "/library/tracks/", f"/albums/{library.pk}/", "/search/?q=album")
    weigh_pages(page, addresses)
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert shifted(page) < 0.02, address


def shifted(page: Page) -> float:
    """The sum of layout shifts since the page began."""
    return float(
        page.evaluate(
            """() => new Promise((resolve) => {
                let sum = 0;
                new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
                    .observe({ type: 'layout-shift', buffered: true });
                setTimeout(() => resolve(sum), 100);
            })"""
        )
    )


def weigh_pages(page: Page, addresses: tuple[str, ...], most: int = 90_000) -> None:
    """Without pictures at most 90 kB, as they would be sent compressed, unless a page has more to draw."""
    for address in addresses:
        weights: dict[str, int] = {}

        def weigh(response: Any, into: dict[str, int] = weights) -> None:
            if response.request.resource_type in {"document", "script", "stylesheet"}:
                into[response.url] = len(gzip.compress(response.body()))

        page.on("response", weigh)
        page.goto(address, wait_until="networkidle")
        page.remove_listener("response", weigh)
        assert sum(weights.values()) < most, (address, weights)
