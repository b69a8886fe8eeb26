"""REST of the governor: how hard the analysis may work, pause and resume, and what could not be analysed."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from analysis.schemas.governor import ErrorPage, GovernorIn, GovernorOut
from analysis.selectors.governor import governor_out
from analysis.selectors.work import analysis_errors, error_out
from analysis.services.governing import change_governor, pause_analysis, resume_analysis
from core.api import FAULTS, PageSize
from core.doors import Needs
from core.pagination import keyset_page

governing = Router(tags=["analysis"])


@governing.get("/governor", response={200: GovernorOut, **FAULTS}, auth=Needs("read"))
def get_governor(request: HttpRequest) -> Any:
    """What was chosen, and whether something is in the way just now."""
    return governor_out()


@governing.patch("/governor", response={200: GovernorOut, **FAULTS}, auth=Needs("admin"))
def patch_governor(request: HttpRequest, data: GovernorIn) -> Any:
    """What is sent is changed."""
    change_governor(**data.model_dump(exclude_unset=True))
    return governor_out()


@governing.post("/pause", response={200: GovernorOut, **FAULTS}, auth=Needs("write"))
def post_pause(request: HttpRequest) -> Any:
    """Running jobs stand still within seconds; nothing is lost."""
    pause_analysis()
    return governor_out()


@governing.post("/resume", response={200: GovernorOut, **FAULTS}, auth=Needs("write"))
def post_resume(request: HttpRequest) -> Any:
    resume_analysis()
    return governor_out()


@governing.get("/errors", response={200: ErrorPage, **FAULTS}, auth=Needs("read"))
def get_errors(request: HttpRequest, cursor: str | None = None, size: PageSize = 50) -> ErrorPage:
    """Files that could not be analysed, the last first; each is tried again when it changes."""
    page = keyset_page(analysis_errors(), order=("-at", "-track_id"), cursor=cursor, size=size)
    return ErrorPage(items=[error_out(row) for row in page.items], next_cursor=page.next_cursor)
