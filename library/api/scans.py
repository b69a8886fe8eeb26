"""REST of scans: asking for them, and the workers' side of their conversation."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import ValidationError

from core.api import FAULTS, JobPage, PageSize
from core.doors import Needs, identity_of_request
from core.errors import InvalidInput
from core.pagination import keyset_page
from core.schemas import JobOut
from core.selectors import job_out
from library.schemas.scan import (
    BatchOut,
    FolderAnswer,
    FolderCheck,
    ScanErrorOut,
    ScanErrorPage,
    ScanPlan,
    ScanStart,
    Settled,
    SettleIn,
    TrackBatch,
)
from library.selectors import scans as selectors
from library.selectors.roots import root_by_id
from library.services.intake import take_batch
from library.services.scans import check_folders, start_scans
from library.services.settling import settle_scan

scans = Router(tags=["scans"])
batches = Router(tags=["scans"])
# Five hundred files with the words of their songs; what is longer comes in several batches.
LARGEST_BATCH = 24 * 1024 * 1024


@scans.get("", response={200: JobPage, **FAULTS}, auth=Needs("read"))
def list_scans(request: HttpRequest, cursor: str | None = None, size: PageSize = 50) -> JobPage:
    """All scans, the newest first."""
    page = keyset_page(selectors.scan_jobs(), order=("-queued_at", "-id"), cursor=cursor, size=size)
    return JobPage(items=[job_out(job) for job in page.items], next_cursor=page.next_cursor)


@scans.post("", response={202: list[JobOut], **FAULTS}, auth=Needs("write"))
def start_scan(request: HttpRequest, data: ScanStart) -> Status[list[JobOut]]:
    """Queues a scan of one folder of music, or of each."""
    started = start_scans(asked=data, requested_by=identity_of_request(request).user)
    return Status(202, [job_out(job) for job in started])


@scans.get("/errors", response={200: ScanErrorPage, **FAULTS}, auth=Needs("read"))
def list_errors(
    request: HttpRequest, root_id: int | None = None, cursor: str | None = None, size: PageSize = 50
) -> ScanErrorPage:
    """Files that cannot be read, and why; they are tried again when they change."""
    rows = selectors.scan_errors(root_by_id(root_id) if root_id is not None else None)
    page = keyset_page(rows, order=("-seen_at", "-id"), cursor=cursor, size=size)
    return ScanErrorPage(
        items=[ScanErrorOut.model_validate(error, from_attributes=True) for error in page.items],
        next_cursor=page.next_cursor,
    )


@scans.get("/{uuid:job_id}", response={200: ScanPlan, **FAULTS}, auth=Needs("worker"))
def get_plan(request: HttpRequest, job_id: UUID) -> ScanPlan:
    """What its worker must know before it begins."""
    return selectors.scan_plan(selectors.scan_job(job_id))


@scans.post("/{uuid:job_id}/folders", response={200: FolderAnswer, **FAULTS}, auth=Needs("worker"))
def check(request: HttpRequest, job_id: UUID, data: FolderCheck) -> FolderAnswer:
    """Which of these folders are not as they were, and what is known in them; folders not named are gone."""
    return check_folders(job_id=job_id, check=data)


@scans.post("/{uuid:job_id}/settle", response={200: Settled, **FAULTS}, auth=Needs("worker"))
def settle(request: HttpRequest, job_id: UUID, data: SettleIn) -> Settled:
    """After the walk: what was not found has moved, or is missing from now on."""
    return settle_scan(job_id=job_id, attempt=data.attempt)


@batches.post(
    "/batch",
    response={200: BatchOut, **FAULTS},
    auth=Needs("worker"),
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": TrackBatch.model_json_schema()}}, "required": True}
    },
)
def batch(request: HttpRequest) -> BatchOut:
    """What a worker has read; a row that cannot be used loses no other."""
    return take_batch(batch=_batch(request))


def _batch(request: HttpRequest) -> TrackBatch:
    """Read here and not by the framework: only workers come so far, and what they send may be longer than a form."""
    body = request.read(LARGEST_BATCH + 1)
    if len(body) > LARGEST_BATCH:
        raise InvalidInput(f"A batch has at most {LARGEST_BATCH:,} bytes.", hint="Send it in several.", field="body")
    try:
        try:
            return TrackBatch.model_validate_json(body)
        except ValidationError as error:
            if error.errors(include_url=False, include_input=False)[0]["type"] != "json_invalid":
                raise
            # Half a character in one row is no reason to refuse the others.
            return TrackBatch.model_validate(_parsed(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{place or 'body'}: {first['msg']}", field=place) from None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidInput("The body is no JSON.", field="body") from None
