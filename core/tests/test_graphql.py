"""/api/graphql: who may ask what, how errors look, and that no document makes it work hard."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from graphql import get_introspection_query
from prometheus_client.registry import REGISTRY

from core import queue
from core.models import Job
from core.services.jobs import start_job

pytestmark = pytest.mark.django_db
KIND = "library.demo_library"
ENDPOINT = "/api/graphql"
MOST_ALIASES = 30


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)


Ask = Callable[..., Any]


@pytest.fixture
def ask(api: Callable[[str], Client]) -> Ask:
    """The answer's JSON to a document, asked with a token of a scope."""
    clients: dict[str, Client] = {}

    def send(query: str, scope: str = "write", **variables: object) -> Any:
        client = clients.setdefault(scope, api(scope))
        data = {"query": query, "variables": variables}
        answer = client.post(ENDPOINT, json.dumps(data), content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer.json()

    return send


def messages(answer: Any) -> str:
    return " ".join(error["message"] for error in answer.get("errors") or [])


# --- what it answers --------------------------------------------------------------------------------------------------


def test_names_are_written_as_the_documents_write_them(ask: Ask) -> None:
    start_job(kind=KIND)
    found = ask("{ jobs { items { error_count queued_at } next_cursor } }", "read")
    assert set(found["data"]["jobs"]["items"][0]) == {"error_count", "queued_at"}
    assert "errorCount" not in json.dumps(ask(get_introspection_query(), "read"))


def test_a_job_is_started_read_and_cancelled(ask: Ask) -> None:
    made = ask("mutation ($k: String!) { start_job(kind: $k) { id state title } }", k=KIND)["data"]["start_job"]
    assert made["state"] == "queued"
    read = ask("query ($id: UUID!) { job(id: $id) { title percent figures } }", "read", id=made["id"])
    assert read["data"]["job"]["title"] == made["title"]
    ended = ask("mutation ($id: UUID!) { cancel_job(id: $id) { state } }", id=made["id"])
    assert ended["data"]["cancel_job"]["state"] == "cancelled"
    again = ask("mutation ($id: UUID!) { retry_job(id: $id) { id state } }", id=made["id"])
    assert again["data"]["retry_job"]["id"] != made["id"]


def test_pages_follow_each_other(ask: Ask) -> None:
    Job.objects.bulk_create([Job(kind=KIND, subject=str(n), queue="compute") for n in range(3)])
    document = "query ($c: String) { jobs(size: 2, cursor: $c) { items { id } next_cursor } }"
    first = ask(document, "read")["data"]["jobs"]
    second = ask(document, "read", c=first["next_cursor"])["data"]["jobs"]
    assert len({job["id"] for job in first["items"] + second["items"]}) == 3
    assert second["next_cursor"] is None


def test_a_job_whose_kind_is_gone_keeps_its_bare_name(ask: Ask) -> None:
    Job.objects.create(kind="old.kind", queue="compute", state="done")
    assert ask("{ jobs { items { title } } }")["data"]["jobs"]["items"] == [{"title": "old.kind"}]


# --- who may ----------------------------------------------------------------------------------------------------------

MUTATION = f'mutation {{ start_job(kind: "{KIND}") {{ id }} }}'


def test_readers_change_nothing(ask: Ask) -> None:
    answer = ask(MUTATION, "read")
    assert answer["errors"][0]["extensions"]["code"] == "not_allowed"
    assert not Job.objects.exists()


def test_workers_do_not_read_jobs(ask: Ask) -> None:
    assert ask("{ jobs { items { id } } }", "worker")["errors"][0]["extensions"]["code"] == "not_allowed"


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", "{ __typename }", "{", ""])
def test_strangers_learn_nothing_of_the_schema(query: str, client: Client) -> None:
    answer = client.post(ENDPOINT, {"query": query}, content_type="application/json")
    assert answer.status_code == 401
    assert client.get(ENDPOINT, {"query": query}).status_code == 401


def test_tools_of_the_signed_in_may_read_the_schema(ask: Ask) -> None:
    assert ask(get_introspection_query(), "read")["data"]["__schema"]["types"]


@pytest.mark.parametrize("scope", ["write", "admin"])
def test_nothing_is_changed_by_a_get(scope: str, api: Callable[[str], Client]) -> None:
    client = api(scope)
    assert client.get(ENDPOINT, {"query": "{ __typename }"}).json() == {"data": {"__typename": "Query"}}
    refused = client.get(ENDPOINT, {"query": MUTATION})
    assert refused.status_code == 400
    assert refused.json()["code"] == "invalid_input"
    named = client.get(
        ENDPOINT,
        {"query": f"query a {{ __typename }} {MUTATION.replace('mutation', 'mutation b')}", "operationName": "b"},
    )
    assert named.status_code == 400
    assert not Job.objects.exists()


def test_a_page_of_another_site_changes_nothing_with_a_session(owner: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(owner)
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        assert client.post(ENDPOINT, json.dumps({"query": MUTATION}), content_type=kind).status_code == 403
    assert not Job.objects.exists()


# --- how errors look --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{ job(id: "00000000-0000-0000-0000-000000000000") { id } }', "not_found"),
        ('mutation { start_job(kind: "no.such") { id } }', "invalid_input"),
        ("{ jobs(size: 0) { items { id } } }", "invalid_input"),
        ("{ jobs(size: 201) { items { id } } }", "invalid_input"),
        ('{ jobs(cursor: "x") { items { id } } }', "invalid_input"),
    ],
)
def test_our_errors_keep_their_words_and_code(document: str, code: str, ask: Ask) -> None:
    (error,) = ask(document)["errors"]
    assert error["extensions"]["code"] == code
    assert error["message"]


def test_what_nobody_foresaw_is_noted_and_not_shown(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("core.selectors.jobs", broken)
    answer = ask("{ jobs { items { id } } }")
    assert answer["errors"][0]["extensions"]["code"] == "error"
    assert "the inside" not in json.dumps(answer)
    assert "graphql_failed" in caplog.messages


def test_without_the_database_the_answer_is_to_come_again(
    api: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**_: object) -> None:
        raise OperationalError("away")

    client = api("read")
    monkeypatch.setattr("core.selectors.jobs", away)
    answer = client.post(ENDPOINT, {"query": "{ jobs { items { id } } }"}, content_type="application/json")
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "5", "unavailable")


BODIES = {
    "nothing": (b"", "application/json"),
    "no JSON": (b"{", "application/json"),
    "not UTF-8": (b'{"query": "\xff"}', "application/json"),
    "a number": (b"1", "application/json"),
    "no query": (b"{}", "application/json"),
    "a query that is none": (b'{"query": 5}', "application/json"),
    "variables that are none": (b'{"query": "{ __typename }", "variables": 5}', "application/json"),
    "an operation that is none": (b'{"query": "{ __typename }", "operationName": 5}', "application/json"),
    "two queries at once": (b'[{"query": "{ __typename }"}, {"query": "{ __typename }"}]', "application/json"),
    "a deep body": (b"[" * 100_000, "application/json"),
    "a form": (b"query={__typename}", "application/x-www-form-urlencoded"),
    "an upload": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    "text": (b"{ __typename }", "text/plain"),
    "a binary": (b"\x00\x01", "application/octet-stream"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_request_is_refused_as_everything_is(name: str, api: Callable[[str], Client]) -> None:
    body, kind = BODIES[name]
    answer = api("read").post(ENDPOINT, body, content_type=kind)
    assert 400 <= answer.status_code < 500, answer.content
    assert set(answer.json()) == {"code", "message", "hint", "field", "request_id"}


# --- what it refuses to work for --------------------------------------------------------------------------------------


def aliases(count: int) -> str:
    return "{ " + " ".join(f"a{n}: __typename" for n in range(count)) + " }"


def test_aliases_are_bounded(ask: Ask) -> None:
    assert "errors" not in ask(aliases(MOST_ALIASES))
    assert "aliases" in messages(ask(aliases(MOST_ALIASES + 1)))


def test_aliases_in_fragments_count_as_often_as_they_are_used(ask: Ask) -> None:
    document = (
        "{ ...F jobs { ...G } } fragment F on Query { " + " ".join(f"a{n}: __typename" for n in range(16)) + " } "
    )
    document += "fragment G on JobConnection { " + " ".join(f"b{n}: __typename" for n in range(16)) + " }"
    assert "aliases" in messages(ask(document))


FIELDS = "id kind title subject state queue step current total percent figures error_count message attempt"


def test_a_page_costs_its_rows_times_its_fields(ask: Ask) -> None:
    assert "errors" not in ask(f"{{ jobs(size: 200) {{ items {{ {FIELDS} }} }} }}", "read")
    five = " ".join(f"a{n}: jobs(size: 200) {{ items {{ {FIELDS} }} }}" for n in range(5))
    assert "cost" in messages(ask(f"{{ {five} }}", "read"))


def test_a_page_whose_size_is_not_written_costs_its_usual_size(ask: Ask) -> None:
    ten = " ".join(f"a{n}: jobs {{ items {{ {FIELDS} }} }}" for n in range(10))
    assert "cost" in messages(ask(f"{{ {ten} }}", "read"))


def test_a_size_in_a_variable_costs_what_it_says(ask: Ask) -> None:
    five = " ".join(f"a{n}: jobs(size: $s) {{ items {{ {FIELDS} }} }}" for n in range(5))
    document = f"query ($s: Int!) {{ {five} }}"
    assert "cost" in messages(ask(document, "read", s=200))
    assert "errors" not in ask(document, "read", s=2)


def test_tokens_are_bounded(ask: Ask) -> None:
    assert "tokens" in messages(ask("{ " + "__typename " * 2000 + "}"))


def doubling(levels: int, inside: str) -> str:
    """A document whose fragments name the next one twice each: two to the power of so many fields."""
    fragments = [f"fragment F{n} on JobConnection {{ ...F{n + 1} ...F{n + 1} }}" for n in range(levels)]
    return "{ jobs { ...F0 } } " + " ".join(fragments) + f" fragment F{levels} on JobConnection {{ {inside} }}"


BOMBS = {
    "fragments that double": doubling(140, "next_cursor"),
    "fragments that double a cost": doubling(60, "items { id kind }"),
    "fragments in a ring": "{ jobs { ...A } } fragment A on JobConnection { ...B } "
    "fragment B on JobConnection { ...A }",
    "a fragment in itself": "{ jobs { ...A } } fragment A on JobConnection { ...A ...A }",
    "an unknown fragment": "{ jobs { ...Nobody } }",
    "a fragment of an unknown type": "{ ...A } fragment A on Nothing { id }",
    "one field a thousand times": "{ jobs { " + "next_cursor " * 90 + "} }",
    "one name two thousand times": "{ " + "__typename " * 1990 + "}",
    "one object a thousand times": "{ " + "jobs { next_cursor } " * 490 + "}",
    "fields that nearly conflict": "{ " + " ".join(f"jobs {{ items {{ id }} }} ...F{n}" for n in range(80)) + " } "
    + " ".join(f"fragment F{n} on Query {{ jobs {{ items {{ kind }} }} }}" for n in range(80)),
    "directives": "{ __typename " + "@skip(if: false) " * 600 + "}",
    "many operations": " ".join(f"query q{n} {{ __typename }}" for n in range(390)),
    "deep lists": '{ jobs(kind: ' + "[" * 900 + "]" * 900 + ") { next_cursor } }",
    "deep selections": "{ jobs " * 650 + "}" * 650,
    "deep inline fragments": "{ " + "... { " * 490 + "__typename" + " }" * 491,
    "a long string": '{ jobs(kind: "' + "x" * 200_000 + '") { next_cursor } }',
    "a huge number": "{ jobs(size: " + "9" * 20_000 + ") { next_cursor } }",
    "a huge fraction": "{ jobs(size: 1e999999) { next_cursor } }",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.timeout(60)
def test_a_bomb_is_answered(name: str, ask: Ask) -> None:
    """Each would take longer than the suite may, were it counted to its end."""
    ask(BOMBS[name], "read")


def test_refusals_are_timed_as_every_request(ask: Ask) -> None:
    ask("{")
    labels = {"method": "POST", "route": "api/graphql", "status": "200"}
    assert REGISTRY.get_sample_value("api_request_duration_seconds_count", labels)


HOSTILE = ["\x00", "\ud800", "\u202e", "<script>", "' OR 1=1 --", "x" * 100_000, "🐙"]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_in_variables_are_only_texts(text: str, ask: Ask) -> None:
    for document in (
        "query ($t: String!) { jobs(kind: $t) { items { id } } }",
        "query ($t: String!) { jobs(state: $t) { items { id } } }",
        "query ($t: String!) { jobs(cursor: $t) { items { id } } }",
        "mutation ($t: String!) { start_job(kind: $t) { id } }",
        'mutation ($t: JSON!) { start_job(kind: "library.demo_library", params: {t: $t}) { id } }',
    ):
        answer = ask(document, t=text)
        for error in answer.get("errors") or []:
            assert error.get("extensions", {}).get("code") != "error", (document, error)
    assert not Job.objects.exists()


@pytest.mark.parametrize("params", [[], "x", 5, {"a": 1}, {"\x00": 1}, {"a": "\ud800"}, [[]] * 50])
def test_parameters_that_a_kind_does_not_know_are_refused(params: object, ask: Ask) -> None:
    answer = ask(f'mutation ($p: JSON) {{ start_job(kind: "{KIND}", params: $p) {{ id }} }}', p=params)
    assert answer["errors"][0]["extensions"]["code"] == "invalid_input"
