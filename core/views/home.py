"""Home: what to do first in an empty place, and one quiet line about what is being done."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from core.jobs import all_kinds
from core.models import Job
from core.selectors import active_jobs, jobs

DEMO = "library.demo_library"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    active = active_jobs()
    can_make_demo = any(kind.name == DEMO for kind in all_kinds())
    context = {
        "active": active,
        "can_make_demo": can_make_demo,
        "demo": next((job for job in active if job.kind == DEMO), None),
        "demo_made": can_make_demo and jobs(kind=DEMO, state=Job.State.DONE).exists(),
        "demo_kind": DEMO,
        "music_folder": settings.MUSIC_DIR,
    }
    return render(request, "core/home.html", context)


@require_safe
def now_line(request: HttpRequest) -> HttpResponse:
    """The quiet line alone, for the page that shows it."""
    if not request.headers.get("HX-Request"):
        return redirect("home")
    return render(request, "core/_now_line.html", {"active": active_jobs()})
