"""The OpenAPI document, taken at its word: what it describes is asked for, well and badly, and compared with it."""

import json
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from django.test.client import ClientHandler
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from core import queue
from core.models import Job, User
from core.services.jobs import claim_job, start_job
from core.services.tokens import create_token
from soniquebay.api import api as ninja_api

KIND = "library.demo_library"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 8
# The same examples on every machine and every day; a failure shows its case in the message.
STEADY = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described() -> list[str]:
    paths = ninja_api.get_openapi_schema()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


@pytest.fixture(autouse=True)
def _no_delivery(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(queue, "send", lambda job: True)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def job(db: None) -> UUID:
    job = start_job(kind=KIND)
    claim_job(job_id=job.pk, worker="somebody")
    return job.pk


# One for all: each would read every static file again.
HANDLER = ClientHandler(enforce_csrf_checks=True)


@cache
def understood(document: bytes) -> Any:
    """Once: the document is the same in every test, and long."""
    read = schemathesis.openapi.from_dict(json.loads(document))
    read.app = get_wsgi_application()
    return read


@pytest.fixture
def document(owner: User) -> Iterator[Any]:
    """As the application serves it to whoever is signed in."""
    client = Client()
    client.handler = HANDLER
    client.force_login(owner)
    read = understood(client.get("/api/openapi.json").content)
    # As Django's own client does: a request must not end the transaction in which the test lives.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield read
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_document_describes_every_operation_and_its_failures(document: Any) -> None:
    raw = document.raw_schema
    assert len(described()) >= 17
    for path, methods in raw["paths"].items():
        for method, operation in methods.items():
            codes = {int(code) for code in operation["responses"]}
            assert {401, 403, 404, 422, 503} <= codes, f"{method} {path}"
            assert operation.get("security"), f"{method} {path}"


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["well", "badly"])
@pytest.mark.parametrize("name", described())
def test_the_api_does_what_its_document_says(
    name: str, mode: GenerationMode, document: Any, job: UUID, owner: User
) -> None:
    secrets = [create_token(name="tester", scope=scope, user=owner)[1] for scope in ("admin", "worker")]
    method, path = name.split(" ")
    operation = document[path][method]

    @STEADY
    @given(case=operation.as_strategy(generation_mode=mode), secret=st.sampled_from(secrets), meets_a_job=st.booleans())
    def ask(case: Case[Any], secret: str, meets_a_job: bool) -> None:
        if meets_a_job and "job_id" in (case.path_parameters or {}):
            case.path_parameters["job_id"] = str(job)
        case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)

    with warnings.catch_warnings():
        # Werkzeug's and Hypothesis' own ways are none of ours.
        warnings.simplefilter("ignore")
        ask()
    assert Job.objects.filter(pk=job).exists()
