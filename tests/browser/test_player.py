"""The player in a browser: it sounds, goes on without a gap, and stays in step with what is said elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.models import User
from library.models import Album, LibraryRoot
from library.tests.factories import make_root
from player.models import Listen
from tests.browser.conftest import Complaints, OpenPage, apart
from tests.browser.sounding import TAP, cut_tone, heard_by, longest_quiet_ms, sounding_s
from tests.processes import wait_until

KINDS = ("flac", "mp3", "opus", "ogg", "m4a")
LONGEST_GAP_MS = 10
PLAYING = re.compile("playing")


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
    return cut_tone(folder, root, ["flac", "mp3"], seconds=40)


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


def test_one_tone_in_two_files_sounds_as_one(
    open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path
) -> None:
    album = cut_tone(folder, root, KINDS)
    plays_without_a_gap(open_page("/", user=owner), album)
    wait_until(lambda: apart(Listen.objects.count) >= 9, "listens are told")


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
    expect(page.locator("#player [data-now=time]")).to_have_text(re.compile("0:3[0-9]"))
    sounds(page)
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-playing", "paused")


def test_a_reload_goes_on_where_it_was(open_page: OpenPage, owner: User, album: Album) -> None:
    page = open_page(f"/albums/{album.pk}/", user=owner)
    press_play(page)
    sounds(page)
    page.keyboard.press("End")
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
