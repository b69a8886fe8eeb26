"""GraphQL of the foundation: jobs as fields that soniquebay/graphql.py composes with those of the other apps."""

from datetime import datetime
from typing import cast
from uuid import UUID

import strawberry
from django.http import HttpRequest
from pydantic import ValidationError
from strawberry.scalars import JSON
from strawberry.types import Info

from core import selectors
from core.auth import Identity
from core.errors import InvalidInput
from core.jobs import kind_named
from core.pagination import keyset_page
from core.schemas import JobOut, JobStart
from core.services import jobs as job_services


def identity_in(info: Info) -> Identity:
    """Who is asking; the view has found out before anything ran."""
    request = cast(HttpRequest, info.context.request)
    return cast(Identity, request.auth)  # type: ignore[attr-defined]


@strawberry.type(name="Job")
class JobType:
    """A piece of work that takes time."""

    id: UUID
    kind: str
    title: str
    subject: str
    state: str
    queue: str
    step: str
    current: int
    total: int | None
    percent: int
    figures: JSON
    error_count: int
    message: str
    attempt: int
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @classmethod
    def of(cls, job: JobOut) -> "JobType":
        return cls(**job.model_dump(include=set(cls.__annotations__)))


@strawberry.type
class JobConnection:
    """A page of jobs, and where the next one begins."""

    items: list[JobType]
    next_cursor: str | None


@strawberry.type
class CoreQuery:
    @strawberry.field
    def jobs(
        self, info: Info, state: str = "", kind: str = "", cursor: str | None = None, size: int = 50
    ) -> JobConnection:
        """All jobs, the newest first."""
        identity_in(info).require("read")
        found = selectors.jobs(state=state.replace("\x00", ""), kind=kind.replace("\x00", ""))
        page = keyset_page(found, order=("-queued_at", "-id"), cursor=cursor, size=size)
        items = [JobType.of(selectors.job_out(job)) for job in page.items]
        return JobConnection(items=items, next_cursor=page.next_cursor)

    @strawberry.field
    def job(self, info: Info, id: UUID) -> JobType:
        identity_in(info).require("read")
        return JobType.of(selectors.job_out(selectors.job_by_id(id)))


def _understood(kind: str, params: object) -> JobStart:
    """By the same rules as the body of a POST to /api/jobs."""
    try:
        return JobStart.model_validate({"kind": kind, "params": {} if params is None else params})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise InvalidInput(wrong["msg"], field=".".join(str(part) for part in wrong["loc"])) from None


@strawberry.type
class CoreMutation:
    @strawberry.mutation
    def start_job(self, info: Info, kind: str, params: JSON | None = None) -> JobType:
        """Queues a job."""
        asked = _understood(kind, params)
        identity = identity_in(info)
        identity.require(kind_named(asked.kind).scope)
        job = job_services.start_job(kind=asked.kind, params=dict(asked.params), requested_by=identity.user)
        return JobType.of(selectors.job_out(job))

    @strawberry.mutation
    def cancel_job(self, info: Info, id: UUID) -> JobType:
        identity_in(info).require("write")
        return JobType.of(selectors.job_out(job_services.cancel_job(job_id=id)))

    @strawberry.mutation
    def retry_job(self, info: Info, id: UUID) -> JobType:
        identity = identity_in(info)
        identity.require(kind_named(selectors.job_by_id(id).kind).scope)
        job = job_services.retry_job(job_id=id, requested_by=identity.user)
        return JobType.of(selectors.job_out(job))
