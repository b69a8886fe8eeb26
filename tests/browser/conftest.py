"""A real browser before the real application; whatever it complains about fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from core.models import User
from tests.processes import Web

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Answers that a test provokes are said in the console too, and are no fault of the page; nor is how a test listens.
EXPECTED = (
    *(f"the server responded with a status of {status}" for status in (401, 404, 422)),
    "ScriptProcessorNode is deprecated",
    "AudioContext was not allowed to start",
)

# Playwright's synchronous face runs a loop of its own; the tests beside it speak to the database all the same.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

# A page on a busy machine is slow, not wrong.
expect.set_options(timeout=20_000)

OpenPage = Callable[..., Page]
Answer = TypeVar("Answer")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


class Complaints(list[str]):
    """What the browser says: errors of scripts, refusals of the content security policy, pictures not found."""

    def hear(self, page: Page) -> None:
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.append(f"{page.url}: {error}"))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(known in message.text for known in EXPECTED):
            self.append(f"{message.location.get('url')}: {message.text}")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    heard = Complaints()
    yield heard
    assert not heard


@pytest.fixture
def open_page(chromium: Browser, web: Web, complaints: Complaints) -> Iterator[OpenPage]:
    """Opens a page of a fresh browser; options are those of Playwright's contexts."""
    contexts: list[BrowserContext] = []

    def open_(path: str = "/", *, user: User | None = None, **options: object) -> Page:
        defaults = {"base_url": web.url, "locale": "en", "viewport": {"width": 1440, "height": 900}}
        context = chromium.new_context(**{**defaults, **options})  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        if user is not None:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": web.url}])
        page = context.new_page()
        complaints.hear(page)
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()


def apart(call: Callable[..., Answer], **arguments: object) -> Answer:
    """Calls a service where no loop runs, as in production: Playwright's holds this thread, and events need one."""

    def run() -> Answer:
        try:
            return call(**arguments)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
