"""Every address of the house, tried by strangers, by tokens of each scope, and by pages of other sites."""

import re
import socket
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from ninja.operation import Operation

from conftest import PASSWORD
from core.doors import Needs
from core.models import ApiToken, Job, User
from core.services.accounts import invite
from core.services.jobs import start_job
from core.services.tokens import create_token
from library.selectors.demo import demo_paths
from soniquebay.api import api as ninja_api
from tests.processes import Web

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "BREW"]
# Open to strangers on purpose: the way in, the way to the way in, and whether anybody is at home.
PUBLIC = {"login/", "welcome/<str:secret>/", "health", "admin/login/", "service-worker.js", "offline/"}
# Nothing is there, and saying so tells nobody anything.
EMPTY = {"api/"}
EXAMPLES = {
    "uuid": str(uuid.UUID(int=7)),
    "uuidstr": str(uuid.UUID(int=7)),
    "int": "7",
    "str": "x",
    "path": "x",
    "slug": "x",
    "": "x",
}
# What each scope opens, said here once more, so that a slip of the code does not become the test's own.
OPENS = {
    "worker": {"worker"},
    "read": {"read"},
    "write": {"read", "write"},
    "admin": {"read", "write", "admin"},
}


@dataclass(frozen=True)
class Route:
    pattern: str
    address: str


def routes_of(patterns: list[Any], prefix: str = "") -> Iterator[Route]:
    for entry in patterns:
        pattern = prefix + str(entry.pattern).removeprefix("^").removesuffix("$").removesuffix("\\Z")
        if isinstance(entry, URLResolver):
            yield from routes_of(entry.url_patterns, pattern)
        elif isinstance(entry, URLPattern):
            yield Route(pattern, "/" + example(pattern))


def example(pattern: str) -> str:
    without_groups = re.sub(r"\(\?P<\w+>[^)]*\)", "x", pattern)
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: EXAMPLES[found[1] or ""], without_groups)


ROUTES = list(routes_of(get_resolver().url_patterns))
CLOSED = [route for route in ROUTES if route.pattern not in PUBLIC | EMPTY]


def operations() -> list[tuple[str, str, Operation]]:
    """Every method and address of the REST API, with what ninja knows of it."""
    found = []
    for prefix, router in ninja_api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                address = "/api/" + example((prefix + path).lstrip("/").replace("{", "<").replace("}", ">"))
                found += [(method, address.replace("//", "/"), operation) for method in operation.methods]
    return found


OPERATIONS = operations()
TOKEN_DOORS = [*((method, address) for method, address, _ in OPERATIONS), ("GET", "/metrics")]
TOKEN_DOORS += [("GET", "/api/events"), ("GET", "/api/graphql"), ("POST", "/api/graphql")]


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# One for all: each would read every static file again.
HANDLER = ClientHandler(enforce_csrf_checks=True)


@pytest.fixture
def stranger(db: None) -> Client:
    """Does what browsers do about CSRF, and shows a 500 as one."""
    found = Client(raise_request_exception=False)
    found.handler = HANDLER
    return found


@pytest.fixture
def of_a_browser(stranger: Client, owner: User) -> Client:
    stranger.force_login(owner)
    return stranger


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def ask(client: Client, method: str, address: str, **more: Any) -> Any:
    return client.generic(method, address, content_type="application/json", **more)


def is_refusal(answer: Any) -> bool:
    if answer.status_code == 302:
        return bool(answer["Location"].startswith(("/login/?next=", "/admin/login/?next=")))
    return answer.status_code in {401, 403, 405}


# --- strangers --------------------------------------------------------------------------------------------------------


def test_the_walk_sees_every_part_of_the_house() -> None:
    patterns = {route.pattern for route in ROUTES}
    seen = {"", "activity/<uuid:job_id>/cancel/", "api/events", "api/graphql", "api/jobs", "api/docs", "metrics"}
    assert seen | {"api/openapi.json", "admin/core/user/add/"} <= patterns
    assert patterns >= PUBLIC | EMPTY, "an exception that is no address any more"
    assert len(OPERATIONS) >= 17


@pytest.mark.parametrize("method", METHODS)
def test_strangers_are_let_in_nowhere(method: str, stranger: Client) -> None:
    open_to_them = [route.address for route in CLOSED if not is_refusal(ask(stranger, method, route.address))]
    assert open_to_them == []
    for pattern in EMPTY:
        assert ask(stranger, method, f"/{pattern}").status_code in {403, 404, 405}


@pytest.mark.parametrize("method", METHODS)
def test_what_is_public_never_breaks(method: str, stranger: Client) -> None:
    for pattern in PUBLIC:
        assert ask(stranger, method, f"/{example(pattern)}").status_code < 500, pattern


def test_strangers_hear_how_the_house_is_but_not_of_what_it_is_made(stranger: Client, owner: User) -> None:
    told = stranger.get("/health").json()
    assert {part["version"] for part in told["parts"]} == {""}
    stranger.force_login(owner)
    known = stranger.get("/health").json()
    assert any("PostgreSQL" in part["version"] for part in known["parts"])


def test_a_program_without_a_page_is_told_where_to_sign_in(stranger: Client) -> None:
    answer = stranger.get("/activity/jobs/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login/?next=/activity/jobs/")


def test_a_header_does_not_move_the_house_past_its_door(web: Web) -> None:
    """Daphne believes anybody's Daphne-Root-Path; under /api, pages would ask nobody for a session."""
    job = start_job(kind="library.demo_library")
    for address in (f"/api/activity/{job.pk}/", "/api/activity/", "/api/settings/about/", "/activity/", "/api/jobs"):
        answer = httpx.get(web.url + address, headers={"Daphne-Root-Path": "/api"})
        assert answer.status_code in {302, 401, 404}, address
        assert "/api/login" not in answer.headers.get("location", "")


def test_a_mounting_that_a_server_reports_does_not_open_pages(stranger: Client) -> None:
    answer = stranger.get("/activity/", SCRIPT_NAME="/api", PATH_INFO="/activity/")
    assert is_refusal(answer) or answer["Location"].startswith("/api/login/")


def sent(web: Web, head: bytes, pieces: Iterable[bytes]) -> bytes:
    """The first line of the answer to a request that is written piece by piece, until somebody has had enough."""
    with socket.create_connection((web.host, web.port), timeout=20) as connection:
        connection.sendall(head + b"\r\nHost: x\r\n\r\n")
        with suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
        try:
            return connection.recv(4096).partition(b"\r\n")[0]
        except ConnectionError:
            return b"cut off"


def test_strangers_do_not_fill_the_disk(web: Web) -> None:
    put = b"PUT /api/demo-library/files/x HTTP/1.1\r\nConnection: close\r\n"
    mebibyte = b"x" * 2**20
    chunk = b"100000\r\n" + mebibyte + b"\r\n"
    assert b" 413 " in sent(web, put + b"Content-Length: 99999999999", [])
    assert sent(web, put + b"Transfer-Encoding: chunked", repeat(chunk, 40)) in {
        b"cut off",
        b"HTTP/1.1 413 Content Too Large",
    }
    assert b" 401 " in sent(web, put + b"Content-Length: 25165824", repeat(mebibyte, 24))
    assert b" 401 " in sent(web, put + b"Transfer-Encoding: chunked", [*repeat(chunk, 3), b"0\r\n\r\n"])
    assert web.answers()


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_every_operation_of_the_api_names_what_it_needs() -> None:
    for method, address, operation in OPERATIONS:
        assert [type(auth) for auth in operation.auth_callbacks] == [Needs], f"{method} {address}"


@pytest.mark.parametrize("kind", ["wrong", "revoked", "of a closed account", "of another kind", "empty", "no scheme"])
def test_a_token_that_is_not_valid_is_no_visitor(kind: str, stranger: Client, listener: User) -> None:
    row, secret = create_token(name="x", scope="read", user=listener)
    if kind == "revoked":
        ApiToken.objects.filter(pk=row.pk).update(revoked_at=timezone.now())
    if kind == "of a closed account":
        User.objects.filter(pk=listener.pk).update(is_active=False)
    other = {"wrong": f"Bearer {secret}x", "of another kind": "Basic eA==", "empty": "Bearer ", "no scheme": secret}
    headers = {"Authorization": other.get(kind, f"Bearer {secret}")}
    for method, address in TOKEN_DOORS:
        answer = ask(stranger, method, address, headers=headers)
        assert answer.status_code == 401, f"{method} {address}"
        assert answer["WWW-Authenticate"] == "Bearer"
        # What a head stands for has a body, and the head has none.
        assert method == "HEAD" or answer.json()["code"] == "not_authenticated"


def test_a_wrong_token_is_not_helped_by_a_session(of_a_browser: Client) -> None:
    assert of_a_browser.get("/api/jobs", headers=bearer("sbay_read_wrong")).status_code == 401


@pytest.mark.parametrize("scope", OPENS)
def test_a_scope_opens_exactly_what_its_routes_name(scope: str, stranger: Client, owner: User) -> None:
    for method, address, operation in OPERATIONS:
        _row, secret = create_token(name="x", scope=scope, user=owner)
        (door,) = operation.auth_callbacks
        needs = set(door.scopes) if isinstance(door, Needs) else set()
        answer = ask(stranger, method, address, data="{}", headers=bearer(secret))
        assert answer.status_code != 401
        assert (answer.status_code != 403) == bool(needs & OPENS[scope]), f"{method} {address}: {answer.content!r}"


@pytest.mark.parametrize("scope", OPENS)
def test_tokens_open_no_pages(scope: str, stranger: Client, owner: User) -> None:
    _row, secret = create_token(name="x", scope=scope, user=owner)
    # Players show covers, with their tokens.
    pages = [
        route for route in CLOSED if not route.pattern.startswith(("api/", "covers/")) and route.pattern != "metrics"
    ]
    for route in pages:
        assert is_refusal(stranger.get(route.address, headers=bearer(secret))), route.pattern


@pytest.mark.parametrize(("scope", "status"), [("worker", 403), ("read", 404), ("write", 404), ("admin", 404)])
def test_pictures_are_for_readers(scope: str, status: int, stranger: Client) -> None:
    _row, secret = create_token(name="x", scope=scope, user=None)
    for address in ("/covers/x/96.webp", "/covers/x/original"):
        assert stranger.get(address, headers=bearer(secret)).status_code == status


@pytest.mark.parametrize(("scope", "status"), [("worker", 403), ("read", 200), ("write", 200), ("admin", 200)])
def test_metrics_are_for_readers(scope: str, status: int, stranger: Client) -> None:
    _row, secret = create_token(name="x", scope=scope, user=None)
    assert stranger.get("/metrics", headers=bearer(secret)).status_code == status


# --- other sites ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", UNSAFE)
def test_a_session_changes_nothing_without_its_csrf_token(method: str, of_a_browser: Client) -> None:
    for route in [*CLOSED, Route("login/", "/login/")]:
        answer = ask(of_a_browser, method, route.address)
        # Where nothing but reading is done, there is nothing to forge.
        assert answer.status_code in {403, 405}, f"{method} {route.pattern}: {answer.status_code}"


def csrf_of(client: Client) -> str:
    client.get("/settings/")
    return client.cookies[settings.CSRF_COOKIE_NAME].value


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://testserver", "http://testserver:81"])
def test_a_csrf_token_is_worth_nothing_from_another_origin(origin: str, of_a_browser: Client) -> None:
    secret = csrf_of(of_a_browser)
    job = start_job(kind="library.demo_library")
    for address in (f"/api/jobs/{job.pk}/cancel", f"/activity/{job.pk}/cancel/", "/settings/theme/"):
        headers = {"X-CSRFToken": secret, "Origin": origin}
        assert of_a_browser.post(address, headers=headers).status_code == 403, address
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_with_its_token_a_session_may_speak_to_the_api(of_a_browser: Client) -> None:
    job = start_job(kind="library.demo_library")
    headers = {"X-CSRFToken": csrf_of(of_a_browser), "Origin": "http://testserver"}
    assert of_a_browser.post(f"/api/jobs/{job.pk}/cancel", headers=headers).status_code == 200


def test_other_origins_read_only_what_was_allowed_by_name(settings: Any, api: Any) -> None:
    asked = {"Origin": "https://player.example"}
    assert "Access-Control-Allow-Origin" not in api("read").get("/api/jobs", headers=asked)
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    allowed = api("read").get("/api/jobs", headers=asked)
    assert allowed["Access-Control-Allow-Origin"] == "https://player.example"
    assert "Access-Control-Allow-Credentials" not in allowed, "no site may use a visitor's session"
    assert "Access-Control-Allow-Origin" not in api("read").get("/api/jobs", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in Client().get("/login/", headers=asked)


def test_a_preflight_allows_a_bearer_token(settings: Any, stranger: Client) -> None:
    settings.CORS_ALLOWED_ORIGINS = ["https://player.example"]
    asked = {"Origin": "https://player.example", "Access-Control-Request-Method": "POST"}
    answer = stranger.options("/api/jobs", headers=asked)
    assert answer.status_code == 200
    assert "authorization" in answer["Access-Control-Allow-Headers"]


# --- cookies and headers ----------------------------------------------------------------------------------------------


def sign_in(client: Client, **more: Any) -> Any:
    return client.post("/login/", {"username": "owner", "password": PASSWORD, **more})


def test_the_cookie_of_a_session_is_out_of_the_reach_of_scripts_and_other_sites(client: Client, owner: User) -> None:
    cookie = sign_in(client).cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"], cookie["secure"]) == ("Lax", "/", "", "")


def test_over_https_cookies_travel_over_nothing_else(client: Client, owner: User, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    cookies = sign_in(client).cookies
    assert all(cookie["secure"] for cookie in cookies.values())


def test_signing_in_makes_a_new_session(client: Client, owner: User) -> None:
    client.get("/login/")
    client.session["planted"] = "by somebody else"
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before


def policy(header: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in header.split(";"))}


WHERE = {
    "a page": ("/", 200),
    "the admin": ("/admin/", 200),
    "the API's own page": ("/api/docs", 200),
    "an answer of the API": ("/api/jobs", 200),
    "nothing, as a page": ("/nothing", 404),
    "nothing, as JSON": ("/api/nothing", 404),
    "another method": ("/api/graphql/nothing", 404),
    "a wrong host": ("/", 422),
    "a file": ("js/app.js", 200),
    "the way in": ("/login/", 302),
}


@pytest.mark.parametrize("where", WHERE)
def test_every_answer_says_what_a_browser_may_do_with_it(where: str, of_a_browser: Client) -> None:
    address, status = WHERE[where]
    if where == "a file":
        address = staticfiles_storage.url(address)
    host = {"Host": "no such host"} if where == "a wrong host" else {}
    answer = of_a_browser.get(address, headers=host)
    answer.close()
    assert answer.status_code == status
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert policy(answer["Content-Security-Policy"]) == {name: list(values) for name, values in directives.items()}
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    if where != "a file":
        assert answer["X-Request-ID"]


def test_the_policy_lets_no_script_in_that_is_not_ours() -> None:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    assert directives["script-src"] == ["'self'"]
    unsafe = {name for name, values in directives.items() if any("unsafe" in value for value in values)}
    assert unsafe == {"style-src-attr"}


def test_the_page_of_the_api_needs_nothing_from_elsewhere(of_a_browser: Client) -> None:
    page = of_a_browser.get("/api/docs").content.decode()
    assert re.findall(r'(?:src|href)="(?!/)[^"]*"', page) == []
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", page) == []


def test_a_request_id_is_given_back_where_it_is_one(stranger: Client) -> None:
    answer = stranger.get("/api/jobs", headers={"X-Request-ID": "worker-1.a_B"})
    assert answer["X-Request-ID"] == answer.json()["request_id"] == "worker-1.a_B"
    for hostile in ("<script>", "a b", "a\nSet-Cookie: x=y", "x" * 65, "é", ""):
        assert re.fullmatch("[0-9a-f]{16}", stranger.get("/", headers={"X-Request-ID": hostile})["X-Request-ID"])


# --- tricks -----------------------------------------------------------------------------------------------------------


def test_a_method_is_what_it_is(stranger: Client, owner: User) -> None:
    row, _ = create_token(name="kept", scope="read", user=owner)
    _row, secret = create_token(name="x", scope="admin", user=owner)
    for header in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        answer = stranger.post(f"/api/tokens/{row.pk}", headers={header: "DELETE", **bearer(secret)})
        assert answer.status_code == 405
        assert answer["Allow"] == "DELETE"
    assert stranger.post(f"/api/tokens/{row.pk}?_method=DELETE", headers=bearer(secret)).status_code == 405
    row.refresh_from_db()
    assert row.revoked_at is None


def test_a_method_that_is_not_answered_is_said_as_everything_is(api: Any) -> None:
    said = api("read").put("/api/jobs").json()
    assert set(said) == {"code", "message", "hint", "field", "request_id"}
    assert said["code"] == "method_not_allowed"


OUTSIDE = ["../secrets/secret_key", "..%2fsecrets%2fsecret_key", "%2e%2e/secrets/secret_key", "/etc/passwd"]
OUTSIDE += [
    "....//secrets/secret_key",
    "..\\secrets\\secret_key",
    "%00",
    "x/../../secrets/secret_key",
    "%c0%ae%c0%ae/x",
]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_a_folder(path: str, stranger: Client, owner: User) -> None:
    _row, secret = create_token(name="x", scope="worker", user=owner)
    for method in ("GET", "PUT"):
        answer = ask(stranger, method, f"/api/demo-library/files/{path}", data="x", headers=bearer(secret))
        assert answer.status_code == 404
    for prefix in ("/static/", "/static//", "/static/js/"):
        assert ask(stranger, "GET", prefix + path).status_code in {302, 404, 422}
    assert not (Path(settings.DEMO_FOLDER).parent / "x").exists()


def test_where_files_lie_is_told_to_workers_alone(api: Any, tmp_path: Path, settings: Any) -> None:
    settings.DEMO_FOLDER = tmp_path
    place = tmp_path / sorted(demo_paths())[0]
    place.parent.mkdir(parents=True)
    place.write_bytes(b"x")
    assert [file["location"] for file in api("worker").get("/api/demo-library/files").json()] == [str(place)]
    assert [file["location"] for file in api("admin").get("/api/demo-library/files").json()] == [""]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "[::1]", "192.168.1.5:8337"])
def test_a_page_repeats_no_host_that_a_stranger_made_up(host: str, stranger: Client) -> None:
    for address in ("/login/", "/activity/", "/api", "/nothing", "/health"):
        answer = stranger.get(address, headers={"Host": host, "X-Forwarded-Host": "worse.example"})
        assert answer.status_code < 500
        assert host not in answer.get("Location", "")
        assert b"worse.example" not in answer.content
        assert b"evil.example" not in answer.content


@pytest.mark.parametrize(
    "host", ["", "a b", "<script>", "x" * 5000, "evil.example/..", "a@b", "%00", "é", "a:99999999"]
)
def test_a_host_that_is_none_is_refused(host: str, stranger: Client) -> None:
    for address in ("/login/", "/activity/", "/api/jobs", "/health"):
        assert stranger.get(address, headers={"Host": host}).status_code < 500


NEXT = ["//evil.example", "https://evil.example", "http:evil.example", "\\\\evil.example", "/\\evil.example"]
NEXT += ["javascript:alert(1)", "\t//evil.example", "///evil.example", "https:///evil.example"]


def test_the_document_of_the_api_is_for_programs_that_may_read(client: Client, api: Callable[[str], Client]) -> None:
    for known in (api("read"), api("write")):
        document = known.get("/api/openapi.json").json()
        assert "/api/jobs" in document["paths"]
    refused = client.get("/api/openapi.json")
    assert (refused.status_code, refused.json()["code"]) == (401, "not_authenticated")
    assert api("worker").get("/api/openapi.json").status_code == 403


@pytest.mark.parametrize("wanted", NEXT)
def test_signing_in_leads_nowhere_else(wanted: str, client: Client, owner: User) -> None:
    assert sign_in(client, next=wanted)["Location"] == "/"
    again = client.get("/login/", {"next": wanted})
    assert again["Location"] == "/"


def test_signing_in_leads_where_somebody_wanted_to_go(client: Client, owner: User) -> None:
    assert sign_in(client, next="/activity/")["Location"] == "/activity/"


def test_the_admin_has_no_door_of_its_own(stranger: Client, listener: User) -> None:
    answer = stranger.get("/admin/login/?next=/admin/core/user/")
    assert answer["Location"] == "/login/?next=/admin/core/user/"
    stranger.force_login(listener)
    assert stranger.get("/admin/", follow=True).status_code == 403


def test_the_secret_of_an_invitation_is_for_one_person(stranger: Client, owner: User) -> None:
    secret = invite(created_by=owner)
    page = stranger.get(f"/welcome/{secret}/")
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert secret not in page.content.decode()
