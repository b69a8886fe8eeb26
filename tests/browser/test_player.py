"""The player in a browser: it sounds, goes on without a gap, and stays in step with what is said elsewhere."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from core.models import User
from library.models import LibraryRoot
from library.tests.factories import make_root
from tests.browser.conftest import OpenPage
from tests.browser.sounding import TAP, cut_tone, heard_by, largest_jump_ms, longest_quiet_ms, sounding_part

KINDS = ("flac", "mp3", "opus", "ogg", "m4a")
LONGEST_GAP_MS = 10
PART = 65_539


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "music"
    place.mkdir()
    return place


@pytest.fixture
def root(web: Any, folder: Path) -> LibraryRoot:
    return make_root(str(folder))


def listen(page: Page) -> None:
    page.evaluate("window.heard.on = true")


@pytest.mark.parametrize("kind", KINDS)
def test_one_tone_in_two_files_sounds_as_one(
    open_page: OpenPage, owner: User, root: LibraryRoot, folder: Path, kind: str
) -> None:
    album = cut_tone(folder, root, kind, samples=(PART, PART))
    page = open_page("/", user=owner)
    page.context.add_init_script(TAP)
    page.goto(f"/albums/{album.pk}/")
    listen(page)
    page.locator(".album-head").get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#player [data-part=title]")).to_have_text("Part 2")
    expect(page.locator("html")).to_have_attribute("data-playing", "stopped")
    page.wait_for_timeout(500)
    samples, rate = heard_by(page)
    length = sounding_part(samples).size / rate
    import numpy as np; np.save(f'/tmp/p3-{kind}.npy', samples)
    print(kind, rate, "length", length, "quiet", longest_quiet_ms(samples, rate), "jump", largest_jump_ms(samples, rate))
    assert longest_quiet_ms(samples, rate) <= LONGEST_GAP_MS
