"""Activity: what runs, what waits, what could not be read, what was done and what comes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.errors import SoniqueBayError
from core.jobs import Queue, kind_named
from core.models import Job
from core.pagination import keyset_page
from core.schemas import ACTIVE_STATES
from core.selectors import active_jobs, job_by_id, job_errors, recent_job_errors, recent_jobs, workers_state
from core.services import jobs as services
from core.views.listener import identity_of_page, listener_of
from core.views.machine import memory
from core.views.schedule import planned

EARLIER = 12
UNREAD = 6
LATER = 6
ERRORS_A_PAGE = 100


@require_safe
def activity(request: HttpRequest) -> HttpResponse:
    return render(request, "core/activity.html", {**_board(request), "memory": memory()})


@require_safe
def job_board(request: HttpRequest) -> HttpResponse:
    """The lists alone, for the page that shows them."""
    if not request.headers.get("HX-Request"):
        return redirect("activity")
    return render(request, "core/_jobs.html", _board(request))


@require_safe
def memory_now(request: HttpRequest) -> HttpResponse:
    """A few words for the line at the head, which asks now and then."""
    return render(request, "core/_memory.html", {"memory": memory()}, content_type="text/plain")


@require_safe
def job_page(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """One job with its parameters, its figures and all that it could not do."""
    job = job_by_id(job_id)
    page = keyset_page(job_errors(job), order=("id",), cursor=request.GET.get("cursor"), size=ERRORS_A_PAGE)
    context = {
        "job": job,
        "page": page,
        "first": not request.GET.get("cursor"),
        "is_active": job.state in ACTIVE_STATES,
    }
    return render(request, "core/job.html", context)


@require_POST
def start(request: HttpRequest, kind: str) -> HttpResponse:
    """Starts a job now, one of the schedule or another that takes no parameters."""
    try:
        identity_of_page(request).require(kind_named(kind).scope)
        services.start_job(kind=kind, requested_by=listener_of(request))
    except SoniqueBayError as error:
        messages.error(request, _said(error))
    else:
        messages.success(request, _("Started: %(title)s") % {"title": kind_named(kind).title})
    return _back(request)


@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    try:
        job = services.cancel_job(job_id=job_id)
    except SoniqueBayError as error:
        messages.error(request, _said(error))
    else:
        stops = _("It stops at its next step, and keeps what it has done.")
        messages.success(request, _("Cancelled") if job.state == Job.State.CANCELLED else stops)
    return _back(request)


@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    try:
        identity_of_page(request).require(kind_named(job_by_id(job_id).kind).scope)
        services.retry_job(job_id=job_id, requested_by=listener_of(request))
    except SoniqueBayError as error:
        messages.error(request, _said(error))
    else:
        messages.success(request, _("It is tried again."))
    return _back(request)


def _board(request: HttpRequest) -> dict[str, Any]:
    active, earlier = active_jobs(), recent_jobs(EARLIER)
    for_workers = any(job.queue != Queue.CONTROL for job in active)
    today = timezone.localdate()
    return {
        "active": active,
        "workers": workers_state() if for_workers else "here",
        "unread": recent_job_errors(UNREAD),
        "earlier": earlier,
        "all_today": all(timezone.localdate(job.queued_at) == today for job in earlier),
        "later": planned(identity_of_page(request), LATER),
    }


def _said(error: SoniqueBayError) -> str:
    return f"{_(error.message)} {_(error.hint) if error.hint else ''}".strip()


def _back(request: HttpRequest) -> HttpResponse:
    """The lists for the page that shows them; a plain form goes back to where it stood."""
    if request.headers.get("HX-Target") == "jobs":
        return render(request, "core/_jobs.html", _board(request))
    wanted = request.POST.get("next", "")
    # A path of ours only: redirect() takes anything else for the name of a view.
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else "activity")
