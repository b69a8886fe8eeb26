"""How music sounds, in a browser: values are put right in place, bars lead to lists, and it is sound for everybody."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from analysis.engine.version import ANALYZER_VERSION
from analysis.models import AnalysisError
from analysis.selectors.features import get_by_track_id
from analysis.services.correcting import correct_feature
from analysis.services.features import create_or_update
from analysis.tests.sounding import analysed
from core.models import Job, User
from library.models import Track
from library.tests.factories import make_album, make_root, make_track
from tests.browser.conftest import OpenPage, apart
from tests.browser.test_every_page import LOOKS, look_at
from tests.browser.test_library import HOSTILE, LONG, shifted, weigh_pages

KEYS = ("8A", "8A", "9A", "7A", "8B", "1B", "12A", "5A")


@pytest.fixture
def track(web: Any, owner: User) -> Track:
    """An album of which everything is known; its first track contradicted, corrected and locked."""
    root, album = make_root("/srv/music"), make_album("Low Water")
    made = [make_track(f"Track {place}", album=album, root=root, track_position=place + 1) for place in range(8)]
    for place, one in enumerate(made):
        spread = {"bpm": 60 + 17 * place, "key": KEYS[place], "energy": place / 8, "valence": 1 - place / 9}
        analysed(one, channels=1 + place % 2, **spread)
    create_or_update(track_id=made[0].pk, values={"bpm": 120, "genre_main": LONG}, source="tags")
    correct_feature(track_id=made[0].pk, field="energy", value=0.5, user=owner)
    failed = make_track(LONG, root=root)
    AnalysisError.objects.create(track=failed, reason=HOSTILE + LONG, version=ANALYZER_VERSION)
    make_track("Unheard", root=root)
    now = timezone.now()
    begun = {"kind": "analysis.analyze", "subject": "part 1", "queue": "compute", "state": "running", "attempt": 1}
    figures = {"rate_per_s": 0.8, "left_s": 700}
    Job.objects.create(
        step="Listening", current=3, total=9, figures=figures, params={"what": "missing"}, started_at=now,
        heartbeat_at=now, **begun,
    )  # fmt: skip
    return made[0]


def addresses(track: Track) -> list[str]:
    others = Track.objects.exclude(album=track.album)
    pages = [f"/tracks/{one.pk}/" for one in (track, *others)]
    lists = ["/library/tracks/", "/library/tracks/?compatible=8A&energy=..0.5", f"/albums/{track.album_id}/"]
    return [*pages, *lists, "/library/sound/", "/settings/analysis/", "/settings/analysis/errors/", "/activity/"]


@pytest.mark.parametrize("look", LOOKS)
def test_pages_of_the_analysis_are_sound(open_page: OpenPage, owner: User, track: Track, look: str) -> None:
    page = open_page("/", user=owner, **LOOKS[look])
    for address in addresses(track):
        page.goto(address)
        look_at(page)


@pytest.mark.parametrize("look", ["dark", "phone"])
def test_what_opens_beside_a_value_is_sound_too(open_page: OpenPage, owner: User, track: Track, look: str) -> None:
    page = open_page(f"/tracks/{track.pk}/", user=owner, **LOOKS[look])
    for name in ("bpm", "key", "genre_main"):
        page.locator(f"#tune-{name}").click()
        look_at(page)
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)


def tile(page: Page, field: str) -> Any:
    return page.locator(f"#sound [data-field={field}]")


def test_a_value_is_put_right_undone_and_locked_in_place(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page(f"/tracks/{track.pk}/", user=owner)
    page.evaluate("document.querySelector('h1').dataset.mark = 'the same'")
    page.get_by_role("button", name="240 BPM, Twice as fast").click()
    expect(tile(page, "bpm").locator(".v")).to_have_text("240.0 BPM")
    expect(page.locator("#lock-bpm")).to_have_attribute("aria-pressed", "true")
    expect(tile(page, "bpm")).to_contain_text("tags: 120.0")
    expect(page.locator("#toasts")).to_contain_text("Tempo: 240.0\u00a0BPM. It stays so.")
    page.get_by_role("button", name="Undo").click()
    expect(tile(page, "bpm").locator(".v")).to_have_text("120.0 BPM")
    page.locator("#tune-key").click()
    tile(page, "key").get_by_role("combobox").select_option("8B")
    tile(page, "key").get_by_role("button", name="Save").click()
    expect(tile(page, "key").locator(".v")).to_have_text("C major")
    expect(page.locator(".wheel")).to_have_attribute(
        "aria-label", "Camelot wheel: this track is in 8B, C major; 9B, 7B, 8A go with it"
    )
    page.locator("#lock-valence").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lock-valence")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#lock-valence")).to_be_focused()
    assert page.locator("h1").get_attribute("data-mark") == "the same"
    assert apart(get_by_track_id, track_id=track.pk).locked_fields == ["energy", "key", "valence"]


def test_a_wrong_value_is_refused_in_words(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page(f"/tracks/{track.pk}/", user=owner)
    page.locator("#tune-bpm").click()
    page.evaluate("document.querySelector('#sound [data-field=bpm] input[name=value]').type = 'text'")
    tile(page, "bpm").get_by_role("textbox").fill("fast")
    tile(page, "bpm").get_by_role("button", name="Save").click()
    expect(page.locator(".toast.failed")).to_contain_text("This is no number.")
    expect(tile(page, "bpm").locator(".v")).to_have_text("120.0 BPM")


def test_without_scripts_forms_do_the_same(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page(f"/tracks/{track.pk}/", user=owner, java_script_enabled=False)
    page.locator("#lock-danceability").click()
    expect(page.locator(".messages")).to_contain_text("Danceability is locked")
    expect(page.locator("#lock-danceability")).to_have_attribute("aria-pressed", "true")
    page.locator(".messages").get_by_role("button", name="Undo").click()
    expect(page.locator("#lock-danceability")).to_have_attribute("aria-pressed", "false")
    page.goto("/settings/analysis/")
    page.get_by_label("Processes at once").fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".messages")).to_contain_text("Saved")
    expect(page.get_by_label("Processes at once")).to_have_value("2")


def test_a_plot_leads_to_its_tracks_and_a_filter_can_be_typed(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page("/library/tracks/", user=owner)
    page.get_by_role("link", name="How it sounds").click()
    page.get_by_role("link", name="8A, A minor: 2 tracks").click()
    expect(page.get_by_role("link", name="8A · A minor remove this filter")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.locator("summary", has_text="Tempo").click()
    page.get_by_role("textbox", name="Tempo").fill("100-130")
    page.get_by_role("textbox", name="Tempo").press("Enter")
    expect(page.get_by_role("link", name="100–130 BPM remove this filter")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_activity_pauses_and_resumes_in_place(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page("/activity/", user=owner)
    page.get_by_role("button", name="Pause Analysing how tracks sound").click()
    expect(page.get_by_role("button", name="Resume Analysing how tracks sound")).to_be_visible()
    expect(page.locator("#toasts")).to_contain_text("It pauses within seconds")
    page.get_by_role("button", name="Resume Analysing how tracks sound").click()
    expect(page.get_by_role("button", name="Pause Analysing how tracks sound")).to_be_visible()


def test_pages_are_light_and_nothing_moves_while_they_load(open_page: OpenPage, owner: User, track: Track) -> None:
    page = open_page("/settings/about/", user=owner)
    pages = (f"/tracks/{track.pk}/", f"/albums/{track.album_id}/", "/library/tracks/", "/library/sound/")
    # A track draws its waveform, its wheel, and what is near to it.
    weigh_pages(page, pages, most=95_000)
    for address in pages:
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert shifted(page) < 0.02, address
