"""REST of the foundation: jobs, the workers' side of them, tokens."""

import json
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import BaseModel, Field

from core import selectors
from core.doors import Needs, identity_of_request
from core.errors import InvalidInput
from core.jobs import all_kinds, kind_named
from core.models import Job
from core.pagination import MOST, keyset_page
from core.schemas import (
    ClaimedJob,
    ErrorOut,
    JobClaim,
    JobErrorOut,
    JobFinish,
    JobOut,
    JobReport,
    JobStart,
    NewTokenOut,
    ReportAnswer,
    Scope,
    TokenCreate,
    TokenOut,
    WorkerHello,
)
from core.services import jobs as job_services
from core.services import tokens as token_services
from core.services.workers import note_worker

FAULTS = {401: ErrorOut, 403: ErrorOut, 404: ErrorOut, 409: ErrorOut, 422: ErrorOut, 503: ErrorOut}
JobsWanted = Literal["", "active", "finished", "queued", "running", "done", "failed", "cancelled"]
PageSize = Annotated[int, Field(ge=1, le=MOST)]

jobs = Router(tags=["jobs"])
workers = Router(tags=["workers"])
tokens = Router(tags=["tokens"])


class JobPage(BaseModel):
    items: list[JobOut]
    next_cursor: str | None


class JobErrorPage(BaseModel):
    items: list[JobErrorOut]
    next_cursor: str | None


class JobKindOut(BaseModel):
    name: str
    title: str
    queue: str
    scope: str


def _scope_of_kind(request: HttpRequest) -> str:
    """Of what somebody wants to start: nobody should make a token of one scope to be told then of another."""
    try:
        named = request.resolver_match and request.resolver_match.kwargs.get("name")
        return kind_named(named or json.loads(request.body)["kind"]).scope
    except (InvalidInput, ValueError, LookupError, TypeError):
        return Scope.WRITE


@jobs.get("", response={200: JobPage, **FAULTS}, auth=Needs("read"))
def list_jobs(
    request: HttpRequest,
    state: JobsWanted = "",
    kind: str = "",
    cursor: str | None = None,
    size: PageSize = 50,
) -> JobPage:
    """All jobs, the newest first."""
    found = selectors.jobs(state=state, kind=kind.replace("\x00", ""))
    page = keyset_page(found, order=("-queued_at", "-id"), cursor=cursor, size=size)
    return JobPage(items=[selectors.job_out(job) for job in page.items], next_cursor=page.next_cursor)


@jobs.get("/kinds", response={200: list[JobKindOut], **FAULTS}, auth=Needs("read"))
def list_kinds(request: HttpRequest) -> list[JobKindOut]:
    """What can be started."""
    return [JobKindOut(name=k.name, title=str(k.title), queue=k.queue, scope=k.scope) for k in all_kinds()]


@jobs.post("", response={202: JobOut, **FAULTS}, auth=Needs("write", named=_scope_of_kind))
def start_job(request: HttpRequest, data: JobStart) -> Status[JobOut]:
    """Queues a job."""
    return Status(202, selectors.job_out(_start(request, data.kind, dict(data.params))))


@jobs.post("/run/{name}", response={202: JobOut, **FAULTS}, auth=Needs("write", named=_scope_of_kind))
def run_job(request: HttpRequest, name: str) -> Status[JobOut]:
    """Runs a job of the schedule now."""
    return Status(202, selectors.job_out(_start(request, name, {})))


def _start(request: HttpRequest, kind: str, params: dict[str, object]) -> Job:
    identity = identity_of_request(request)
    identity.require(kind_named(kind).scope)
    return job_services.start_job(kind=kind, params=params, requested_by=identity.user)


@jobs.get("/{uuid:job_id}", response={200: JobOut, **FAULTS}, auth=Needs("read"))
def get_job(request: HttpRequest, job_id: UUID) -> JobOut:
    return selectors.job_out(selectors.job_by_id(job_id))


@jobs.get("/{uuid:job_id}/errors", response={200: JobErrorPage, **FAULTS}, auth=Needs("read"))
def list_job_errors(request: HttpRequest, job_id: UUID, cursor: str | None = None, size: PageSize = 50) -> JobErrorPage:
    """What a job could not do, and why."""
    found = selectors.job_errors(selectors.job_by_id(job_id))
    page = keyset_page(found, order=("id",), cursor=cursor, size=size)
    return JobErrorPage(items=[JobErrorOut.model_validate(row) for row in page.items], next_cursor=page.next_cursor)


@jobs.post("/{uuid:job_id}/cancel", response={200: JobOut, **FAULTS}, auth=Needs("write"))
def cancel_job(request: HttpRequest, job_id: UUID) -> JobOut:
    """A waiting job ends at once, a running one with its next report."""
    return selectors.job_out(job_services.cancel_job(job_id=job_id))


@jobs.post("/{uuid:job_id}/retry", response={202: JobOut, **FAULTS}, auth=Needs("write"))
def retry_job(request: HttpRequest, job_id: UUID) -> Status[JobOut]:
    """A new job with the parameters of one that has ended."""
    identity = identity_of_request(request)
    identity.require(kind_named(selectors.job_by_id(job_id).kind).scope)
    return Status(202, selectors.job_out(job_services.retry_job(job_id=job_id, requested_by=identity.user)))


@workers.post("/jobs/{uuid:job_id}/claim", response={200: ClaimedJob, **FAULTS}, auth=Needs("worker"))
def claim_job(request: HttpRequest, job_id: UUID, data: JobClaim) -> ClaimedJob:
    """A worker begins; whoever asks second gets 409."""
    return job_services.claim_job(job_id=job_id, worker=data.worker)


@workers.post("/jobs/{uuid:job_id}/report", response={200: ReportAnswer, **FAULTS}, auth=Needs("worker"))
def report_job(request: HttpRequest, job_id: UUID, data: JobReport) -> ReportAnswer:
    """Progress, errors of single items, and the heartbeat."""
    return ReportAnswer(cancel=job_services.report_job(job_id=job_id, report=data))


@workers.post("/jobs/{uuid:job_id}/finish", response={200: JobOut, **FAULTS}, auth=Needs("worker"))
def finish_job(request: HttpRequest, job_id: UUID, data: JobFinish) -> JobOut:
    """The end of an attempt: done, failed or cancelled."""
    return selectors.job_out(job_services.finish_job(job_id=job_id, finish=data))


@workers.post("/workers", response={204: None, **FAULTS}, auth=Needs("worker"))
def hello(request: HttpRequest, data: WorkerHello) -> Status[None]:
    """A worker says that it is there."""
    note_worker(data)
    return Status(204, None)


@tokens.get("", response={200: list[TokenOut], **FAULTS}, auth=Needs("read"))
def list_tokens(request: HttpRequest) -> list[TokenOut]:
    """Your tokens; their secrets are never shown again."""
    return [
        TokenOut.model_validate(row)
        for row in selectors.tokens_of(token_services.person_behind(identity_of_request(request)))
    ]


@tokens.post("", response={201: NewTokenOut, **FAULTS}, auth=Needs("write"))
def create_token(request: HttpRequest, data: TokenCreate) -> Status[NewTokenOut]:
    """Makes a token; the answer holds its secret, this once."""
    row, secret = token_services.create_token_for(identity_of_request(request), name=data.name, scope=data.scope)
    return Status(201, NewTokenOut.model_validate({**TokenOut.model_validate(row).model_dump(), "secret": secret}))


@tokens.delete("/{int:token_id}", response={204: None, **FAULTS}, auth=Needs("write"))
def revoke_token(request: HttpRequest, token_id: int) -> Status[None]:
    """Ends a token for ever."""
    token_services.revoke_token_for(identity_of_request(request), token_id=token_id)
    return Status(204, None)
