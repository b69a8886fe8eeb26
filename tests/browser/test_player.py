"""The player in a browser: it sounds, goes on without a gap, and stays in step with what is said elsewhere."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Page, expect

from core.models import User
from library.models import Album, LibraryRoot
from library.tests.factories import make_root
from player.models import Listen
from player.tests.cast import command
from tests.browser.cable import Cable, why_not
from tests.browser.conftest import ARGUMENTS, Complaints, OpenPage, apart, session_of
from tests.browser.sounding import TAP, cut_tone, heard_by, long_mix, longest_quiet_ms, memory_mb, sounding_s
from tests.browser.test_every_page import LOOKS, look_at
from tests.processes import Process, Web, wait_until

KINDS = ("flac", "mp3", "opus", "ogg", "m4a")
LONGEST_GAP_MS = 10
MOST_MB = 150


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "music"
    place.mkdir()
    return place


@pytest.fixture
def root(web: Any, folder: Path) -> LibraryRoot:
    return make_root(str(folder))


@pytest.fixture
def album(root: LibraryRoot, folder: Path) -> Album:
    """Four tracks that are long enough not to end meanwhile."""
    return cut_tone(folder, root, ["flac", "mp3"], seconds=120)


def press_play(page: Page) -> None:
    page.locator(".album-head").get_by_role("button", name="Play", exact=True).click()


def sounds(page: Page) -> None:
    """Not only says so: its time goes on."""
    expect(page.locator("html")).to_have_attribute("data-playing", "playing")
    time = page.locator("#player [data-now=time]")
    before = time.inner_text()
    expect(time).not_to_have_text(before)


def title(page: Page) -> Any:
    return page.locator("#player [data-part=title]")


def plays_without_a_gap(page: Page, album: Album) -> None:
    """All five formats one behind the other: what stands between two parts is nothing."""
    page.context.add_init_script(TAP)
    page.goto(f"/albums/{album.pk}/")
    page.evaluate("window.heard.on = true")
    press_play(page)
    expect(title(page)).to_have_text("Part 10")
    expect(page.locator("html")).to_have_attribute("data-playing", "stopped")
    samples, rate = heard_by(page)
    assert sounding_s(samples, rate) > 8.5
    assert longest_quiet_ms(samples, rate) <= LONGEST_GAP_MS


def test_one_tone_in_two_files_sounds_as_one(open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path) -> None:
    album = cut_tone(folder, root, KINDS)
    plays_without_a_gap(open_page("/", user=owner), album)
    wait_until(lambda: apart(Listen.objects.count) >= 9, "listens are told")


@pytest.mark.parametrize(("on_one_album", "seconds"), [(False, 6), (True, 8)], ids=["singles", "an album"])
def test_tracks_overlap_where_that_was_chosen_but_those_of_an_album_do_not(
    open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path, on_one_album: bool, seconds: float
) -> None:
    album = cut_tone(folder, root, ["flac"], seconds=4)
    if not on_one_album:
        album.tracks.filter(track_position=2).update(album=None)
    tracks = list(root.tracks.order_by("path").values_list("pk", flat=True))
    command(owner, "add", tracks=tracks, where="last")
    page = open_page("/", user=owner)
    page.evaluate("localStorage.setItem('player-fade', '\"2\"')")
    page.context.add_init_script(TAP)
    page.goto("/")
    page.evaluate("window.heard.on = true")
    page.locator("#player [data-do=toggle]").click()
    expect(title(page)).to_have_text("Part 2")
    expect(page.locator("html")).to_have_attribute("data-playing", "stopped")
    samples, rate = heard_by(page)
    assert sounding_s(samples, rate) == pytest.approx(seconds, abs=0.9)
    wait_until(lambda: apart(Listen.objects.count) == 2, "listens are told")
    assert set(apart(lambda: list(Listen.objects.values_list("ended", flat=True)))) == {"finished"}


def test_it_plays_seeks_goes_on_and_survives_pages(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    sounds(page)
    page.evaluate("window.sameDocument = true")
    for path in ("Home", "Library", "Search", "Activity", "Settings") * 2:
        page.locator("#rail").get_by_role("link", name=path, exact=True).first.click()
        expect(page.locator("#rail [aria-current=page]")).to_have_text(re.compile(path))
    assert page.evaluate("window.sameDocument")
    sounds(page)
    page.keyboard.press("n")
    expect(title(page)).to_have_text("Part 2")
    slider = page.locator("#player [data-seek]")
    box = slider.bounding_box()
    assert box
    slider.click(position={"x": box["width"] * 0.75, "y": box["height"] / 2})
    expect(page.locator("#player [data-now=time]")).to_have_text(re.compile("1:3[0-9]"))
    sounds(page)
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-playing", "paused")


def test_keys_of_the_system_know_what_plays(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner)
    page.evaluate(
        "window.deeds = {}; navigator.mediaSession.setActionHandler = (name, deed) => { window.deeds[name] = deed; }"
    )
    press_play(page)
    sounds(page)
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Part 1"
    assert page.evaluate("navigator.mediaSession.playbackState") == "playing"
    page.evaluate("window.deeds.nexttrack()")
    expect(title(page)).to_have_text("Part 2")
    page.evaluate("window.deeds.seekto({ seekTime: 70 })")
    expect(page.locator("#player [data-now=time]")).to_have_text(re.compile("1:1[0-9]"))
    page.evaluate("window.deeds.pause()")
    expect(page.locator("html")).to_have_attribute("data-playing", "paused")
    assert page.evaluate("navigator.mediaSession.metadata.title") == "Part 2"


def test_it_falls_asleep_after_the_track_and_the_volume_stays(
    open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path
) -> None:
    album = cut_tone(folder, root, ["flac"], seconds=9)
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    page.locator("#player-menu > summary").click()
    page.locator("#player-menu [name=sleep]").select_option("end")
    expect(page.locator(".toast")).to_be_visible()
    expect(title(page)).to_have_text("Part 2")
    expect(page.locator("html")).to_have_attribute("data-playing", "paused")
    expect(page.locator("#player-menu [name=sleep]")).to_have_value("")


def test_what_was_heard_without_a_network_is_told_when_there_is_one(
    open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path, complaints: Complaints
) -> None:
    album = cut_tone(folder, root, ["flac"], seconds=4)
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    sounds(page)
    page.context.set_offline(True)
    wait_until(lambda: page.evaluate("localStorage.getItem('player-listens') !== null"), "a listen is kept")
    assert not apart(Listen.objects.count)
    page.context.set_offline(False)
    wait_until(lambda: apart(Listen.objects.count) > 0, "listens are told")
    complaints.clear()


GAINS = [
    # (what is known of it, the mode, how much louder)
    ({"track_db": -6.0206, "track_peak": 0.9, "album_db": -12.0412, "album_peak": 1.0}, "track", 0.5),
    ({"track_db": -6.0206, "track_peak": 0.9, "album_db": -12.0412, "album_peak": 1.0}, "album", 0.25),
    ({"track_db": -6.0206, "track_peak": 0.9, "album_db": None, "album_peak": None}, "album", 0.5),
    ({"track_db": None, "track_peak": None, "album_db": -6.0206, "album_peak": 0.9}, "track", 0.5),
    # Louder only as far as nothing is clipped; a peak that nobody measured may be full scale.
    ({"track_db": 6.0206, "track_peak": 0.8}, "track", 1.25),
    ({"track_db": 6.0206, "track_peak": None}, "track", 1.0),
    ({"track_db": -6.0206, "track_peak": 0.9}, "off", 1.0),
    (None, "track", 1.0),
    ({"track_db": None}, "track", 1.0),
]


def test_loudness_is_evened_and_never_clips(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner)
    address = static("js/player/gain.js")
    ask = f"([gain, mode]) => import('{address}').then(({{ factorOf }}) => factorOf(gain, mode))"
    for gain, mode, factor in GAINS:
        assert page.evaluate(ask, [gain, mode]) == pytest.approx(factor, rel=1e-4), (gain, mode)
    choose = f"(about) => import('{address}').then(({{ modeFor }}) => modeFor('auto', about))"
    assert page.evaluate(choose, {"shuffled": False, "neighbours": True}) == "album"
    assert page.evaluate(choose, {"shuffled": True, "neighbours": True}) == "track"
    assert page.evaluate(choose, {"shuffled": False, "neighbours": False}) == "track"


def test_three_hours_cost_the_tab_little(open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path) -> None:
    track = long_mix(folder, root)
    page = open_page(f"/tracks/{track.pk}/", user=owner)
    before = memory_mb(page)
    page.locator(".track-head").get_by_role("button", name="Play", exact=True).click()
    sounds(page)
    slider = page.locator("#player [data-seek]")
    slider.focus()
    for place in (0.5, 0.9, 0.1):
        box = slider.bounding_box()
        assert box
        slider.click(position={"x": box["width"] * place, "y": box["height"] / 2})
        sounds(page)
    assert memory_mb(page) - before <= MOST_MB


def test_a_reload_goes_on_where_it_was(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    sounds(page)
    page.locator("#player [data-seek]").focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#player [data-now=time]")).to_have_text(re.compile("0:3[0-9]"))
    page.reload()
    expect(title(page)).to_have_text("Part 1")
    expect(page.locator("#player [data-now=time]")).to_have_text(re.compile("0:3[0-9]"))


def test_two_tabs_are_in_step_and_hand_over(open_page: OpenPage, owner: User, album: Album) -> None:
    first = open_page(f"/albums/{album.pk}/", user=owner)
    second = first.context.new_page()
    second.goto("/library/")
    press_play(first)
    sounds(first)
    expect(title(second)).to_have_text("Part 1")
    expect(second.locator("#player [data-part=where]")).to_contain_text("Plays on")
    second.locator("#player [data-do=next]").click()
    expect(title(first)).to_have_text("Part 2")
    second.locator("#player-menu > summary").click()
    second.locator("#player-menu [data-device]", has_text="(here)").click()
    expect(second.locator("#player [data-part=where]")).to_have_text("")
    expect(first.locator("#player [data-part=where]")).to_contain_text("Plays on")
    sounds(second)
    first.locator("#player [data-do=toggle]").click()
    expect(second.locator("html")).to_have_attribute("data-playing", "paused")


def test_the_drawer_shows_moves_and_takes_out(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    page.keyboard.press("q")
    titles = page.locator("#queue-list [data-part=title]")
    expect(titles).to_have_text(["Part 1", "Part 2", "Part 3", "Part 4"])
    row = page.locator("#queue-list li", has_text="Part 4").locator("[data-part=choose]")
    row.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#queue-list li", has_text="Part 4")).to_have_attribute("aria-posinset", "3")
    page.keyboard.press("Delete")
    expect(titles).to_have_text(["Part 1", "Part 2", "Part 3"])
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator("#queue-list li", has_text="Part 4")).to_have_attribute("aria-posinset", "3")


def test_a_broken_track_is_left_out_with_a_word(
    open_page: OpenPage, owner: User, album: Album, folder: Path, complaints: Complaints
) -> None:
    (folder / "02.flac").write_bytes(b"no music at all")
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    sounds(page)
    page.locator("#player [data-do=next]").click()
    expect(page.locator(".toast.failed")).to_contain_text("Part 2 cannot be played")
    expect(title(page)).to_have_text("Part 3")
    sounds(page)
    complaints.clear()


@pytest.fixture
def cable(owner: User) -> Iterator[Cable]:
    if reason := why_not():
        pytest.skip(reason)
    laid = Cable()
    try:
        try:
            laid.lay()
        except subprocess.CalledProcessError as error:
            pytest.skip(f"no other machine can be made here: {error.stderr.decode().strip()}")
        yield laid
    finally:
        laid.take_away()


@pytest.fixture
def elsewhere(
    cable: Cable, chromium: Browser, test_database_url: str, tmp_path: Path, processes: list[Process]
) -> Iterator[tuple[Browser, str]]:
    """A browser on another machine, and the address under which it finds the server: plain HTTP, no loopback."""
    env = {**os.environ, "DATABASE_URL": test_database_url, "ALLOWED_HOSTS": cable.here}
    web = Web(log=tmp_path / "cable.log", env=env, host=cable.here)
    processes.append(web)
    wait_until(web.answers, "the web answers")
    browser = chromium.browser_type.launch(executable_path=cable.browser(tmp_path), args=list(ARGUMENTS))
    yield browser, web.url
    browser.close()


def test_another_machine_hears_no_gap_over_plain_http(
    elsewhere: tuple[Browser, str], owner: User, root: LibraryRoot, folder: Path, complaints: Complaints
) -> None:
    """Where a browser offers no AudioWorklet, no WebCodecs and no service worker."""
    browser, address = elsewhere
    context = browser.new_context(base_url=address, locale="en", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "soniquebay_session", "value": session_of(owner), "url": address}])
    page = context.new_page()
    complaints.hear(page)
    album = cut_tone(folder, root, KINDS)
    page.goto("/")
    assert page.evaluate("!isSecureContext && !('serviceWorker' in navigator) && !('AudioDecoder' in window)")
    plays_without_a_gap(page, album)
    context.close()
    # What a browser says of plain HTTP is so.
    complaints[:] = [said for said in complaints if "untrustworthy" not in said]


@pytest.mark.parametrize("look", LOOKS)
def test_what_plays_is_sound_for_everybody(open_page: OpenPage, owner: User, album: Album, look: str) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner, **LOOKS[look])
    press_play(page)
    expect(title(page)).to_have_text("Part 1")
    look_at(page)
    page.locator("#queue-switch").evaluate("button => button.click()")
    expect(page.locator("#queue-list li")).to_have_count(4)
    expect(page.locator("#queue-list .is-waiting")).to_have_count(0)
    look_at(page)
    for address in ("/playing/", "/"):
        page.goto(address)
        # Buttons take their colours when the page hears what plays: until then axe passes over them.
        expect(page.locator(".play-btn[data-do=toggle]:visible").first).to_be_enabled()
        look_at(page)


def test_without_scripts_buttons_fill_the_queue(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner, java_script_enabled=False)
    page.locator(".album-head").get_by_role("button", name="Queue", exact=True).click()
    expect(page.locator(".messages")).to_contain_text("4 tracks are in the queue.")
    page.goto("/playing/")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
