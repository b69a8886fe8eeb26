"""What is near, ordered by sliders without leaving the page; the map drawn, pointed at, looped; all of it sound."""

import math

import pytest
from playwright.sync_api import Page, expect

from core.models import User
from embeddings.models import MapRegion
from embeddings.tests.sea import chart, sounding_track, towards
from library.models import Track
from tests.browser.conftest import OpenPage
from tests.browser.test_every_page import LOOKS, look_at

FEATURES = {"bpm": 120.0, "camelot_key": "8A", "energy": 0.5}


@pytest.fixture
def shore(owner: User) -> list[Track]:
    """Tracks that go together, round a bay of the map."""
    tracks = [
        sounding_track(towards(1, 0.1, seed), towards(1, 0.1, seed), FEATURES, genres=["Dub"]) for seed in range(12)
    ]
    turns = [math.tau * place / len(tracks) for place in range(len(tracks))]
    points = [
        (track, round(20_000 * math.cos(turn)), round(20_000 * math.sin(turn)))
        for track, turn in zip(tracks, turns, strict=True)
    ]
    layout = chart(points)
    MapRegion.objects.create(layout=layout, name="Dub", also=[], x=0, y=0, reach=9_000, tracks=12)
    return tracks


def drawn(page: Page) -> None:
    page.locator(".chartroom[data-drawn]").wait_for()


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_sound(open_page: OpenPage, owner: User, shore: list[Track], look: str) -> None:
    handful = ",".join(str(track.pk) for track in shore[:6])
    page = open_page("/radio/", user=owner, **LOOKS[look])
    one, other = shore[0].pk, shore[5].pk
    for address in (
        f"/tracks/{one}/similar/",
        f"/radio/?from=track:{one}",
        "/path/",
        f"/path/?from={one}&to={other}&steps=4",
        f"/mixer/?tracks={handful}",
        "/map/",
    ):
        page.goto(address)
        look_at(page)


def test_sliders_order_anew_without_leaving_the_page(open_page: OpenPage, owner: User, shore: list[Track]) -> None:
    page = open_page(f"/tracks/{shore[0].pk}/", user=owner)
    page.evaluate("document.body.dataset.stayed = 'yes'")
    slider = page.locator("#similar input[name=harmony]")
    with page.expect_response(lambda answer: "/similar/" in answer.url):
        slider.fill("100")
        slider.dispatch_event("change")
    expect(page.locator("#similar input[name=harmony]")).to_have_value("100")
    assert page.evaluate("document.body.dataset.stayed") == "yes"


def test_the_map_answers_to_hands(open_page: OpenPage, owner: User, shore: list[Track]) -> None:
    page = open_page("/map/", user=owner)
    drawn(page)
    box = page.locator(".chartroom").bounding_box()
    assert box is not None
    whole = min(box["width"], box["height"]) / (1.18 * 40_000)
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    first = (middle[0] + 20_000 * whole, middle[1])
    across = (middle[0] - 20_000 * whole, middle[1])

    page.mouse.click(*first)
    card = page.locator(".tip:not(.loop)")
    expect(card).to_contain_text(shore[0].title)
    expect(card.get_by_role("button", name=f"Play {shore[0].title}")).to_have_attribute("value", f"track:{shore[0].pk}")

    page.keyboard.down("Shift")
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*across, steps=5)
    page.mouse.up()
    page.keyboard.up("Shift")
    expect(page.locator(".route")).to_contain_text(f"From {shore[0].title} to {shore[6].title}")

    page.get_by_role("button", name="Draw a loop around tracks").click()
    page.mouse.move(box["x"] + 90, box["y"] + 20)
    page.mouse.down()
    for x, y in ((box["width"] - 90, 20), (box["width"] - 90, box["height"] - 20), (90, box["height"] - 20)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
    page.mouse.up()
    loop = page.locator(".loop")
    expect(loop).to_contain_text("12 tracks in the loop")
    expect(loop).to_contain_text("mostly Dub")
    value = loop.get_by_role("button", name="Play").get_attribute("value") or ""
    assert {int(number) for number in value.removeprefix("tracks:").split(",")} == {track.pk for track in shore}


def test_the_map_shows_the_track_that_its_address_names_and_hears_keys(
    open_page: OpenPage, owner: User, shore: list[Track]
) -> None:
    page = open_page(f"/map/#track={shore[3].pk}", user=owner)
    drawn(page)
    expect(page.locator(".tip:not(.loop)")).to_contain_text(shore[3].title)
    page.locator("canvas").focus()
    for key in ("0", "+", "ArrowLeft", "-", "Escape"):
        page.keyboard.press(key)
    expect(page.locator(".tip:not(.loop)")).to_be_hidden()
    page.get_by_text("As a table").click()
    expect(page.get_by_role("rowheader", name="Dub")).to_be_visible()
