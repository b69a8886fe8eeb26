"""The door in a browser: the first visit, coming back, leaving."""

from playwright.sync_api import expect

from core.models import User
from core.services.accounts import make_owner_link
from tests.browser.conftest import OpenPage

PASSWORD = "correct horse battery"


def test_the_first_visit_ends_at_home(open_page: OpenPage, transactional_db: None) -> None:
    page = open_page(f"/welcome/{make_owner_link()}/")
    page.get_by_label("Name").fill("ines")
    page.get_by_label("Password").fill("12345")
    page.get_by_role("button", name="Make it mine").click()
    expect(page.locator("#id_password_error")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make it mine").click()
    page.wait_for_url("**/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Quiet water")


def test_the_door_refuses_a_wrong_password_and_opens_to_the_right_one(open_page: OpenPage, owner: User) -> None:
    page = open_page("/activity/")
    page.get_by_label("Name").fill("owner")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_label("Name")).to_have_value("owner")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/activity/")
    page.goto("/settings/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login/")
    assert page.locator("#rail").count() == 0


def test_who_was_signed_out_elsewhere_comes_to_the_door_whole(open_page: OpenPage, owner: User) -> None:
    page = open_page("/settings/", user=owner)
    page.context.clear_cookies()
    page.locator("#rail").get_by_role("link", name="Activity").click()
    page.wait_for_url("**/login/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    assert page.locator("#rail").count() == 0
