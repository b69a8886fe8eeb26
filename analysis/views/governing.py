"""Settings → Analysis: what is left, how hard it may work, when it rests, and what could not be analysed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from analysis.forms import GovernorForm
from analysis.schemas.features import AnalyzeIn
from analysis.schemas.work import ANALYZE_KIND
from analysis.selectors.governor import governor_settings, why_paused
from analysis.selectors.statistics import get_analysis_statistics
from analysis.selectors.work import analysis_errors, analysis_jobs, error_out
from analysis.services.governing import change_governor, pause_analysis, resume_analysis
from analysis.services.starting import analyze_tracks, start_analysis
from core.errors import InvalidInput, SoniqueBayError
from core.models import Job
from core.pagination import keyset_page
from core.templatetags.readings import number
from core.views.listener import identity_of_page, listener_of, owner_of

ERRORS_SHOWN = 8
ERRORS_A_PAGE = 100
MOST_AGAIN = 1_000
WHATS = ("missing", "stale", "all")


@require_http_methods(["GET", "HEAD", "POST"])
def governing(request: HttpRequest) -> HttpResponse:
    """How things stand; the owner chooses how they go on."""
    if request.method != "POST":
        return _page(request, GovernorForm(initial=governor_settings().model_dump()))
    owner_of(request)
    form = GovernorForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    change_governor(**form.cleaned_data)
    messages.success(request, _("Saved; what runs keeps to it within seconds."))
    return redirect("analysis")


def _page(request: HttpRequest, form: GovernorForm, status: int = 200) -> HttpResponse:
    identity = identity_of_page(request)
    chosen = governor_settings()
    errors = list(analysis_errors()[: ERRORS_SHOWN + 1])
    context: dict[str, Any] = {
        "form": form,
        "statistics": get_analysis_statistics(),
        "governor": chosen,
        "pause": why_paused(chosen),
        "active": list(analysis_jobs(active=True)),
        "errors": [error_out(row) for row in errors[:ERRORS_SHOWN]],
        "has_more_errors": len(errors) > ERRORS_SHOWN,
        "may_change": identity.allows("admin"),
        "may_start": identity.allows("write"),
    }
    return render(request, "analysis/governing.html", context, status=status)


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    def act() -> str:
        pause_analysis()
        return _("It pauses within seconds; nothing is lost.")

    return _done(request, act)


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    def act() -> str:
        resume_analysis()
        return _("It goes on.")

    return _done(request, act)


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """What is missing, what is of an older analyser, or everything."""
    what = request.POST.get("what", "")
    if what not in WHATS:
        raise InvalidInput(_("Missing, stale or all can be analysed."), field="what")

    def act() -> str:
        asked = AnalyzeIn.model_validate({"what": what})
        started = start_analysis(what=asked.what, requested_by=listener_of(request))
        return _("The analysis has begun.") if started else _("There is nothing to be analysed.")

    return _done(request, act)


@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Files that could not be analysed are tried once more: one, or all."""
    one = request.POST.get("track", "")

    def act() -> str:
        known = analysis_errors().order_by("-at", "-pk").values_list("track", flat=True)
        if one.isascii() and one.isdigit() and len(one) < 19:
            known = known.filter(track=int(one))
        wanted = list(known[:MOST_AGAIN])
        if not wanted:
            return _("There is nothing to be tried again.")
        analyze_tracks(track_ids=wanted, requested_by=listener_of(request))
        words = ngettext("%(shown)s file is tried again.", "%(shown)s files are tried again.", len(wanted))
        return words % {"shown": number(len(wanted))}

    return _done(request, act)


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Every file that could not be analysed, and why."""
    cursor = request.GET.get("cursor")
    page = keyset_page(analysis_errors(), order=("-at", "-track_id"), cursor=cursor, size=ERRORS_A_PAGE)
    context = {
        "errors": [error_out(row) for row in page.items],
        "next_cursor": page.next_cursor,
        "is_first": not cursor,
        "may_start": identity_of_page(request).allows("write"),
    }
    return render(request, "analysis/errors.html", context)


def _done(request: HttpRequest, act: Callable[[], str]) -> HttpResponse:
    identity_of_page(request).require("write")
    try:
        words = act()
    except SoniqueBayError as error:
        messages.error(request, " ".join(filter(None, (_(error.message), _(error.hint) if error.hint else ""))))
    else:
        messages.success(request, words)
    if request.headers.get("HX-Target") == "jobs":
        # Activity's own lists, which say it as well.
        return redirect("job_board")
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return redirect(wanted if is_ours else "analysis")


def beside_job(request: HttpRequest, job: Job) -> Mapping[str, Any] | None:
    """Pause and resume, where Activity lists an analysis."""
    if job.kind != ANALYZE_KIND or not identity_of_page(request).allows("write"):
        return None
    return {"job": job, "is_paused": governor_settings().paused}
