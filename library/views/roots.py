"""Folders of music: which there are, how they are scanned, what could not be read, what is missing."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Conflict, InvalidInput, SoniqueBayError
from core.pagination import keyset_page
from core.templatetags.readings import number
from core.views.listener import identity_of_page, listener_of, owner_of
from library.forms import FolderForm
from library.jobs import SCAN
from library.models import LibraryRoot
from library.schemas.scan import ScanStart
from library.selectors.folders import folders
from library.selectors.roots import root_by_id
from library.selectors.scans import scan_errors
from library.services.roots import create_root, remove_root, update_root
from library.services.scans import start_scans

ERRORS_A_PAGE = 100
SWITCHES = {"watched", "enabled"}


@require_http_methods(["GET", "HEAD", "POST"])
def roots(request: HttpRequest) -> HttpResponse:
    """The folders; a new one is read at once."""
    if request.method != "POST":
        return _page(request, FolderForm(initial=_proposed()))
    owner = owner_of(request)
    form = FolderForm(request.POST)
    if form.is_valid() and (root := _made(form)):
        start_scans(asked=ScanStart(root_id=root.pk), requested_by=owner)
        messages.success(request, _("“%(name)s” is being read; you can listen meanwhile.") % {"name": root.name})
        return redirect("roots")
    return _page(request, form, status=422)


@require_POST
def change(request: HttpRequest, root_id: int) -> HttpResponse:
    """One of the switches of a folder."""
    owner_of(request)
    name, value = request.POST.get("switch", ""), request.POST.get("to") == "on"
    if name not in SWITCHES:
        raise InvalidInput(_("A folder of music has no such switch."), field="switch")
    return _done(request, lambda: update_root(root_id=root_id, **{name: value}), lambda _root: "")


@require_POST
def remove(request: HttpRequest, root_id: int) -> HttpResponse:
    owner_of(request)
    name = root_by_id(root_id).name

    def said(kept: int) -> str:
        words = ngettext(
            "“%(name)s” is forgotten; %(count)s track of it is kept, without its file.",
            "“%(name)s” is forgotten; %(count)s tracks of it are kept, without their files.",
            kept,
        )
        return words % {"name": name, "count": number(kept)}

    return _done(request, lambda: remove_root(root_id=root_id), said)


@require_POST
def scan(request: HttpRequest) -> HttpResponse:
    """Now: one folder, or all of them; with the answer to what the last scan asked."""
    identity_of_page(request).require(SCAN.scope)
    root_id = request.POST.get("root", "")
    asked = ScanStart(
        root_id=root_by_id(int(root_id)).pk if root_id.isascii() and root_id.isdigit() and len(root_id) < 19 else None,
        force="force" in request.POST,
        accept_missing="accept_missing" in request.POST,
    )
    return _done(
        request,
        lambda: start_scans(asked=asked, requested_by=listener_of(request)),
        lambda started: _("Reading has begun.") if started else _("There is no folder to be read."),
    )


@require_safe
def errors(request: HttpRequest) -> HttpResponse:
    """Every file that could not be read, and why."""
    root_id = request.GET.get("root", "")
    root = root_by_id(int(root_id)) if root_id.isascii() and root_id.isdigit() and len(root_id) < 19 else None
    cursor = request.GET.get("cursor")
    page = keyset_page(scan_errors(root), order=("-seen_at", "-id"), cursor=cursor, size=ERRORS_A_PAGE)
    return render(request, "library/scan_errors.html", {"page": page, "root": root, "is_first": not cursor})


def _page(request: HttpRequest, form: FolderForm, status: int = 200) -> HttpResponse:
    found = folders()
    context: dict[str, Any] = {
        "folders": found,
        "form": form,
        "may_change": identity_of_page(request).allows("admin"),
        "may_scan": identity_of_page(request).allows(SCAN.scope),
        "errors": sum(folder.root.errors for folder in found),
        "missing": sum(folder.root.missing for folder in found),
    }
    return render(request, "library/roots.html", context, status=status)


def _proposed() -> dict[str, str]:
    """The folder that bin/up was given, while it is none of ours."""
    place = str(settings.MUSIC_DIR or "")
    return {"path": place} if place and not LibraryRoot.objects.filter(path=place).exists() else {}


def _made(form: FolderForm) -> LibraryRoot | None:
    try:
        path, name = form.cleaned_data["path"], form.cleaned_data["name"] or None
        return create_root(path=path, name=name, must_be_there=True)
    except (InvalidInput, Conflict) as error:
        form.add_error("path", _said(error))
        return None


def _done(request: HttpRequest, do: Callable[[], Any], said: Callable[[Any], str]) -> HttpResponse:
    """Back to the page, with what happened or why it did not."""
    try:
        words = said(do())
    except SoniqueBayError as error:
        messages.error(request, _said(error))
    else:
        if words:
            messages.success(request, words)
    return redirect("roots")


def _said(error: SoniqueBayError) -> str:
    return " ".join(filter(None, (_(error.message), _(error.hint) if error.hint else "")))
