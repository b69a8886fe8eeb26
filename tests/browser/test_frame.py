"""The frame in a browser: music would never stop, history works, the light is remembered, the keyboard is enough."""

from playwright.sync_api import Page, expect

from core.models import ApiToken, User
from core.services.tokens import create_token
from tests.browser.conftest import OpenPage


def go(page: Page, name: str) -> None:
    page.locator("#rail").get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#rail [aria-current=page]")).to_have_text(name)


def test_going_about_keeps_the_player_and_follows_everything_else(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner)
    page.evaluate("document.getElementById('player').dataset.mark = 'the same'")
    go(page, "Activity")
    assert page.url.endswith("/activity/")
    expect(page).to_have_title("Activity · SoniqueBay")
    expect(page.locator("#announcer")).to_have_text("Activity · SoniqueBay")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    go(page, "Settings")
    page.get_by_role("link", name="API tokens", exact=True).click()
    expect(page).to_have_title("API tokens · SoniqueBay")
    page.go_back()
    expect(page).to_have_title("Account · SoniqueBay")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("What is being done")
    expect(page.locator("#rail [aria-current=page]")).to_have_text("Activity")
    page.go_forward()
    expect(page.locator("#rail [aria-current=page]")).to_have_text("Settings")
    assert page.locator("#player").get_attribute("data-mark") == "the same"
    assert page.locator("main").count() == 1
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("owner")


def test_a_link_that_is_gone_before_its_page_comes_still_leads_there(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner)
    page.locator(".welcome a.btn[href='/activity/']").evaluate("link => { link.click(); link.remove(); }")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is being done")
    assert page.locator("main").count() == page.locator("#rail").count() == 1
    assert page.url.endswith("/activity/")


def test_a_page_that_is_not_there_appears_in_the_frame(open_page: OpenPage, owner: User) -> None:
    page = open_page("/activity/", user=owner)
    page.evaluate("main.insertAdjacentHTML('beforeend', '<a href=/nowhere/>Away</a>'); htmx.process(main)")
    page.get_by_role("link", name="Away").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing here but water")
    assert page.locator("#player").count() == 1


def test_a_form_in_a_page_answers_without_leaving_the_frame(open_page: OpenPage, owner: User) -> None:
    page = open_page("/settings/tokens/", user=owner)
    page.evaluate("document.getElementById('player').dataset.mark = 'the same'")
    page.get_by_label("What is it for?").fill("kitchen")
    page.get_by_role("button", name="Make the token").click()
    expect(page.locator("#secret")).to_be_visible()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator(".toast")).to_contain_text("Cop")
    secret = page.locator("#secret").input_value()
    go(page, "Home")
    page.go_back()
    assert secret not in page.content()
    assert page.locator("#player").get_attribute("data-mark") == "the same"
    assert secret not in str(page.evaluate("JSON.stringify(sessionStorage)"))


def test_the_light_is_remembered_by_the_account(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner, color_scheme="dark")
    with page.expect_response("**/settings/theme/"):
        page.get_by_role("button", name="Switch between dark and light").click()
    assert page.locator("html").get_attribute("data-theme") == "light"
    page.reload()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(246, 248, 250)"
    elsewhere = open_page("/", user=owner, color_scheme="dark")
    assert elsewhere.locator("html").get_attribute("data-theme") == "light"


def test_the_language_of_the_whole_frame_changes_at_once(open_page: OpenPage, owner: User) -> None:
    page = open_page("/settings/", user=owner)
    page.get_by_label("Français").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#rail [aria-current=page]")).to_have_text("Réglages")
    expect(page.locator(".toast")).to_contain_text("C’est noté.")
    assert page.locator("html").get_attribute("lang") == "fr"


def test_the_keyboard_reaches_everything(open_page: OpenPage, owner: User) -> None:
    page = open_page("/", user=owner)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is being done")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Nothing is queued")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    page.keyboard.press("?")
    page.get_by_label("Single letters are shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("heading", level=1)).to_have_text("What is being done")


def test_letters_typed_into_a_field_are_only_letters(open_page: OpenPage, owner: User) -> None:
    page = open_page("/settings/tokens/", user=owner)
    field = page.get_by_label("What is it for?")
    field.press_sequentially("gaq?")
    expect(field).to_have_value("gaq?")
    assert page.url.endswith("/settings/tokens/")
    expect(page.locator("#drawer")).to_be_hidden()


def test_a_slip_of_the_hand_is_undone_from_wherever_one_is(open_page: OpenPage, owner: User) -> None:
    row, _secret = create_token(name="worker", scope="worker", user=None)
    page = open_page("/settings/tokens/", user=owner)
    page.get_by_role("button", name="Revoke").click()
    expect(page.locator(".toast")).to_contain_text("workers that use it cannot come in")
    assert ApiToken.objects.filter(pk=row.pk, revoked_at=None).count() == 0
    go(page, "Home")
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast").last).to_contain_text("“worker” is valid again.")
    assert ApiToken.objects.filter(pk=row.pk, revoked_at=None).count() == 1
    expect(page).to_have_title("API tokens · SoniqueBay")
    assert page.url.endswith("/settings/tokens/")
    assert page.locator("main").count() == 1
