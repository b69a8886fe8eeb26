"""What nobody should send, sent everywhere: no 500, the error always in our shape, and stored texts stay texts."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.test.client import ClientHandler
from django.utils.html import escape

from core import queue
from core.models import Job, User
from core.services.accounts import invite
from core.services.jobs import claim_job, start_job
from core.services.tokens import create_token
from library.selectors.demo import demo_paths

KIND = "library.demo_library"
SHAPE = {"code", "message", "hint", "field", "request_id"}
SCRIPT = "<script>alert(1)</script>"
TEXTS = [
    "", SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7*7 }}{% now %}", "a\x00b", "\u202egnp.exe\u2066", "x" * 100_000,
    "\ud800", "🐙" * 500, "' OR 1=1; DROP TABLE users; --", "../../../etc/passwd", "\r\nX-Evil: 1\x1b[2J",
]  # fmt: skip
NUMBERS: list[Any] = [-1, 2**31, 2**63, 10**400, 1.5, 1e308, float("nan"), float("inf")]
SHAPES: list[Any] = [None, True, [], {}, [None], {"": ""}, {"a": {"b": ["c"] * 1000}}]
VALUES = [*TEXTS, *NUMBERS, *SHAPES]
HOSTILE = [json.dumps(value) for value in VALUES]

BODIES: dict[str, tuple[str, dict[str, Any]]] = {
    "/api/jobs": ("admin", {"kind": KIND, "params": {}}),
    "/api/tokens": ("admin", {"name": "x", "scope": "read"}),
    "/api/workers": ("worker", {"name": "w", "version": "1", "queues": ["files"], "memory_mb": 5}),
    "/api/jobs/{job}/claim": ("worker", {"worker": "w"}),
    "/api/jobs/{job}/report": (
        "worker",
        {
            "attempt": 1,
            "step": "s",
            "current": 1,
            "total": 2,
            "metrics": {"a": 1},
            "checkpoint": {},
            "errors": [{"item": "i", "reason": "r"}],
        },
    ),
    "/api/jobs/{job}/finish": (
        "worker",
        {"attempt": 1, "state": "failed", "message": "m", "metrics": {"a": 1}, "retry": True},
    ),
    "/api/artists": (
        "admin",
        {"name": "x", "sort_name": "x", "musicbrainz_artistid": None, "spotify_id": "x", "lastfm_url": "x"},
    ),
    "/api/artists/batch": ("admin", {"artists": [{"name": "x"}]}),
    "/api/albums": (
        "admin",
        {
            "title": "x",
            "artists": ["x"],
            "version": "x",
            "release_year": "1994",
            "year": 1994,
            "compilation": False,
            "support": "CD",
            "discogs_id": "7",
            "genres": ["x"],
        },
    ),
    "/api/albums/batch": ("admin", {"albums": [{"title": "x"}]}),
    "/api/tracks": (
        "admin",
        {
            "title": "x",
            "path": "/x.flac",
            "artists": ["x"],
            "album_id": None,
            "duration": 5,
            "track_number": "3/12",
            "year": "1994",
            "bitrate": 5,
            "bit_depth": 16,
            "file_mtime": 1.5,
            "file_size": 5,
            "genre": "x",
            "bpm": 120.5,
            "key": "A",
            "scale": "minor",
            "rating": 7,
        },
    ),
    "/api/tracks/many": ("admin", {"tracks": [{"title": "x"}]}),
    "/api/genres": ("admin", {"name": "x"}),
    "/api/genres/batch": ("admin", {"genres": [{"name": "x"}]}),
    "/api/v1/collection/albums": ("admin", {"title": "x", "artists": ["x"], "year": 1994, "support": "CD"}),
    "/api/graphql": ("admin", {"query": "{ __typename }", "variables": {}, "operationName": None}),
}
FIELDS = [(address, field) for address, (_, body) in BODIES.items() for field in body]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


# One for all: each would read every static file again.
HANDLER = ClientHandler(enforce_csrf_checks=False)


def new_client(**headers: str) -> Client:
    found = Client(headers=headers, raise_request_exception=False)
    found.handler = HANDLER
    return found


@pytest.fixture
def job(db: None) -> Job:
    found = start_job(kind=KIND)
    claim_job(job_id=found.pk, worker="w")
    return found


@pytest.fixture
def clients(owner: User) -> dict[str, Client]:
    def client(scope: str) -> Client:
        _row, secret = create_token(name="x", scope=scope, user=owner)
        return new_client(Authorization=f"Bearer {secret}")

    return {scope: client(scope) for scope in ("admin", "worker")}


@pytest.fixture
def visitor(owner: User) -> Client:
    found = new_client()
    found.force_login(owner)
    return found


@pytest.fixture
def stranger(db: None) -> Client:
    return new_client()


def check(answer: Any, what: object) -> None:
    assert answer.status_code < 500, f"{what!r}: {answer.content[:300]!r}"
    if answer.status_code >= 400 and answer.request["PATH_INFO"].startswith("/api/"):
        assert set(answer.json()) == SHAPE, what
        assert answer.json()["message"], what


def post(client: Client, address: str, body: bytes | str, kind: str = "application/json", **headers: str) -> Any:
    # Not client.post, which would make sense of the type before anybody is asked.
    return client.generic("POST", address, body, content_type=kind, headers=headers)


# --- JSON -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("address", "field"), FIELDS, ids=[f"{address} {field}" for address, field in FIELDS])
def test_no_field_of_a_body_breaks_its_door(address: str, field: str, job: Job, clients: dict[str, Client]) -> None:
    scope, body = BODIES[address]
    for value in VALUES:
        Job.objects.filter(pk=job.pk).update(state="running", attempt=1)
        sent = json.dumps({**body, field: value})
        check(post(clients[scope], address.format(job=job.pk), sent), value)


@pytest.mark.parametrize("address", BODIES)
def test_names_of_fields_are_no_way_in_either(address: str, job: Job, clients: dict[str, Client]) -> None:
    scope, body = BODIES[address]
    for text in TEXTS:
        check(post(clients[scope], address.format(job=job.pk), json.dumps({**body, text: 1})), text)


@pytest.mark.parametrize("field", ["metrics", "checkpoint"])
def test_free_maps_take_texts_and_refuse_what_cannot_be_kept(field: str, job: Job, clients: dict[str, Client]) -> None:
    for value in VALUES:
        for sent in ({"a": value}, {str(value)[:2000]: 1}, {"a": {"b": value}}):
            body = json.dumps({"attempt": 1, field: sent})
            answer = post(clients["worker"], f"/api/jobs/{job.pk}/report", body)
            check(answer, sent)
            if answer.status_code == 200:
                check(clients["admin"].get(f"/api/jobs/{job.pk}"), sent)


def raw_bodies() -> Iterator[tuple[str, bytes, str]]:
    ours = "application/json"
    yield "nothing", b"", ours
    yield "a deep list", b"[" * 200_000, ours
    yield "a deep map", b'{"kind":' * 50_000 + b"1" + b"}" * 50_000, ours
    yield "deep parameters", b'{"kind": "x", "params": {"a": ' + b"[" * 900 + b"]" * 900 + b"}}", ours
    yield "deeper parameters", b'{"kind": "x", "params": {"a": ' + b"[" * 20_000 + b"]" * 20_000 + b"}}", ours
    yield "not UTF-8", b'{"kind": "\xff\xfe", "name": "\xc3"}', ours
    yield "UTF-16", '{"kind": "x"}'.encode("utf-16"), ours
    yield "a byte order mark", b'\xef\xbb\xbf{"kind": "x"}', ours
    yield "a key twice", b'{"kind": "x", "kind": "y", "name": "a", "name": "b"}', ours
    yield "not a number", b'{"kind": NaN, "attempt": Infinity}', ours
    yield "a number without end", b'{"attempt": ' + b"9" * 5000 + b"}", ours
    yield "a fraction without end", b'{"attempt": 1e99999}', ours
    yield "a list", b"[1]", ours
    yield "a text", b'"x"', ours
    yield "nothing at all", b"null", ours
    yield "two values", b"{}{}", ours
    yield "a zipped bomb", gzip.compress(b"0" * 1_000_000), ours
    yield "NULs", b"\x00" * 1000, ours
    yield "XML", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>', "text/xml"
    yield "a form", b"kind=x&name=y", "application/x-www-form-urlencoded"
    yield (
        "an upload",
        b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nx\r\n--b--\r\n',
        "multipart/form-data; boundary=b",
    )
    yield "an upload without a boundary", b"x", "multipart/form-data"
    yield "a strange type", b"{}", "application/json; charset=nonsense"
    yield "no type", b"{}", ""


RAW = {name: (body, kind) for name, body, kind in raw_bodies()}


@pytest.mark.parametrize("name", RAW)
def test_no_body_breaks_a_door(name: str, job: Job, clients: dict[str, Client]) -> None:
    body, kind = RAW[name]
    for address, (scope, _) in BODIES.items():
        check(post(clients[scope], address.format(job=job.pk), body, kind), address)


def test_a_zipped_body_is_not_unpacked(clients: dict[str, Client]) -> None:
    answer = post(clients["admin"], "/api/jobs", gzip.compress(b"{}"), **{"Content-Encoding": "gzip"})
    assert answer.status_code == 422


def test_a_body_is_read_only_so_far(clients: dict[str, Client]) -> None:
    too_much = b" " * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    for address in ("/api/jobs", "/api/graphql"):
        answer = post(clients["admin"], address, too_much)
        check(answer, address)
        assert answer.status_code == 422
        assert "2,500,000 bytes" in answer.json()["hint"]


def test_only_the_door_for_files_takes_large_ones(clients: dict[str, Client], tmp_path: Any, settings: Any) -> None:
    settings.DEMO_FOLDER = tmp_path
    path = sorted(demo_paths())[0]
    address = f"/api/demo-library/files/{path}"
    sizes = {0: 422, 1: 200, 3_000_000: 200, 24 * 1024 * 1024: 200, 24 * 1024 * 1024 + 1: 422}
    for size, status in sizes.items():
        answer = clients["worker"].put(address, b"x" * size, content_type="application/octet-stream")
        assert answer.status_code == status, size
    assert (tmp_path / path).stat().st_size == 24 * 1024 * 1024
    assert [place.name for place in (tmp_path / path).parent.iterdir()] == [(tmp_path / path).name]


def test_files_in_forms_are_not_written_to_the_disk(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def written(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", written)
    kind = "multipart/form-data; boundary=b"
    head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    for size in (10, 3_000_000):
        check(post(visitor, "/settings/theme/", head + b"x" * size + b"\r\n--b--\r\n", kind), size)


# --- addresses and headers --------------------------------------------------------------------------------------------

QUERIES = {
    "/api/jobs": ["state", "kind", "cursor", "size", "nothing"],
    "/api/jobs/{job}/errors": ["cursor", "size"],
    "/api/artists": ["sort", "cursor", "size", "count", "genre", "letter", "role", "has_albums", "added_since"],
    "/api/albums": ["sort", "cursor", "genre", "artist", "decade", "year", "support", "format", "lossless", "letter"],
    "/api/tracks": ["sort", "cursor", "genre", "artist", "album", "root", "year", "format", "missing", "added_since"],
    "/api/genres": ["sort", "cursor", "letter", "nothing"],
    "/api/library/tree": ["letter", "cursor", "size"],
    "/api/v1/collection/albums": ["page", "page_size", "search", "support", "year", "is_soundtrack"],
    "/api/v1/collection/tracks": ["page", "search", "artist", "album"],
    "/api/graphql": ["query", "variables", "operationName", "extensions"],
    "/api/events": ["channel", "lastEventId"],
    "/health": ["x"],
}


@pytest.mark.parametrize("address", QUERIES)
def test_no_query_breaks_a_door(address: str, job: Job, clients: dict[str, Client]) -> None:
    for name in QUERIES[address]:
        # Without an id a stream would begin.
        for value in [*TEXTS[address == "/api/events" :], *HOSTILE, "1e9", "-1", "0x10", "١"]:
            clean = value.encode(errors="replace")[:60_000]
            check(clients["admin"].get(address.format(job=job.pk), {name: clean}), (name, value))


PAGES = ["/", "/activity/", "/activity/{job}/", "/settings/", "/settings/tokens/", "/login/", "/admin/core/job/", "/x"]


@pytest.mark.parametrize("address", PAGES)
def test_no_query_breaks_a_page(address: str, job: Job, visitor: Client) -> None:
    for value in TEXTS:
        clean = value.encode(errors="replace")[:60_000]
        for names in (["next", "cursor"], ["q", "p", "o", "e"], ["state__exact", "queued_at__year"]):
            answer = visitor.get(address.format(job=job.pk), dict.fromkeys(names, clean))
            check(answer, (names, value))
            assert SCRIPT.encode() not in answer.content


def test_no_address_breaks_the_house(visitor: Client, clients: dict[str, Client]) -> None:
    for text in TEXTS:
        clean = text.encode(errors="replace").decode()[:5000]
        for prefix in (
            "/",
            "/api/",
            "/api/jobs/",
            "/api/jobs/run/",
            "/api/demo-library/files/",
            "/welcome/",
            "/admin/",
        ):
            check(visitor.get(prefix + clean), prefix + clean)
            check(clients["admin"].post(prefix + clean), prefix + clean)


# Those of one group are sent together: one of them does not hide what another does.
HEADERS = {
    "of browsers": ["Accept", "Accept-Encoding", "Accept-Language", "Range", "Referer", "User-Agent"],
    "of caches": ["If-Modified-Since", "If-None-Match", "Last-Event-ID"],
    "of proxies": ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-ID"],
    "of htmx": ["HX-Current-URL", "HX-Request", "HX-Target", "X-CSRFToken"],
    "of origin": ["Origin"],
    "of length": ["Content-Length"],
    "of cookies": ["Cookie"],
    "of tokens": ["Authorization"],
}


@pytest.mark.parametrize("group", HEADERS)
def test_no_header_breaks_the_house(group: str, job: Job, visitor: Client, clients: dict[str, Client]) -> None:
    for text in TEXTS:
        # As a server hands them on: bytes of Latin-1 in one line.
        value = text.encode(errors="replace").decode("latin-1").replace("\n", "").replace("\r", "")[:4300]
        headers = dict.fromkeys(HEADERS[group], value)
        for address in ("/", "/login/", "/health"):
            answer = visitor.get(address, headers=headers)
            check(answer, value)
            assert SCRIPT.encode() not in answer.content
        check(clients["admin"].get("/api/jobs", headers=headers), value)


COOKIES = ["soniquebay_session", "soniquebay_csrf", "soniquebay_language", "messages"]


@pytest.mark.parametrize("cookie", COOKIES)
def test_no_cookie_breaks_a_page(cookie: str, stranger: Client) -> None:
    for text in TEXTS:
        value = text.encode(errors="replace").decode("latin-1")[:4000]
        for address in ("/login/", "/api/jobs"):
            check(stranger.get(address, headers={"Cookie": f"{cookie}={value}"}), value)


# --- forms ------------------------------------------------------------------------------------------------------------

FORMS = {
    "/login/": {"username": "x", "password": "x", "next": ""},
    "/settings/": {"language": "en", "theme": "dark"},
    "/settings/theme/": {"theme": "dark"},
    "/settings/password/": {"old_password": "x", "new_password": "y"},
    "/settings/tokens/": {"name": "x", "scope": "read"},
}


@pytest.mark.parametrize("address", FORMS)
def test_no_field_of_a_form_breaks_its_page(
    address: str, job: Job, visitor: Client, stranger: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.services.accounts.MOST_GUESSES_OF_AN_ADDRESS", 10_000)
    client = stranger if address == "/login/" else visitor
    for field in FORMS[address]:
        for text in TEXTS:
            clean = text.encode(errors="replace").decode()
            answer = client.post(address.format(job=job.pk), {**FORMS[address], field: clean})
            check(answer, (field, text))
            assert SCRIPT.encode() not in answer.content
            assert answer.get("Location", "/").startswith("/")


@pytest.mark.parametrize("field", ["username", "password"])
def test_no_field_of_the_first_visit_breaks_it(field: str, owner: User, stranger: Client) -> None:
    for text in TEXTS:
        clean = text.encode(errors="replace").decode()
        data = {"username": "somebody", "password": "neap and spring", field: clean}
        answer = stranger.post(f"/welcome/{invite(created_by=owner)}/", data)
        check(answer, text)
        assert SCRIPT.encode() not in answer.content
        stranger.logout()
        User.objects.exclude(pk=owner.pk).delete()


def test_a_form_with_thousands_of_fields_is_not_read(stranger: Client) -> None:
    answer = stranger.post("/login/", {f"f{number}": "x" for number in range(1001)})
    assert answer.status_code == 422


# --- what is kept comes back as text ----------------------------------------------------------------------------------

KEPT = [SCRIPT, '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "\u202egnp.exe", "'; DROP TABLE jobs; --", "&lt;b&gt;"]


@pytest.mark.parametrize("text", KEPT)
def test_what_a_worker_said_comes_back_as_text(
    text: str, job: Job, visitor: Client, clients: dict[str, Client]
) -> None:
    worker = clients["worker"]
    reported = {"attempt": 1, "step": text, "metrics": {text: text}, "errors": [{"item": text, "reason": text}]}
    assert post(worker, f"/api/jobs/{job.pk}/report", json.dumps(reported)).status_code == 200
    assert post(worker, "/api/workers", json.dumps({"name": text, "queues": [text]})).status_code == 204
    pages = ["/", "/activity/", f"/activity/{job.pk}/", "/settings/about/", f"/admin/core/job/{job.pk}/change/"]
    shown = {address: visitor.get(address).content.decode() for address in pages}
    finished = {"attempt": 1, "state": "failed", "message": text, "metrics": {"rate_per_s": text}}
    assert post(worker, f"/api/jobs/{job.pk}/finish", json.dumps(finished)).status_code == 200
    shown |= {f"{address} later": visitor.get(address).content.decode() for address in pages}
    for address, page in shown.items():
        assert SCRIPT not in page, address
        assert "<img src=x" not in page, address
    assert escape(text) in shown[f"/activity/{job.pk}/"]
    assert clients["admin"].get(f"/api/jobs/{job.pk}").json()["message"] == text
    assert clients["admin"].get(f"/api/jobs/{job.pk}/errors").json()["items"][0]["item"] == text


@pytest.mark.parametrize("text", KEPT)
def test_what_the_library_is_told_comes_back_as_text(text: str, clients: dict[str, Client]) -> None:
    made = post(clients["admin"], "/api/tracks", json.dumps({"title": text, "artists": [text], "genres": [text]}))
    assert made.status_code == 201
    told = clients["admin"].get(f"/api/tracks/{made.json()['id']}").json()
    assert (told["title"], told["artist_credit"], told["genres"]) == (text, text, [text])


@pytest.mark.parametrize("text", KEPT)
def test_the_name_of_a_token_comes_back_as_text(text: str, visitor: Client, clients: dict[str, Client]) -> None:
    made = post(clients["admin"], "/api/tokens", json.dumps({"name": text, "scope": "read"}))
    assert made.status_code == 201
    for address in ("/settings/tokens/", "/admin/core/apitoken/"):
        page = visitor.get(address).content.decode()
        assert SCRIPT not in page
        assert "<img src=x" not in page
    assert text in {token["name"] for token in clients["admin"].get("/api/tokens").json()}
