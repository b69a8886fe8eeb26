"""Logs: one line an event, with the ids it belongs to, whatever it holds, and without a secret."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.views.debug import get_exception_reporter_filter

from core.auth import authenticate_token
from core.logs import JsonLines, Lines, bind, bound, clear, get_logger, without_secrets
from core.models import User
from core.services.accounts import invite
from core.services.tokens import create_token

log = get_logger("soniquebay.test")
PASSWORD = "neap and spring tide"


@pytest.fixture(autouse=True)
def _no_context() -> Iterator[None]:
    clear()
    yield
    clear()


def written(formatter: logging.Formatter) -> Iterator[Callable[[], str]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream.getvalue
    root.removeHandler(handler)
    root.setLevel(before)


@pytest.fixture
def lines() -> Iterator[Callable[[], str]]:
    yield from written(Lines())


@pytest.fixture
def json_lines() -> Iterator[Callable[[], str]]:
    yield from written(JsonLines())


def test_a_line_holds_its_event_and_its_fields(lines: Callable[[], str]) -> None:
    log.info("job_ended", state="done", seconds=1.5)
    assert " info    job_ended state=done seconds=1.5 [soniquebay.test]\n" in lines()


def test_every_line_of_a_job_holds_its_id(lines: Callable[[], str]) -> None:
    with bound(job_id="7f"):
        log.info("first")
        with bound(step="b"):
            log.info("second")
    log.info("third")
    first, second, third = lines().splitlines()
    assert "job_id=7f" in first
    assert "step=b" in second
    assert "job_id=7f" in second
    assert "job_id" not in third


def test_every_line_of_a_request_holds_its_id(json_lines: Callable[[], str], client: Client, db: None) -> None:
    bind(request_id="of another")
    client.get("/api/jobs", headers={"X-Request-ID": "mine-1"})
    told = [json.loads(line) for line in json_lines().splitlines()]
    (request,) = [line for line in told if line["event"] == "request"]
    assert (request["request_id"], request["status"], request["path"]) == ("mine-1", 401, "/api/jobs")


@pytest.mark.parametrize(
    "value", ["a\nb", "a b", "", "\u202e", "\x1b[31m", "\x00", "é🐙", 'quo"te', "\u2028", "\x9b1m"]
)
def test_no_value_breaks_its_line_or_moves_a_terminal(value: str, lines: Callable[[], str]) -> None:
    log.info("named", name=value)
    said = lines()
    assert len(said.splitlines()) == 1
    assert said.rstrip("\n").isprintable()


def test_machines_read_every_line(json_lines: Callable[[], str]) -> None:
    log.warning("odd", name="a\nb", number=1, thing=object())
    (line,) = json_lines().splitlines()
    assert json.loads(line)["name"] == "a\nb"


def fail(secret: str) -> None:
    raise RuntimeError(f"cannot use {secret}")


@pytest.mark.parametrize("form", ["lines", "json_lines"])
def test_a_failure_comes_with_its_traceback_and_without_secrets(form: str, request: pytest.FixtureRequest) -> None:
    said: Callable[[], str] = request.getfixturevalue(form)
    try:
        fail("sbay_admin_AbC-123_x at /welcome/qWeRtY-9_/")
    except RuntimeError:
        log.exception("failed")
    assert "in fail" in said()
    assert "AbC-123" not in said()
    assert "qWeRtY" not in said()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("/welcome/AbC_1-2/", "/welcome/…/"),
        ("/welcome/AbC", "/welcome/…"),
        ("Bearer sbay_worker_AbC-_1", "Bearer sbay_worker_…"),
        ("/activity/", "/activity/"),
        ("sbay_read", "sbay_read"),
    ],
)
def test_what_is_secret_is_cut_out(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


@pytest.fixture
def people(settings: Any, db: None) -> User:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_superuser("owner", password=PASSWORD)


def test_no_secret_of_a_visit_is_logged(lines: Callable[[], str], people: User) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    link = invite(created_by=people)
    _row, token = create_token(name="x", scope="admin", user=people)
    for address in (f"/welcome/{link}/", f"/welcome/{link}", f"/welcome/{link}/more"):
        client.get(address)
        client.post(address, {"username": "anna", "password": PASSWORD})
    client.post("/login/", {"username": "owner", "password": PASSWORD})
    client.get(f"/api/jobs/{token}", headers={"Authorization": f"Bearer {token}"})
    client.get("/api/nothing", {"token": token}, headers={"Authorization": f"Basic {token}"})
    authenticate_token(token)
    said = lines()
    assert said.count(" request ") == 9
    for secret in (link, token, token.rpartition("_")[2], PASSWORD):
        assert secret not in said


def test_secrets_of_forms_are_not_shown_to_those_who_mend_errors(people: User, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def broken(request: Any, *_: object, **__: object) -> None:
        seen.append(get_exception_reporter_filter(request).get_post_parameters(request))
        raise RuntimeError

    monkeypatch.setattr("core.views.entrance.login", broken)
    Client(raise_request_exception=False).post("/login/", {"username": "owner", "password": PASSWORD})
    assert [dict(one.items())["password"] for one in seen] == ["********************"]
