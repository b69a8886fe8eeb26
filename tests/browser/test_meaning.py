"""Questions and the settings of meaning: dark, light and on a phone; chips are taken away without a script too."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.models import User
from embeddings.services.serving import note_model
from library.models import Track
from library.services.search_documents import refresh_search_documents
from library.tests.factories import make_artist, make_track
from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import LOOKS, look_at

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tracks(transactional_db: None) -> list[Track]:
    made = [
        make_track("Music for Airports", make_artist("Brian Eno"), genres=["Ambient"], year_number=1978),
        make_track("Raining Blood", make_artist("Slayer"), genres=["Thrash Metal"], year_number=1986),
        make_track("Blue Monday", make_artist("New Order"), genres=["Synthpop"], year_number=1983),
    ]
    refresh_search_documents(track_ids=[track.pk for track in made])
    note_model(kind="text", model="soniquebay-text-1", source="soniquebay")
    return made


@pytest.mark.parametrize("look", LOOKS)
def test_the_pages_of_meaning_are_sound(open_page: OpenPage, owner: User, tracks: list[Track], look: str) -> None:
    page = open_page("/ask/", user=owner, **LOOKS[look])
    look_at(page)
    page.goto("/ask/?q=aggressive+metal+from+the+eighties+without+keyboards")
    look_at(page)
    shoot(page, f"ask-{look}")
    page.goto("/settings/meaning/")
    look_at(page)
    shoot(page, f"meaning-{look}")


def test_a_chip_is_taken_away_and_comes_back(open_page: OpenPage, owner: User, tracks: list[Track]) -> None:
    page = open_page("/ask/?q=metal+from+the+eighties", user=owner)
    expect(page.locator("tbody tr").first).to_contain_text("Raining Blood")
    understood = page.get_by_role("group", name="What was understood")
    understood.get_by_role("link").first.click()
    expect(understood.get_by_role("link")).to_have_count(1)
    page.get_by_text("Taken away:").get_by_role("link").click()
    expect(understood.get_by_role("link")).to_have_count(2)


def shoot(page: Page, name: str) -> None:
    """For whoever wants to look: SHOTS=folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))
